"""A witness: what it knows of logs, and whether it signs what they say next."""
