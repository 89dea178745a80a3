"""Scores of drills: what each scripted exercise came to, in figures. They are in no record of live or of a drill."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from pydantic import Field

from streams.values import Frozen, Utc, Word

JUDGED_WRONG = "NOT as expected"
"""How a drill begins its line about something that was expected and did not come."""


class DrillScore(Frozen):
    """What one exercise came to; `played_at` is when it was over, by the clock on the wall.

    `held` of its `expected` claims held. `first_word_seconds` is from the first report, or without one from the
    declaration, to the first word of ours that was public, in played time; None: none was. `in_time` of its `cases`
    were answered in time.
    """

    version: int = 1
    title: Word
    played_at: Utc
    passed: bool
    expected: int = Field(ge=0)
    held: int = Field(ge=0)
    first_word_seconds: int | None = None
    cases: int = Field(default=0, ge=0)
    in_time: int = Field(default=0, ge=0)


class DrillTrend(Frozen):
    """A drill of the month, and the one of the same title before it; None: there was none."""

    score: DrillScore
    before: DrillScore | None = None


def trends(scores: Sequence[DrillScore], *, since: datetime, until: datetime) -> Iterator[DrillTrend]:
    """The drills that were played from `since` up to, not including, `until`, in their order."""
    last: dict[str, DrillScore] = {}
    for one in sorted(scores, key=lambda one: one.played_at):
        if since <= one.played_at < until:
            yield DrillTrend(score=one, before=last.get(one.title))
        last[one.title] = one
