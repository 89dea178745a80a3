"""Bluesky: each message as posts of the trust's account, one for each language, over the AT Protocol."""

from agents.adapters.channels.bluesky.channel import BlueskyChannel

__all__ = ["BlueskyChannel"]
