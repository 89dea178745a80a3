"""Mastodon: each message as one post of the trust's account, on any server that speaks Mastodon's interface."""

from agents.adapters.channels.mastodon.channel import MastodonChannel

__all__ = ["MastodonChannel"]
