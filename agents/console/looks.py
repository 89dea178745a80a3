"""Looks: what pages show of the world around the log, which the program that starts the console gives them."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from agents.runtime.cluster.doctor import Finding
from streams.projections.drill_scores import JUDGED_WRONG, DrillScore
from streams.words.register.entries import Register, StillPicture
from streams.words.release import Message

Table = Sequence[tuple[str, Sequence[str]]]
"""Lines under headings."""


async def _none(now: datetime) -> Sequence[Finding]:
    del now
    return []


@dataclass(slots=True)
class DrillRun:
    """A scripted exercise that a person started here: what came so far, and the report once it is over.

    `lines` are moments of the played clock with what happened, `judged` what was expected and whether it came.
    """

    scenario: str
    by: str
    begun: datetime
    lines: list[tuple[datetime, str]] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)
    is_over: bool = False
    has_passed: bool = False
    trouble: str = ""
    report: bytes | None = None

    @property
    def amiss(self) -> Sequence[str]:
        """Of what was expected, what did not come."""
        return [line for line in self.judged if line.startswith(JUDGED_WRONG)]


class Drills(Protocol):
    """Plays scripted exercises, one at a time, each in a mode of its own that reaches no channel; keeps the last."""

    latest: DrillRun | None

    async def begin(self, scenario: str, *, by: str, now: datetime) -> bool:
        """Start this one; False if another one is being played."""
        ...


@dataclass(frozen=True, slots=True)
class PractisedPost:
    """A message that a practice shows on one channel, since when, and when it was taken back or mended."""

    message: Message
    at: datetime
    withdrawn_at: datetime | None
    corrected_at: datetime | None


class Practice(Protocol):
    """What a practice shows in place of each channel that it plays; live has none."""

    def channels(self) -> Collection[str]:
        """The channels on which something was practised."""
        ...

    def posts(self, channel: str) -> Sequence[PractisedPost] | None:
        """The last posts on one of these, the newest first; None if they cannot be read."""
        ...


class NoPractice:
    """No channel is played by a page."""

    def channels(self) -> Collection[str]:
        return ()

    def posts(self, channel: str) -> Sequence[PractisedPost] | None:
        del channel
        return None


@dataclass(frozen=True, slots=True)
class Looks:
    """How to look: at the whole decision table of a register, at its gaps in the next weeks, at the log and its worker.

    `scenarios` are those that a drill can play, each with its title.
    `pack` says what is wrong with the last offline pack.
    `drills` plays them; in live there is none, and its first page leads to `drills_at`, if that is known.
    `scores` are those of the drills that were played.
    `practice` has the pages that a drill shows in place of channels.
    `picture` answers with the content of a picture, exactly as it was approved; None if it is not there any more.
    """

    decisions: Callable[[Register, datetime], Table] = lambda _, __: ()
    gaps: Callable[[Register, datetime], Sequence[str]] = lambda _, __: ()
    service: Callable[[datetime], Awaitable[Sequence[Finding]]] = _none
    scenarios: Mapping[str, str] = field(default_factory=dict)
    pack: Callable[[Register, datetime], str | None] = lambda _, __: None
    drills: Drills | None = None
    drills_at: str = ""
    scores: Callable[[], Sequence[DrillScore]] = lambda: ()
    practice: Practice = field(default_factory=NoPractice)
    picture: Callable[[StillPicture], bytes | None] = lambda _: None
