"""The state of the watch: what is heard of the trust, who settled it and how, and what was settled before."""

import operator
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from streams.subjects.declared import Declared
from streams.subjects.state import KEPT, State
from streams.values import Frozen, Identifier, Sentence, Subject, SubjectKind, Utc, Word
from streams.words.facts import Fact
from streams.words.influence.entries import InfluenceCategory
from streams.words.listening.influence import OF_US_LASTS, ListedNoted
from streams.words.listening.watch import (
    THE_WATCH,
    FoundNotOurs,
    WatchedCloser,
    WatchFigures,
    WatchNoted,
    WatchSettled,
)
from streams.words.sign_off import SignOffSought

SAME_SURGE = timedelta(hours=2)
"""A signal that comes later than this after the last one is of another surge."""
AGAIN = 2
"""What was settled comes up again at so many times the people."""
LOOK_MAX = timedelta(minutes=2)
"""So long after the moment that a person set, word of what became of it is waited for."""
OTHER_PEOPLE, OTHER_SHARE = 3, 0.1
"""So many people with another hazard come up again, if they are this share of those of the kind heard most."""
SEARCHES_KEPT = 50
SETTLED_KEPT = 20
"""So many of the newest are kept: the watch goes on for years."""


class WatchStatus(StrEnum):
    """Where the watch is; `none` is before anything was heard, `over` once it fell back to the usual by itself."""

    NONE = "none"
    OPEN = "open"
    CLOSER = "closer"
    NOT_OURS = "not-ours"
    SETTLED = "settled"
    OVER = "over"


class SettledSurge(Frozen):
    """One surge that waits no more: how many people it had at most in 15 minutes, and what it was taken for.

    `by` is the person who found it not ours, for this `reason`; `incident` the one that was declared.
    """

    first_seen: Utc
    peak: int
    status: WatchStatus
    at: Utc
    by: Identifier | None = None
    reason: Sentence | None = None
    incident: Identifier | None = None


class TrustWatch(State):
    """All that the facts of the watch add up to.

    `noted` are the newest figures, `first_seen` and `peak` those of the whole surge. `since` is the place of the fact
    by which it came up, and `kinds` the kinds of hazard that people had heard of it. `until` is when a person wants to
    know what became of it. `declared` counts the incidents. `listed` are the posts of authors on the influence list,
    while no incident goes on.
    """

    kind: Literal["watch"] = "watch"
    status: WatchStatus = WatchStatus.NONE
    noted: WatchNoted | None = None
    noted_at: Utc | None = None
    first_seen: Utc | None = None
    peak: int = 0
    since: int = 0
    until: Utc | None = None
    closer_by: Identifier | None = None
    declared: int = 0
    settled: tuple[SettledSurge, ...] = ()
    kinds: tuple[Word, ...] = Field(default=(), exclude_if=operator.not_)
    listed: Mapping[InfluenceCategory, ListedNoted] = Field(default_factory=dict, exclude_if=operator.not_)

    @property
    def subject(self) -> Subject:
        """The watch."""
        return Subject(kind=SubjectKind.WATCH, id=self.id)

    def waits(self, now: datetime) -> bool:
        """Whether a person has to look at it; also if what became of it was not said in time."""
        late = self.until is not None and now >= self.until + LOOK_MAX
        return self.status is WatchStatus.OPEN or (self.status is WatchStatus.CLOSER and late)

    def listed_now(self, now: datetime) -> Iterator[ListedNoted]:
        """The posts of listed authors that are shown at this moment: for a day from the first of them."""
        return (one for one in self.listed.values() if now < one.since + OF_US_LASTS)

    def is_to_look(self, now: datetime) -> bool:
        """Whether the moment has come to say what became of it."""
        return self.status is WatchStatus.CLOSER and self.until is not None and now >= self.until

    def is_overtaken(self, declared: Declared) -> bool:
        """Whether an incident was declared since it came up."""
        waits = self.status in {WatchStatus.OPEN, WatchStatus.CLOSER}
        return waits and declared.latest is not None and declared.count > self.declared

    def is_same(self, now: datetime) -> bool:
        """Whether what is heard now is of the surge that was noted last."""
        return self.noted_at is not None and now <= self.noted_at + SAME_SURGE

    def is_quiet(self, figures: WatchFigures, now: datetime, *, declared: Declared) -> bool:
        """Whether a person or an incident has settled what these figures show."""
        if self.status in {WatchStatus.NONE, WatchStatus.OPEN, WatchStatus.OVER} or not self.is_same(now):
            return False
        if self.status is WatchStatus.SETTLED and declared.live:
            return True
        return figures.everyone < AGAIN * self.peak and not self.others(figures, now)

    def others(self, figures: WatchFigures, now: datetime) -> tuple[Word, ...]:
        """The kinds of hazard of which enough people speak, and which no person had before them when it was settled."""
        return other_kinds(figures.kinds, settled=self.kinds) if self.is_same(now) else ()

    def changed_by(self, fact: Fact) -> dict[str, Any]:
        """What this fact changes in the watch."""
        match fact.body:
            case WatchNoted() as noted:
                return self._noted(noted, fact)
            case WatchedCloser(until=until):
                return {"status": WatchStatus.CLOSER, "until": until, "closer_by": fact.by}
            case FoundNotOurs(reason=reason):
                return self._settled(WatchStatus.NOT_OURS, fact, by=fact.by, reason=reason)
            case WatchSettled(incident=incident):
                return self._settled(WatchStatus.SETTLED, fact, incident=incident)
            case ListedNoted() as noted:
                return {"listed": {**self.listed, noted.category: noted}}
            case SignOffSought():
                return {"searches": dict([*self.searches.items()][-SEARCHES_KEPT:])}
            case _:
                return {}

    def remembers(self, order_ids: tuple[str, ...]) -> tuple[str, ...]:
        """The last thousand: the watch goes on for years, and an older order is refused for its age."""
        return order_ids[-KEPT:]

    def _noted(self, noted: WatchNoted, fact: Fact) -> dict[str, Any]:
        same = self.is_same(fact.at) and self.status is not WatchStatus.OVER
        change = {
            "noted": noted,
            "noted_at": fact.at,
            "first_seen": self.first_seen if same else noted.first_seen,
            "peak": max(self.peak, noted.everyone) if same else noted.everyone,
        }
        if noted.looked and not noted.waits:
            return {**change, **self._settled(WatchStatus.OVER, fact)}
        if not noted.waits:
            return change
        change["kinds"] = tuple(sorted({*noted.kinds, *(self.kinds if same else ())}))
        asked = any(search.ended is None for search in self.searches.values())
        news = not same or noted.everyone >= AGAIN * self.peak or noted.is_other
        goes_on = self.status is WatchStatus.OPEN and (asked or not news)
        since = self.since if goes_on else fact.sequence
        # An incident that was declared since it came up settles it, also if more was heard in between.
        waited = same and self.status in {WatchStatus.OPEN, WatchStatus.CLOSER}
        declared = self.declared if waited else noted.declared
        return {**change, "status": WatchStatus.OPEN, "since": since, "until": None, "declared": declared}

    def _settled(self, status: WatchStatus, fact: Fact, **more: str) -> dict[str, Any]:
        first = self.first_seen or fact.at
        one = SettledSurge(first_seen=first, peak=self.peak, status=status, at=fact.at, **more)
        return {"status": status, "until": None, "settled": (*self.settled, one)[-SETTLED_KEPT:]}


def other_kinds(kinds: Mapping[Word, int], *, settled: Collection[Word]) -> tuple[Word, ...]:
    """The kinds of hazard that are not settled and of which enough people speak, most people first."""
    least = max(OTHER_PEOPLE, OTHER_SHARE * max(kinds.values(), default=0))
    found = [(-people, kind) for kind, people in kinds.items() if people >= least and kind not in settled]
    return tuple(kind for _, kind in sorted(found))


def the_watch(mode: str) -> TrustWatch:
    """The watch before its first fact."""
    return TrustWatch(id=THE_WATCH.id, mode=mode)
