"""The `kalkan` command, one file per verb."""
