"""The server in a country: searches its owner's banks, scores, releases what the owner allows."""
