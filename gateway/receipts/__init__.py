"""Receipts as files: what is in them, and what they prove to somebody with the public keys."""
