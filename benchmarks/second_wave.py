"""A second crisis in the shadow of a first, which a person found not ours: how soon it pages, and how often the first.

`python -m benchmarks.second_wave`: the folder of crises is in `HOLDINGLINE_CRISES`, see `benchmarks.seen_early`. Each
crisis in turn is taken for a false alarm: a person answers each page about it with "not ours" after five minutes. Half
an hour after the first page another crisis begins. Posts are read, measured and forgotten: only figures are printed.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from statistics import mean

import typer

from agents.adapters.registers.folder import data_folder
from agents.adapters.registers.wording import read_wording
from benchmarks.seen_early import (
    A_DAY,
    DAY,
    OURS,
    SIZES,
    START,
    THIRD,
    WITHIN,
    Crisis,
    Post,
    crises,
    invented,
)
from streams.decisions.desk.judge import judge
from streams.decisions.listening.keep import WATCH, DayKeys, keep
from streams.decisions.listening.surge import WATCH_RULE, Counts, Listening
from streams.decisions.listening.vocabulary import Vocabulary, vocabulary
from streams.decisions.listening.watch.kinds import kinds_of
from streams.decisions.listening.watch.notes import note_of
from streams.subjects.listening.watch import the_watch
from streams.values import LIVE
from streams.words.listening.watch import NotOurs, WatchNoted
from streams.words.orders import CommandBody, Giver
from streams.words.posts import Mention
from tests import builders

ANSWERED_AFTER, SECOND_AFTER, LOOKED_AT = timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=4)
BEGINS = START + 5 * DAY + 11 * 3600
NOT_OURS = NotOurs(reason="It is said of another place.")


class OnCall:
    """A person who answers each page with "not ours" after a while, and when they were paged, in seconds."""

    def __init__(self) -> None:
        self.paged: list[float] = []
        self._watch, self._register, self._answers = the_watch(LIVE), builders.register(), float("inf")

    def hear(self, body: CommandBody, at: float) -> None:
        """The desk judges this at that moment."""
        self.pass_time(at)
        noted, before = self._judged(body, at, by=Giver.MENTIONS), self._answers
        if any(isinstance(one, WatchNoted) and one.waits for one in noted) and before == float("inf"):
            self.paged.append(at)
            self._answers = at + ANSWERED_AFTER.total_seconds()

    def pass_time(self, at: float) -> None:
        """Answer if it is time."""
        if at >= self._answers:
            self._judged(NOT_OURS, self._answers, by=builders.COMMANDER)
            self._answers = float("inf")

    def _judged(self, body: CommandBody, at: float, *, by: str) -> Sequence[object]:
        moment = datetime.fromtimestamp(at, UTC)
        order = builders.order(
            body, self._watch, by, now=moment, id=f"cmd-{self._watch.sequence}", register=self._register
        )
        facts, self._watch = judge(order, run="run-1", register_version="v1")  # type: ignore[assignment]
        return [one.body for one in facts]


def pages(posts: Sequence[Post], known: Vocabulary, kinds: Mapping[str, str]) -> list[float]:
    """When a person is paged while these posts come."""
    listening, person = Listening(Counts(), WATCH_RULE, kinds=kinds), OnCall()
    for at, author, text in posts:
        moment = datetime.fromtimestamp(at, UTC)
        mention = Mention.model_construct(id="m", mode="live", author_id=author, at=moment, text=f"{OURS} {text}")
        for voice in keep([mention], known, keys=DayKeys(b"measured"), now=moment)[WATCH].voices:
            if found := listening.hear(voice):
                person.hear(note_of(found), at)
    return person.paged


def _laid(crisis: Crisis, name: str, *, size: int, turn: int, at: float) -> list[Post]:
    drawn = crisis.drawn(size, turn)
    return [(at + after, f"{name}-{number}", text) for number, (after, text) in enumerate(drawn)]


def alone(crisis: Crisis, background: Sequence[Post], known: Vocabulary, *, size: int, kinds: Mapping[str, str]) -> int:
    """How often a person is paged for one crisis in its first four hours, each page answered with "not ours"."""
    posts = sorted([*background, *_laid(crisis, "first", size=size, turn=0, at=BEGINS)])
    last = BEGINS + LOOKED_AT.total_seconds()
    return sum(BEGINS <= at < last for at in pages([one for one in posts if one[0] < last], known, kinds))


def seen(
    two: tuple[Crisis, Crisis], background: Sequence[Post], known: Vocabulary, *, size: int, kinds: Mapping[str, str]
) -> bool | None:
    """Whether the second pages within five minutes of its third post; None if the first paged nobody."""
    first = sorted([*background, *_laid(two[0], "first", size=size, turn=0, at=BEGINS)])
    last = BEGINS + LOOKED_AT.total_seconds()
    before = [at for at in pages([one for one in first if one[0] < last], known, kinds) if at >= BEGINS]
    if not before:
        return None
    second = _laid(two[1], "second", size=size, turn=1, at=before[0] + SECOND_AFTER.total_seconds())
    if len(second) < THIRD:
        return None
    begun, third = second[0][0], second[THIRD - 1][0]
    both = sorted([*first, *second])
    ends = third + WITHIN.total_seconds()
    return any(begun <= at for at in pages([one for one in both if one[0] <= ends], known, kinds))


def main() -> None:
    """Print the table."""
    folder = os.environ.get("HOLDINGLINE_CRISES")
    if not folder:
        typer.echo("HOLDINGLINE_CRISES names no folder of past crises: none was replayed.")
        return
    words = read_wording(data_folder()).words
    known = vocabulary([(WATCH, (OURS,))], hazards=words.hazard_words)
    background = invented(A_DAY[2], days=6, seed=1, hazards=words.hazard_words)
    found = list(crises(Path(folder)))
    typer.echo("| posts | kinds | pages in 4 hours, mean (most) | second seen in 5 minutes |\n|---|---|---|---|")
    for size in SIZES:
        for name, kinds in (("none", {}), ("as listed", kinds_of(words))):
            counts = [alone(one, background, known, size=size, kinds=kinds) for one in found]
            pairs = (seen(two, background, known, size=size, kinds=kinds) for two in permutations(found, 2))
            shares = [one for one in pairs if one is not None]
            share = f"{100 * mean(shares):.0f} % of {len(shares)}" if shares else "-"
            typer.echo(f"| {size}x | {name} | {mean(counts):.1f} ({max(counts)}) | {share} |")


if __name__ == "__main__":
    typer.run(main)
