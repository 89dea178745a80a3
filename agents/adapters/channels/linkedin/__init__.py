"""LinkedIn: each message as one post of the trust's page."""

from agents.adapters.channels.linkedin.channel import LinkedInChannel

__all__ = ["LinkedInChannel"]
