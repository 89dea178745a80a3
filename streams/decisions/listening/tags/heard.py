"""Tags heard: how many people use which hashtag of an incident, and which of them say most.

The score is the rule: people, times how much more often the tag is used here than in other posts of the week before.
One wording counts twice at most, and a post with more than four tags a fifth, so that neither a text that is passed on
nor one that is stuffed with tags decides. How the posts were cut into batches changes nothing.
"""

import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log2

from pydantic import Field

from streams.decisions.listening.crowd import BIN_SECONDS, LastHeard, PeopleHeard, renumber
from streams.decisions.listening.usual import QUARTER_BINS
from streams.decisions.listening.vocabulary import plain_of
from streams.signs import folded
from streams.values import Frozen, Identifier
from streams.words.listening.tags import TAGS_OFFERED
from streams.words.posts import Voice

TAGS_MAX, TAGS_LEFT = 1_000, 900
"""From so many tags on, those that fewest people use are forgotten, until so many are left."""
PEOPLE_A_TAG, PEOPLE_OF_ALL = 200, 16_000
"""From so many people of one tag, and of all tags, each second person is remembered and counts twice, and so on."""
HOURS_KEPT = 24
"""People are remembered for so long after their last post with the tag."""
WORDINGS_KEPT, WORDING_COUNTS = 2_000, 2
STUFFED_FROM, STUFFED_SHARE = 5, 0.2
"""A post with so many tags counts for so much."""
FLOOR = 5
"""Fewer people make no tag, unless a partner uses it."""
PARTNERS_FIRST = 2
"""So many tags of partners come before those of the public."""
TAG_BYTES_MAX = 100
SAMPLED_OF = 100
"""Of so many posts that speak of no incident, one is looked at."""
SAMPLE_PRIOR, SEEN_PRIOR = 1_000, 0.5
"""What is taken for usual until other posts are known: a tag would be in half a post of so many."""
USUAL_DAYS, USUAL_TAGS_A_DAY = 7, 1_000
DAY_BINS = 24 * 60 * 60 // BIN_SECONDS
EVERYBODY = ""
"""Under this name stand those who were heard with a tag or without, and the posts of a sample."""
_TAG = re.compile(r"#\w+")


class TagsUsual(Frozen):
    """How often each tag was in a sample of posts that speak of no incident, by day; `EVERYBODY` counts the posts."""

    days: Mapping[int, Mapping[str, int]] = Field(default_factory=dict)

    def before(self, day: int, tags: Sequence[str]) -> Mapping[str, int]:
        """How often these were seen in the week before a day; the day itself is no part of the past."""
        past = [self.days[one] for one in range(day - USUAL_DAYS, day) if one in self.days]
        return {tag: sum(one.get(tag, 0) for one in past) for tag in (EVERYBODY, *tags)}

    def with_posts(self, day: int, posts: Sequence[Sequence[str]]) -> "TagsUsual":
        """The same with the tags of more posts of this day."""
        today = dict(self.days.get(day, {}))
        for tags in posts:
            today[EVERYBODY] = today.get(EVERYBODY, 0) + 1
            for tag in tags:
                if tag in today or len(today) <= USUAL_TAGS_A_DAY:
                    today[tag] = today.get(tag, 0) + 1
        newest = max(day, *self.days) if self.days else day
        days = {**self.days, day: today}
        return TagsUsual(days={one: of for one, of in days.items() if one >= newest - USUAL_DAYS})


class TagsHeard(Frozen):
    """What was heard of the tags of one incident. A person stands with when they were last heard, and how.

    That number is twice the bin, and one more if their post had few tags. `wordings` are counted up to
    `WORDING_COUNTS`. `usual` is what the sample says of these tags, `partners` which partner uses one.
    `looked` is the quarter of an hour of the last look; `told` came of the last that found something new, and
    `withheld` are those of it that may not be offered.
    """

    people: Mapping[str, PeopleHeard] = Field(default_factory=dict)
    wordings: LastHeard = Field(default_factory=dict)
    usual: Mapping[str, int] = Field(default_factory=dict)
    partners: Mapping[str, Identifier] = Field(default_factory=dict)
    looked: int = 0
    told: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


def _fits(_tag: str) -> None:
    """Nothing speaks against any tag."""


@dataclass(frozen=True, slots=True)
class TagsKnown:
    """What is known of tags besides: which a partner used or registered, how often each was seen before.

    `voices` are those of partners, by person. `unfit` answers with why a tag may not be offered, None if it may.
    """

    used_by: Mapping[str, Identifier] = field(default_factory=dict)
    voices: Mapping[int, Identifier] = field(default_factory=dict)
    registered: Mapping[str, Identifier] = field(default_factory=dict)
    usual: Mapping[str, int] = field(default_factory=dict)
    unfit: Callable[[str], str | None] = _fits


@dataclass(frozen=True, slots=True)
class TagFound:
    """A tag that says much: people, the minutes since the first of them, how often it was seen before, whose it is."""

    tag: str
    people: int
    minutes: int
    before: int | None
    partner: str | None = None
    unfit: str | None = None


@dataclass(frozen=True, slots=True)
class TagLook:
    """What a look found that the one before did not: `found` may be offered, `withheld` may not, each with why.

    `overtook` was first until now. `turn` is the quarter of an hour of the look, and `before` was said before.
    """

    turn: int
    found: Sequence[TagFound]
    withheld: Sequence[TagFound]
    overtook: str | None
    before: tuple[str, ...]


def tags_of(text: str) -> tuple[str, ...]:
    """The hashtags of a post, folded, each once, in their order; one more than `STUFFED_FROM` are never needed."""
    return tags_in(plain_of(text))


def tags_in(plain: str) -> tuple[str, ...]:
    """The same of a text that is as `plain_of` gives it."""
    if "#" not in plain:
        return ()
    whole = folded(plain) if plain.isascii() else plain
    each = dict.fromkeys(one for one in _TAG.findall(whole) if not one[1:].isdecimal())
    return tuple(one for one in each if len(one.encode()) <= TAG_BYTES_MAX)[:STUFFED_FROM]


def is_sampled(post_id: str) -> bool:
    """Whether a post that speaks of no incident is one of those that are looked at; every process says the same."""
    return zlib.crc32(post_id.encode()) % SAMPLED_OF == 0


class TagHearing:
    """Counts while people are heard, one after another."""

    def __init__(self, before: TagsHeard, known: TagsKnown) -> None:
        """Nothing of `before` is changed."""
        self._known = known
        self._people = {tag: dict(one.people) for tag, one in before.people.items()}
        self._levels = {tag: one.level for tag, one in before.people.items()}
        self._wordings = dict(before.wordings)
        self._usual = {**before.usual, **known.usual}
        self._partners = {**before.partners, **known.used_by}
        self._is_due = self._partners.keys() != before.partners.keys()
        self._looked, self._told, self._withheld = before.looked, before.told, before.withheld
        self._stored = sum(map(len, self._people.values()))
        self._newest = max((at >> 1 for at in self._people.get(EVERYBODY, {}).values()), default=0)

    def hear(self, voice: Voice) -> TagLook | None:
        """Hear one post; answers with what a look found, where one was due and found something new."""
        self._newest = max(self._newest, voice.heard)
        if partner := self._known.voices.get(voice.person):
            self._is_due |= not self._partners.keys() >= {*voice.tags}
            self._partners |= dict.fromkeys(voice.tags, partner)
        reached = False
        if self._counts(voice.wording):
            few = len(voice.tags) < STUFFED_FROM
            for tag in (EVERYBODY, *voice.tags):
                reached |= self._add(tag, voice, few=few)
            if len(self._people) > TAGS_MAX:
                self._forget_rare()
            while self._stored > PEOPLE_OF_ALL:
                self._thin_out(max(self._people, key=lambda tag: len(self._people[tag])))
        quarter = self._newest // QUARTER_BINS
        if self._is_due or (quarter > self._looked if self._told or self._withheld else reached):
            return self.look()
        return None

    def look(self) -> TagLook | None:
        """What the tags that say most are now, if they are others than before, or in another order of the first."""
        self._looked, self._is_due = self._newest // QUARTER_BINS, False
        self._forget_old()
        best = self.best()
        found = [one for one in best if not one.unfit][:TAGS_OFFERED]
        withheld = [one for one in best if one.unfit]
        tags, kept_back = tuple(one.tag for one in found), tuple(sorted(one.tag for one in withheld))
        before = self._told
        is_same = set(tags) == set(before) and tags[:1] == before[:1] and set(kept_back) <= set(self._withheld)
        if is_same or not best:
            return None
        self._told, self._withheld = tags, kept_back
        overtook = before[0] if tags and before and before[0] != tags[0] else None
        return TagLook(self._looked, found, withheld, overtook, before)

    def best(self, *, floor: int = FLOOR) -> Sequence[TagFound]:
        """The tags that say most, those of partners first; twice as many as are offered, if there are so many."""
        ranked = sorted(self._ranked(floor), key=lambda one: (-one[0], one[1].tag))
        own = [one for _, one in ranked if one.partner][:PARTNERS_FIRST]
        rest = [one for score, one in ranked if score > 0 and one.people >= floor and one not in own]
        return [replace(one, unfit=self._known.unfit(one.tag)) for one in [*own, *rest][: 2 * TAGS_OFFERED]]

    def heard(self) -> TagsHeard:
        """All of it as it is now."""
        known = {*self._people, *self._partners}
        return TagsHeard(
            people={tag: PeopleHeard(people=of, level=self._levels[tag]) for tag, of in self._people.items()},
            wordings=self._wordings,
            usual={tag: count for tag, count in self._usual.items() if tag in known},
            partners=dict([*self._partners.items()][-TAGS_MAX // 20 :]),
            looked=self._looked,
            told=self._told,
            withheld=self._withheld,
        )

    def _counts(self, wording: int) -> bool:
        """Whether another post of this wording counts; wordings that were not met for long are forgotten.

        Posts that hold nothing but tags are of one wording too.
        """
        met = self._wordings.pop(wording, 0)
        self._wordings[wording] = min(met + 1, WORDING_COUNTS)
        if len(self._wordings) > WORDINGS_KEPT:
            del self._wordings[next(iter(self._wordings))]
        return met < WORDING_COUNTS

    def _add(self, tag: str, voice: Voice, *, few: bool) -> bool:
        """Hear a person with a tag; tells whether so many people use it now for the first time that it is one."""
        if tag not in self._people:
            self._people[tag], self._levels[tag] = {}, 0
        people = self._people[tag]
        if voice.person & ((1 << self._levels[tag]) - 1):
            return False
        renumber(people, voice.person, before=voice.before)
        met = people.get(voice.person)
        few = few or bool((met or 0) & 1)
        people[voice.person] = max(voice.heard, (met or 0) >> 1) << 1 | few
        self._stored += met is None
        if len(people) > PEOPLE_A_TAG:
            self._thin_out(tag)
        # A count lies between all people and the share that counts for the least: most times that tells.
        most = len(people) << self._levels[tag]
        if tag == EVERYBODY or most < FLOOR:
            return False
        return most * STUFFED_SHARE >= FLOOR or self._count(tag) >= FLOOR

    def _count(self, tag: str) -> float:
        """How many people use it; a person counts little whose posts with it had many tags."""
        people = self._people.get(tag, {})
        few = sum(at & 1 for at in people.values())
        return (few + STUFFED_SHARE * (len(people) - few)) * (1 << self._levels.get(tag, 0))

    def _ranked(self, floor: int) -> Iterator[tuple[float, TagFound]]:
        everybody = max(1.0, self._count(EVERYBODY))
        sampled = self._usual.get(EVERYBODY, 0)
        for tag in dict.fromkeys([*self._people, *self._partners]):
            people, partner = self._count(tag), self._partners.get(tag) or self._known.registered.get(tag)
            if tag == EVERYBODY or (people < floor and not partner):
                continue
            seen = self._usual.get(tag, 0)
            lift = (people / everybody) * (sampled + SAMPLE_PRIOR) / (seen + SEEN_PRIOR)
            score = people * max(0.0, log2(lift)) if people else 0.0
            first = min((at >> 1 for at in self._people.get(tag, {}).values()), default=self._newest)
            minutes = 1 + (self._newest - first) * BIN_SECONDS // 60
            yield score, TagFound(tag, round(people), minutes, seen if sampled else None, partner)

    def _thin_out(self, tag: str) -> None:
        self._levels[tag] += 1
        mask = (1 << self._levels[tag]) - 1
        self._keep(tag, {one: at for one, at in self._people[tag].items() if not one & mask})

    def _forget_old(self) -> None:
        oldest = self._newest - HOURS_KEPT * 3600 // BIN_SECONDS
        for tag, people in [*self._people.items()]:
            self._keep(tag, {one: at for one, at in people.items() if at >> 1 > oldest})
            if not self._people[tag] and tag != EVERYBODY:
                del self._people[tag], self._levels[tag]

    def _forget_rare(self) -> None:
        """Forget the tags that fewest people use; of those with as many, the ones that were heard longest ago."""

        def rank(tag: str) -> tuple[bool, float, int]:
            return tag == EVERYBODY, self._count(tag), max(self._people[tag].values(), default=0)

        for tag in sorted(self._people, key=rank)[: len(self._people) - TAGS_LEFT]:
            self._keep(tag, {})
            del self._people[tag], self._levels[tag]

    def _keep(self, tag: str, people: dict[int, int]) -> None:
        self._stored += len(people) - len(self._people[tag])
        self._people[tag] = people
