"""Text messages and e-mail through GOV.UK Notify as channels."""

from agents.adapters.channels.notify.channel import NotifyChannel

__all__ = ["NotifyChannel"]
