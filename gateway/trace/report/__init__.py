"""The monthly report for oversight: plots, a page for the browser, and the same on paper."""
