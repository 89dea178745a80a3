"""Facebook: each message as one post of the trust's page."""

from agents.adapters.channels.facebook.channel import FacebookChannel

__all__ = ["FacebookChannel"]
