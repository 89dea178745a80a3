"""Kinds of hazard: whether people speak of another one than what was told of, such as a flood after a fire.

Most hazard words tell no kind: people say "injured" and "evacuated" of any. Those of a kind are in the register.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from pydantic import Field

from streams.decisions.listening.crowd import WARNING_MINUTES_MAX, Gathering, PeopleHeard
from streams.decisions.listening.vocabulary import words_of
from streams.subjects.listening.watch import other_kinds
from streams.values import Frozen
from streams.words.posts import Voice
from streams.words.register.wording import WordLists

PEOPLE_KEPT = 256
"""Of one kind so many people are remembered, then each second one, and so on."""


@lru_cache(maxsize=8)
def kinds_of(words: WordLists) -> Mapping[str, str]:
    """The kind of each hazard word that tells one, by the folded word."""
    return {" ".join(words_of(word)): one.kind for one in words.hazard_kinds for word in one.each()}


class KindsHeard(Frozen):
    """The kinds of hazard of which people were told in this wave, and who spoke of each in the last hour."""

    told: tuple[str, ...] = ()
    people: Mapping[str, PeopleHeard] = Field(default_factory=dict)


class KindGathering:
    """People by the kind of hazard that they speak of; one whose words tell a kind that was told counts for no other.

    So what is said in much the same breath as the first kind makes no second one.
    """

    def __init__(self, before: KindsHeard) -> None:
        """Nothing of `before` is changed."""
        self._told = set(before.told)
        self._people = {kind: _gathering(people) for kind, people in before.people.items()}

    def add(self, kinds: Iterable[str], voice: Voice) -> None:
        """Hear a person who uses words of these kinds."""
        spoken = {*kinds}
        for kind in sorted(spoken & self._told or spoken):
            gathering = self._people.setdefault(kind, _gathering(PeopleHeard()))
            gathering.add(voice.person, voice.heard, before=voice.before)

    def counts(self, heard: int) -> Mapping[str, int]:
        """How many people spoke of each kind in the hour before the bin `heard`."""
        first = heard - WARNING_MINUTES_MAX * 4 + 1
        found = {kind: gathering.count_since(first) for kind, gathering in self._people.items()}
        return {kind: people for kind, people in sorted(found.items()) if people}

    def other(self, kinds: Collection[str], heard: int) -> str | None:
        """The first of these kinds that was not told of yet and has enough people, see `other_kinds`."""
        untold = [kind for kind in kinds if kind not in self._told]
        found = other_kinds(self.counts(heard), settled=self._told) if untold else ()
        return next((kind for kind in found if kind in untold), None)

    def of(self, kind: str) -> Gathering:
        """The people who speak of one kind."""
        return self._people[kind]

    def tell(self, heard: int) -> None:
        """All kinds of which people speak now are told."""
        self._told.update(self.counts(heard))

    def heard(self) -> KindsHeard:
        """The kinds as they are now."""
        people = {kind: kept for kind, of in sorted(self._people.items()) if (kept := of.people()).people}
        return KindsHeard(told=tuple(sorted(self._told)), people=people)


def _gathering(people: PeopleHeard) -> Gathering:
    return Gathering(people, minutes=WARNING_MINUTES_MAX, people_max=PEOPLE_KEPT)
