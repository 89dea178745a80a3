"""Secrets of channels and pagers: by the name of a variable, or by their place in a vault."""

from agents.adapters.secrets.names import Secrets, secret_of

__all__ = ["Secrets", "secret_of"]
