"""Quix Streams at the same work, in an environment of its own: it does not install beside our pydantic."""
