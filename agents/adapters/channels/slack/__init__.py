"""Slack: each message as one post in a channel of the trust's workspace."""

from agents.adapters.channels.slack.channel import SlackChannel

__all__ = ["SlackChannel"]
