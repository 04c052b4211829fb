"""Banks in OpenSearch: searched by queries whose shapes are known, read by reference and page."""
