"""Teams: each message as one card in a channel of the trust, through a workflow."""

from agents.adapters.channels.teams.channel import TeamsChannel

__all__ = ["TeamsChannel"]
