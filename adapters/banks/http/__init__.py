"""Banks that are JSON services: searched by declared parameters, read by reference and page."""
