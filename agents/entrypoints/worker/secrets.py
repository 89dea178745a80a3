"""Secrets that the registers name: whether the environment of this process has them."""

from collections.abc import Iterator

from agents.entrypoints.cli.options import secret
from streams.words.register.entries import Register


def unset(register: Register, *, mode: str) -> Iterator[str]:
    """A sentence for each channel and pager of this mode whose secret is not in the environment."""
    channels = [(f"channel {one.id}", one.credential) for one in register.channels.values()]
    pagers = [(f"pager {one.id}", one.credential) for one in register.pagers.values()]
    for what, credential in (*channels, *pagers):
        if credential and credential.mode == mode and secret(credential.secret) is None:
            yield f"the secret {credential.called} of {what} is not set: set it where the worker runs"
