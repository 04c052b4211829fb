"""The synthetic banks of the members, each in its own words and structure."""
