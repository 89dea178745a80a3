"""E-mail: each message as one letter through a mail server, to newsrooms, partners or a list."""

from agents.adapters.channels.email.channel import EmailChannel

__all__ = ["EmailChannel"]
