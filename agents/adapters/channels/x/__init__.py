"""X: each message as one post of the trust's account."""

from agents.adapters.channels.x.channel import XChannel

__all__ = ["XChannel"]
