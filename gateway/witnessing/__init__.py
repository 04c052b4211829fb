"""Witnesses at work: nodes that cosign, and logs that collect their signatures."""
