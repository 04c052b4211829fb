"""The server in the middle: asks every node that may answer, merges, and states the coverage."""
