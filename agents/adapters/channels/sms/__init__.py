"""Text messages through GOV.UK Notify as a channel."""

from agents.adapters.channels.sms.channel import SmsChannel

__all__ = ["SmsChannel"]
