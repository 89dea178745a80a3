"""Secrets that the registers name: whether this process has them, in its environment or from a vault."""

from collections.abc import Iterator, Sequence

from agents.entrypoints.cli.options import secret
from agents.ports import NotSent
from streams.words.register.accounts import Credential
from streams.words.register.entries import Register


def unset(register: Register, *, mode: str) -> Sequence[str]:
    """A sentence for each channel and pager of this mode whose secret this process does not find."""
    return [*_unset(register, mode)]


def _unset(register: Register, mode: str) -> Iterator[str]:
    channels = [(f"channel {one.id}", one.credential) for one in register.channels.values()]
    pagers = [(f"pager {one.id}", one.credential) for one in register.pagers.values()]
    for what, credential in (*channels, *pagers):
        if credential and credential.mode == mode and (fault := _fault(credential)):
            yield f"the secret {credential.called} of {what} {fault}"


def _fault(credential: Credential) -> str | None:
    try:
        found = secret(credential.secret)
    except NotSent as error:
        return f"is not there: {error}"
    return None if found is not None else "is not set: set it where the worker runs"
