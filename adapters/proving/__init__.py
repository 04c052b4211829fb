"""Hold a mapping against its live bank, and say what is wrong without showing anybody's data."""
