"""The Mastodon API: an account of a partner on any server that speaks it, streamed or asked."""

from agents.adapters.feeds.mastodon.feed import MASTODON

__all__ = ["MASTODON"]
