"""Releases: what a message needs to go out, and what becomes of each delivery."""
