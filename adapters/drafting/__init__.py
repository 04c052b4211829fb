"""Look at an unknown database or folder of files and draft a mapping, guesses marked as such."""
