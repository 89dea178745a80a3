"""Crowd: how many different people were heard in the last minutes, exactly up to a bound and by a sample beyond it.

A person is a number of `PERSON_BITS` bits: a hash of the account with a key that lasts a day. Nothing leads back from
it to the account once the key is deleted. A moment is counted in bins of `BIN_SECONDS`, from the epoch.
"""

import base64
import struct
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer

from streams.values import Frozen

BIN_SECONDS = 15
MINUTES_MAX = 15
"""People are remembered for so long after their last post."""
WARNING_MINUTES_MAX = 60
"""And for so long if they used a hazard word: a slow crisis begins with few of them."""
BINS_MAX = MINUTES_MAX * 60 // BIN_SECONDS
PEOPLE_MAX = 4_096
"""From here on only each second person is remembered and counts twice, then each fourth, and so on."""
PERSON_BITS = 48
_EACH = struct.Struct(">QI")


def bin_of(moment: datetime) -> int:
    """The bin that a moment lies in, counted from the epoch."""
    return int(moment.timestamp()) // BIN_SECONDS


def moment_of(heard: int) -> datetime:
    """When a bin begins."""
    return datetime.fromtimestamp(heard * BIN_SECONDS, UTC)


def _written(people: Mapping[int, int]) -> str:
    return base64.b64encode(b"".join(_EACH.pack(one, at) for one, at in people.items())).decode()


def _read(stored: Any) -> Any:  # noqa: ANN401 - what is stored may be anything; the type judges it
    return dict(_EACH.iter_unpack(base64.b64decode(stored, validate=True))) if isinstance(stored, str) else stored


LastHeard = Annotated[
    Mapping[int, int], BeforeValidator(_read), PlainSerializer(_written, return_type=str, when_used="json")
]
"""People by when they were heard last, in bins; 12 bytes each where it is stored."""


def renumber(people: dict[int, int], person: int, *, before: int) -> None:
    """Let a person who is known by the number of the day before have the number of this day."""
    if before and person not in people and before in people:
        people[person] = people.pop(before)


class PeopleHeard(Frozen):
    """People who were heard in the last `MINUTES_MAX`, or as long as their `Gathering` says.

    Of each 2 to the power of `level` people, one is in it.
    """

    people: LastHeard = Field(default_factory=dict)
    level: int = Field(default=0, ge=0, le=PERSON_BITS)


class Gathering:
    """People while posts are added to it, in the order in which they came: so it is the same however they are cut."""

    def __init__(self, before: PeopleHeard, *, minutes: int = MINUTES_MAX, people_max: int = PEOPLE_MAX) -> None:
        """So many people are remembered for so many minutes. `newest` is the newest bin of any person."""
        self._people_max = people_max
        self._minutes, self._bins = minutes, minutes * 60 // BIN_SECONDS
        self._people = dict(before.people)
        self._level = before.level
        self._by_bin = Counter(self._people.values())
        self.newest = max(self._by_bin, default=0)

    def add(self, person: int, heard: int, *, before: int = 0) -> int:
        """Hear a person in this bin; answers with how many people that adds to its quarter of an hour, mostly 0 or 1.

        What is older than `MINUTES_MAX` before the newest changes nothing. `before` is the number that the same person
        had on the day before, 0 if that does not matter any more.
        """
        if heard > self.newest:
            self._move_on(heard)
        elif heard <= self.newest - self._bins:
            return 0
        if person & ((1 << self._level) - 1):
            return 0
        renumber(self._people, person, before=before)
        last = self._people.get(person)
        if last is not None:
            if last >= heard:
                return 0
            self._by_bin[last] -= 1
        self._people[person] = heard
        self._by_bin[heard] += 1
        added = 0 if last is not None and last // BINS_MAX == heard // BINS_MAX else 1 << self._level
        if len(self._people) > self._people_max:
            self._thin_out()
        return added

    def count(self, minutes: int = MINUTES_MAX) -> int:
        """How many people were heard in the last minutes up to the newest bin."""
        if minutes >= self._minutes:
            return len(self._people) << self._level
        bins = minutes * 60 // BIN_SECONDS
        return sum(self._by_bin[self.newest - back] for back in range(bins)) << self._level

    def count_since(self, heard: int) -> int:
        """How many people were heard in this bin or later."""
        return sum(count for at, count in self._by_bin.items() if at >= heard) << self._level

    def earliest(self, minutes: int) -> int:
        """The first bin of the last minutes in which any person was heard last."""
        after = self.newest - minutes * 60 // BIN_SECONDS
        return min((at for at, count in self._by_bin.items() if at > after and count), default=self.newest)

    @property
    def is_estimate(self) -> bool:
        """Whether its counts rest on a sample."""
        return self._level > 0

    def people(self) -> PeopleHeard:
        """The people as they are now."""
        return PeopleHeard(people=self._people, level=self._level)

    def _move_on(self, newest: int) -> None:
        """Forget people whose last post is too old. The sample grows again once it has become small."""
        self.newest = newest
        self._keep({one: at for one, at in self._people.items() if at > newest - self._bins})
        if self._level and len(self._people) < self._people_max // 8:
            self._level -= 1

    def _thin_out(self) -> None:
        while len(self._people) > self._people_max:
            self._level += 1
            self._keep({one: at for one, at in self._people.items() if not one & ((1 << self._level) - 1)})

    def _keep(self, people: dict[int, int]) -> None:
        if len(people) != len(self._people):
            self._people = people
            self._by_bin = Counter(people.values())
