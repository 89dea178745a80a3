"""Secrets by name: looked up when they are needed."""

from collections.abc import Callable

from agents.ports import NotSent
from streams.words.register.accounts import Credential

Secrets = Callable[[str], str | None]
"""Answers with a secret by its name; None if it has none."""


def secret_of(credential: Credential | None, secrets: Secrets) -> str:
    """The secret that a credential names; `NotSent` if it is not set."""
    name, called = (credential.secret, credential.called) if credential else ("", "(none)")
    found = secrets(name)
    if not found:
        raise NotSent(f"the secret {called} is not set: set it for this worker")
    return found
