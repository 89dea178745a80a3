"""Surge: when so many different people speak at once that somebody should be asked for a word.

The sentence is the rule: so many people in 2, 5 or 15 minutes, and so many times the usual. People with a hazard word
are judged by themselves, and few of them are enough. After a signal there is another only at twice the highest count.
"""

import operator
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import Field

from streams.decisions.listening.crowd import (
    BIN_SECONDS,
    BINS_MAX,
    MINUTES_MAX,
    WARNING_MINUTES_MAX,
    Gathering,
    PeopleHeard,
    moment_of,
)
from streams.decisions.listening.usual import DAY, DAYS_MAX, WARNING_GUARD, quarter_of, usual, with_quarter
from streams.decisions.listening.watch.kinds import KindGathering, KindsHeard
from streams.subjects.listening.watch import OTHER_PEOPLE
from streams.values import Frozen, Utc
from streams.words.posts import MentionCount, Voice

MINUTE = timedelta(minutes=1)
KEPT = timedelta(hours=6)
WINDOWS = (2, 5, MINUTES_MAX)
WARNING_WINDOWS = (*WINDOWS, WARNING_MINUTES_MAX)
AGAIN = 2
"""After a signal: only so many times the highest count that was signalled is news."""
AGAIN_AFTER = timedelta(minutes=1)
"""And not before so long: a flood that comes at once is one piece of news."""
WORDS_TOLD = 3
NO_KINDS: Mapping[str, str] = {}
SURGES_KEPT = 20
DAY_BINS = 24 * 60 * 60 // BIN_SECONDS
COMMON_DAYS, COMMON_SHARE = 3, 0.01
"""A hazard word that people used on so many of the last seven days, in more than this share of posts, warns of nothing.

Of a hospital, people say "injury" every day."""
WORDS_A_DAY_MAX = 200
WARNING_PRIOR = 5.0
"""So many people a day with a hazard word are taken for usual until a whole day is known."""


@dataclass(frozen=True, slots=True)
class Surge:
    """So many people in the last `minutes` up to `at`, where `usual` are usual; `peak` is the highest before, or 0.

    `words` are the hazard words that they used most; none where all people were counted, with or without such a word.
    `is_estimate` says that the count rests on a sample, since there were too many.
    `kinds` is how many people in the last hour used words of each kind of hazard. `everyone` is all people of the last
    15 minutes, and `first_seen` when the first of these people was heard.
    """

    at: datetime
    people: int
    minutes: int
    usual: float
    words: tuple[str, ...] = ()
    peak: int = 0
    is_estimate: bool = False
    kinds: tuple[tuple[str, int], ...] = ()
    everyone: int = 0
    first_seen: datetime | None = None

    @property
    def minute(self) -> datetime:
        """The minute in which it was seen."""
        return minute_of(self.at)


class Counts(Frozen):
    """What was heard of one incident, or of the trust itself. The first three count posts, all others people.

    `minutes` are posts by minute, `total` all there ever were. `signalled_at` is when a surge was last signalled, and
    `peak` how many people there were in 15 minutes then, 0 once that wave is over. `since` is the first quarter of an
    hour of which there is a count in `quarters`; `words` are hazard words by day, and `kinds` the kinds of hazard that
    people speak of. `surges` are the last ones, oldest first. `followers` is the sum of those of the authors, over the
    `with_followers` posts whose source tells how many.
    """

    minutes: Mapping[Utc, int] = {}
    total: int = 0
    signalled_at: Utc | None = None
    people: PeopleHeard = PeopleHeard()
    warning: PeopleHeard = PeopleHeard()
    quarters: Mapping[int, int] = Field(default_factory=dict)
    warning_quarters: Mapping[int, int] = Field(default_factory=dict)
    since: int | None = None
    peak: int = 0
    words: Mapping[int, Mapping[str, int]] = Field(default_factory=dict)
    surges: tuple[Surge, ...] = Field(default=(), exclude_if=operator.not_)
    kinds: KindsHeard = Field(default=KindsHeard(), exclude_if=KindsHeard().__eq__)
    followers: int = Field(default=0, exclude_if=operator.not_)
    with_followers: int = Field(default=0, exclude_if=operator.not_)


@dataclass(frozen=True, slots=True)
class Rule:
    """From how many people on, and from how many times the usual. `apart` None: what was signalled never falls due.

    The three of `warning` are for people with a hazard word; None: these words are not looked at. One person less is
    enough where such words are rarer than `warning_rare` a day, and one more is needed from `warning_often` a day on.
    """

    people_min: int = 10
    factor: float = 8.0
    warning_min: int | None = 3
    warning_factor: float = 6.0
    warning_rare: float = 4.0
    warning_often: float = 30.0
    apart: timedelta | None = timedelta(minutes=60)


WATCH_RULE = Rule()
INCIDENT_RULE = Rule(warning_min=None, apart=None)


def minute_of(moment: datetime) -> datetime:
    """The start of the minute that a moment lies in."""
    return moment.replace(second=0, microsecond=0)


def counted(counts: Counts, more: Mapping[datetime, int]) -> Counts:
    """Add mentions by minute; minutes older than `KEPT` before the newest are dropped; `total` still includes them."""
    minutes = dict(counts.minutes)
    for minute, count in more.items():
        minutes[minute] = minutes.get(minute, 0) + count
    oldest = max(minutes, default=None)
    kept = {minute: count for minute, count in minutes.items() if oldest and minute > oldest - KEPT}
    return counts.model_copy(update={"minutes": kept, "total": counts.total + sum(more.values())})


def with_followers_of(counts: Counts, more: Iterable[MentionCount]) -> Counts:
    """Add the followers of the authors, where the sources told them."""
    followers, posts = counts.followers, counts.with_followers
    for one in more:
        followers, posts = followers + one.followers, posts + one.with_followers
    return counts.model_copy(update={"followers": followers, "with_followers": posts})


def heard(
    counts: Counts, voices: Sequence[Voice], *, rule: Rule, kinds: Mapping[str, str] = NO_KINDS
) -> tuple[Counts, Sequence[Surge]]:
    """Hear people in the order in which they came; how that was cut into batches changes nothing.

    `kinds` are the kinds of hazard words, see `kinds_of`.
    """
    listening = Listening(counts, rule, kinds=kinds)
    surges = [found for voice in voices if (found := listening.hear(voice))]
    after = listening.counts()
    return (with_surges(after, surges) if surges else after), surges


def with_surges(counts: Counts, more: Sequence[Surge]) -> Counts:
    """The counts with these surges, of which the last are kept."""
    return counts.model_copy(update={"surges": (*counts.surges, *more)[-SURGES_KEPT:]})


class Listening:
    """Counts while people are heard, one after another."""

    def __init__(self, counts: Counts, rule: Rule, *, kinds: Mapping[str, str] = NO_KINDS) -> None:
        """Nothing of `counts` is changed."""
        self._before, self._rule, self._kind_of = counts, rule, kinds
        self._kinds = KindGathering(counts.kinds)
        self._people = Gathering(counts.people)
        self._warning = Gathering(counts.warning, minutes=WARNING_MINUTES_MAX)
        self._quarters, self._warning_quarters = dict(counts.quarters), dict(counts.warning_quarters)
        self._since, self._peak, self._at = counts.since, counts.peak, counts.signalled_at
        self._words = {day: Counter(words) for day, words in counts.words.items()}
        self._usual: tuple[int, float, float] = (-1, 0.0, 0.0)
        self._common: tuple[int, frozenset[str]] = (-1, frozenset())

    def hear(self, voice: Voice) -> Surge | None:
        """Add one person; answers with the surge that this person makes it."""
        added = self._people.add(voice.person, voice.heard, before=voice.before)
        quarter = quarter_of(voice.heard)
        if self._since is None:
            self._since = quarter
        if added:
            self._quarters[quarter] = self._quarters.get(quarter, 0) + added
        if voice.words and self._rule.warning_min is not None:
            self._hear_words(voice, quarter=quarter, added=added)
        return self._surge(voice)

    def counts(self) -> Counts:
        """The counts as they are now."""
        newest = max([self._people.newest // DAY_BINS, *self._words])
        return self._before.model_copy(
            update={
                "signalled_at": self._at,
                "people": self._people.people(),
                "warning": self._warning.people(),
                "quarters": with_quarter(self._quarters, {}),
                "warning_quarters": with_quarter(self._warning_quarters, {}),
                "since": self._since,
                "peak": self._peak,
                "kinds": self._kinds.heard(),
                "words": {day: dict(words) for day, words in self._words.items() if day > newest - DAYS_MAX - 1},
            }
        )

    def _hear_words(self, voice: Voice, *, quarter: int, added: int) -> None:
        day = voice.heard // DAY_BINS
        if self._common[0] != day:
            self._common = (day, self._common_words(day))
        today = self._words.setdefault(day, Counter())
        for word in voice.words if added else ():
            if word in today or len(today) < WORDS_A_DAY_MAX:
                today[word] += added
        if self._common[1].issuperset(voice.words):
            return
        self._let_pass(voice.heard)
        if more := self._warning.add(voice.person, voice.heard, before=voice.before):
            self._warning_quarters[quarter] = self._warning_quarters.get(quarter, 0) + more
        self._kinds.add(self._spoken(voice), voice)

    def _spoken(self, voice: Voice) -> Collection[str]:
        """The kinds of hazard that a person's words tell; words of every day tell none."""
        words = (word for word in voice.words if word not in self._common[1])
        return dict.fromkeys(kind for word in words if (kind := self._kind_of.get(word)))

    def _let_pass(self, heard: int) -> None:
        """A wave is over once nobody used a hazard word for so long: what comes after it is counted by itself."""
        if self._at and self._peak and self._rule.apart and heard >= self._warning.newest + BINS_MAX:
            self._peak = 0
            self._warning = Gathering(PeopleHeard(), minutes=WARNING_MINUTES_MAX)
            self._kinds = KindGathering(KindsHeard())

    def _common_words(self, day: int) -> frozenset[str]:
        """The hazard words that people use of us on ordinary days; the running day is no part of the past."""
        days = [one for one in range(day - DAYS_MAX, day) if one in self._words]
        posts = sum(self._quarters.get(one, 0) for one in range((day - DAYS_MAX) * DAY, day * DAY))
        used = Counter[str]()
        for one in days:
            used.update(self._words[one])
        often = Counter(word for one in days for word in self._words[one])
        return frozenset(word for word in used if often[word] >= COMMON_DAYS and used[word] > COMMON_SHARE * posts)

    def _surge(self, voice: Voice) -> Surge | None:
        people, rule = self._people.count(), self._rule
        at = moment_of(self._people.newest)
        if self._at and self._peak and (rule.apart is None or at < self._at + rule.apart):
            if at < self._at + AGAIN_AFTER:
                return None
            found: Surge | None = None
            if people >= AGAIN * max(self._peak, rule.people_min):
                found = replace(self._found(self._people, MINUTES_MAX, at), peak=self._peak)
            elif other := self._other(voice):
                found, people = self._of_kind(other, at), max(people, self._peak)
        elif people < rule.people_min and not voice.words:
            return None
        else:
            found = self._first(at, with_words=bool(voice.words))
        if found:
            self._at, self._peak = at, people
            self._kinds.tell(voice.heard)
        return found

    def _other(self, voice: Voice) -> str | None:
        """Another kind of hazard than those that were told of, which this person's words make worth telling."""
        spoken = self._spoken(voice) if voice.words and self._rule.warning_min is not None else ()
        return self._kinds.other(spoken, voice.heard) if spoken else None

    def _of_kind(self, kind: str, at: datetime) -> Surge:
        """The shortest time in which enough people spoke of this kind, or else the longest."""
        gathering = self._kinds.of(kind)
        counts = ((minutes, gathering.count(minutes)) for minutes in WARNING_WINDOWS)
        minutes = next((minutes for minutes, people in counts if people >= OTHER_PEOPLE), WARNING_MINUTES_MAX)
        return self._found(gathering, minutes, at, kind=kind)

    def _first(self, at: datetime, *, with_words: bool) -> Surge | None:
        """The shortest time that is enough, of people with a hazard word first."""
        rule = self._rule
        for minutes in WARNING_WINDOWS if with_words and rule.warning_min is not None else ():
            found = self._found(self._warning, minutes, at)
            a_day = found.usual / minutes * 24 * 60
            enough = (rule.warning_min or 0) - (a_day < rule.warning_rare) + (a_day >= rule.warning_often)
            if found.people >= max(enough, rule.warning_factor * found.usual):
                return found
        for minutes in WINDOWS:
            found = self._found(self._people, minutes, at)
            if found.people >= max(rule.people_min, rule.factor * found.usual):
                return found
        return None

    def _found(self, gathering: Gathering, minutes: int, at: datetime, *, kind: str | None = None) -> Surge:
        quarter = quarter_of(self._people.newest)
        if self._usual[0] != quarter:
            since = self._since if self._since is not None else quarter
            everybody = usual(self._quarters, quarter, since=since)
            self._usual = (
                quarter,
                everybody,
                usual(self._warning_quarters, quarter, since=since, prior_a_day=WARNING_PRIOR, guard=WARNING_GUARD),
            )
        by_words = gathering is not self._people
        a_minute = self._usual[2 if by_words else 1]
        today = self._words.get(self._people.newest // DAY_BINS, Counter())
        spoken = [word for word, _ in today.most_common() if word not in self._common[1]] if by_words else []
        told = [word for word in spoken if kind in {None, self._kind_of.get(word)}]
        people = gathering.count(minutes)
        return Surge(
            at,
            people,
            minutes,
            a_minute * minutes,
            tuple(told[:WORDS_TOLD]),
            0,
            gathering.is_estimate,
            tuple(self._kinds.counts(self._people.newest).items()),
            self._people.count(),
            moment_of(gathering.earliest(minutes)),
        )
