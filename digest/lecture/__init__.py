"""Compose an Issue from the chosen stories: everything a lecturer adds to a list of abstracts."""
