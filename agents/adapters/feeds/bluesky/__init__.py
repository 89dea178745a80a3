"""Bluesky: an account of a partner, streamed from Jetstream, else asked of the server that it lives on."""

from agents.adapters.feeds.bluesky.feed import BLUESKY

__all__ = ["BLUESKY"]
