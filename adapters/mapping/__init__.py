"""The mapping language: read, check, translate, and turn rows into records."""
