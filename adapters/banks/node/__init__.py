"""Another node as a bank."""
