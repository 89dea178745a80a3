"""Channels: what each kind of channel takes, how it counts, and how it gets known what became of a request."""
