"""Banks that are directories: an entry is a record, its attributes are the columns."""
