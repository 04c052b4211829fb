"""Check a log without its writer: another reader of each file, another way to each hash.

Nothing here imports what writes, hashes or lays out a log for the writer; `pyproject.toml` holds
that. The forms of notes and checkpoints are shared, because they hash nothing. The writer itself
asks this room before it signs.
"""
