"""The live pagers, built from the register: the one place that knows them."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from agents.adapters.clocks import SystemClock
from agents.adapters.memory.pager import MemoryPager
from agents.adapters.pagers import ChatPager, LetterPager, NotifyPager
from agents.entrypoints.cli.options import Misused, secret
from agents.ports import Pager
from streams.values import LIVE, is_drill
from streams.words.register.entries import PagerEntry, Register


class Build(Protocol):
    """Sets a pager up for a mode; `ValueError` if its entry is wrong."""

    def __call__(self, entry: PagerEntry, mode: str) -> Pager:
        """The pager."""


def pagers_of(register: Register, *, mode: str) -> Mapping[str, Pager]:
    """A pager for each kind of contact that the register has one for; `Misused` names the first that cannot be.

    In a drill a pager whose secret belongs to another mode reaches nobody: what it would send is kept in memory.
    """
    return {entry.via: _built(entry, mode) for entry in register.pagers.values()}


def _built(entry: PagerEntry, mode: str) -> Pager:
    if entry.credential and entry.credential.mode != mode:
        if is_drill(mode):
            return MemoryPager(mode)
        raise Misused(f"pager {entry.id} holds a credential of mode {entry.credential.mode}, this is mode {mode}")
    if entry.kind not in KINDS:
        raise Misused(f"pager {entry.id} is of kind {entry.kind}: there are {', '.join(KINDS)}")
    try:
        return KINDS[entry.kind](entry, mode)
    except ValueError as error:
        raise Misused(f"pager {entry.id} cannot be set up: {error}") from None


def _letters(entry: PagerEntry, mode: str) -> Pager:
    return LetterPager(entry, mode, secrets=secret)


def _notify(entry: PagerEntry, mode: str) -> Pager:
    return NotifyPager(entry, mode, secrets=secret, clock=SystemClock())


def _chat(entry: PagerEntry, mode: str) -> Pager:
    return ChatPager(entry, mode, secrets=secret)


KINDS: Mapping[str, Build] = {"chat": _chat, "email": _letters, "notify": _notify}
SETTINGS: Mapping[str, Callable[[PagerEntry], object]] = {
    **{kind: partial(build, mode=LIVE) for kind, build in KINDS.items()},
    "email": lambda entry: LetterPager(entry, LIVE, secrets=secret).open_files(),
}
"""How each kind reads its options and the files that they name, the same in every mode: `ValueError` if wrong."""
