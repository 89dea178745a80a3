"""Secrets of channels: looked up by name when they are needed."""

from collections.abc import Callable

from agents.ports import NotSent
from streams.words.register.entries import ChannelEntry

Secrets = Callable[[str], str | None]
"""Answers with a secret by its name; None if it has none."""


def secret_of(entry: ChannelEntry, secrets: Secrets) -> str:
    """The secret that the entry's credential names; `NotSent` if it is not set."""
    name, called = (entry.credential.secret, entry.credential.called) if entry.credential else ("", "(none)")
    found = secrets(name)
    if not found:
        raise NotSent(f"the secret {called} is not set: set it for this worker")
    return found
