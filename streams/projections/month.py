"""The report of one month: what we said and how fast, what we promised, what was asked of us. A pure fold of facts.

What was begun before the month counts where it ended in it: a delay is counted in the month of its end.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median_low

from streams.projections.drill_scores import DrillScore, DrillTrend, trends
from streams.subjects.case import Case
from streams.subjects.fold import begun, fold_readable
from streams.subjects.incident import Incident
from streams.subjects.promises import PromiseState, promises
from streams.values import Frozen, Hashtag, Identifier, Mode, Purpose, Subject, Utc, Word
from streams.words.briefings.letters import BriefingRecorded
from streams.words.cases import CaseAnswered, CaseClosed, CaseSort, Nature
from streams.words.delivery import DeliveryAsked, DeliveryConfirmed, MessageReported
from streams.words.facts import Fact
from streams.words.incident import ExerciseBegun, SignalNoted
from streams.words.release import LineDrafted, Message, MessageAuthorised

MENDING = (Purpose.CORRECTION, Purpose.WITHDRAWAL)


class Delays(Frozen):
    """How often, and how long it took: the middle one and the longest, in seconds; None where there was none."""

    count: int = 0
    median_seconds: int | None = None
    longest_seconds: int | None = None


class ChannelMonth(Frozen):
    """What became public on one channel: our own words, those that mend, posts of partners, and their taking back."""

    own: int = 0
    mending: int = 0
    partners: int = 0
    taken_back: int = 0


class FirstWord(Frozen):
    """An incident that was declared in the month, and when its first word of ours was public; None: never so far."""

    incident: Identifier
    name: Word
    declared_at: Utc
    first_word_seconds: int | None


class CaseMonth(Frozen):
    """Cases of one sort that had a fact in the month: opened and answered in it, late, and open at its end."""

    opened: int = 0
    answered: int = 0
    late: int = 0
    open: int = 0
    answers: Delays = Delays()


class HashtagUse(Frozen):
    """A hashtag that our words carried in one incident: in how many messages, and whether in the first of them.

    `name` is what people call the incident.
    """

    incident: Identifier
    name: Word
    hashtag: Hashtag
    messages: int
    from_the_start: bool


class DrillMonth(Frozen):
    """A drill that began in the month in this record, and its first word; None: it had none."""

    title: Word
    at: Utc
    first_word_seconds: int | None


class MonthReport(Frozen):
    """The report; its fields are the sections, in order. Moments are UTC, delays whole seconds.

    `readers` is None: no channel tells how many people read what.
    `audiences` has how many people each of these channels reaches, as the register in force says in a few words.
    `scores` are those of exercises, which have records of their own: they come from the file of scores.
    `left_out` counts facts that do not fit to those before them: `holdingline log verify` names them.
    """

    version: int = 1
    mode: Mode
    since: Utc
    until: Utc
    channels: Mapping[Identifier, ChannelMonth]
    readers: int | None = None
    audiences: Mapping[Identifier, Word] = {}
    surges: int
    first_words: tuple[FirstWord, ...]
    sign_offs: Delays
    cases: Mapping[CaseSort, CaseMonth]
    complaints: Mapping[Nature, int]
    promises: Mapping[PromiseState, int]
    corrections: Delays
    hashtags: tuple[HashtagUse, ...]
    amplified: Mapping[Identifier, int]
    taken_back: Mapping[Identifier, int]
    briefings: Mapping[str, int]
    drills: tuple[DrillMonth, ...]
    scores: tuple[DrillTrend, ...] = ()
    left_out: int = 0


def month_report(  # budget: the facts, whose they are, from when to when, and the scores
    chains: Mapping[Subject, Sequence[Fact]],
    *,
    mode: Mode,
    since: datetime,
    until: datetime,
    now: datetime,
    scores: Sequence[DrillScore] = (),
) -> MonthReport:
    """The report of facts from `since` up to, not including, `until`.

    `chains` has every subject with a fact in that time, with its facts from the first on. `scores` are of all drills.
    """
    whole = {about: [one for one in facts if one.at < until] for about, facts in chains.items()}
    month = [one for facts in whole.values() for one in facts if one.at >= since]
    folded = [fold_readable(begun(about, mode), facts) for about, facts in whole.items() if facts]
    states = [state for state, _ in folded]
    nights = [IncidentMonth(one, whole[one.subject], since) for one in states if isinstance(one, Incident)]
    cases = [(one, whole[one.subject]) for one in states if isinstance(one, Case)]
    natures = [one.body.nature for one in month if isinstance(one.body, CaseClosed) and one.body.nature]
    end = min(now, until)
    made = [one for night in nights for one in promises(night.incident, end) if since <= one.by < until]
    amplified = [one.credit.partner for night in nights for one in night.public if one.credit]
    back = [one.credit.partner for night in nights for one in night.taken_back if one.credit]
    return MonthReport(
        mode=mode,
        since=since,
        until=until,
        channels=_channels(nights),
        surges=sum(isinstance(one.body, SignalNoted) for one in month),
        first_words=tuple(word for night in nights if (word := night.first_word())),
        sign_offs=delays(one for night in nights for one in night.sign_offs()),
        cases={sort: _cases(sort, cases, since=since, now=end) for sort in CaseSort if _is_of(sort, cases)},
        complaints=dict(sorted(Counter(natures).items())),
        promises=dict(Counter(one.state for one in made)),
        corrections=delays(one for night in nights for one in night.corrections()),
        hashtags=tuple(one for night in nights for one in night.hashtags()),
        amplified=dict(Counter(amplified)),
        taken_back=dict(Counter(back)),
        briefings=dict(
            Counter(
                result.outcome
                for one in month
                if isinstance(one.body, BriefingRecorded)
                for result in one.body.results.values()
            )
        ),
        drills=tuple(drill for night in nights if (drill := night.drill())),
        scores=tuple(trends(scores, since=since, until=until)),
        left_out=sum(len(unfit) for _, unfit in folded),
    )


def delays(found: Iterator[timedelta]) -> Delays:
    """So many, the middle one and the longest."""
    seconds = sorted(int(one.total_seconds()) for one in found)
    if not seconds:
        return Delays()
    return Delays(count=len(seconds), median_seconds=median_low(seconds), longest_seconds=seconds[-1])


class IncidentMonth:
    """One incident and its facts, from the first on up to the end of the month."""

    def __init__(self, incident: Incident, facts: Sequence[Fact], since: datetime) -> None:
        self.incident, self._facts, self._since = incident, facts, since
        self._asked = {one.body.delivery_id: one.body for one in facts if isinstance(one.body, DeliveryAsked)}
        self._public = [*self._publications()]

    @property
    def public(self) -> Sequence[Message]:
        """The messages that first became public in the month, in their order."""
        first: dict[str, datetime] = {}
        for message, _, at in self._public:
            first.setdefault(message.id, at)
        return [self.incident.messages[name] for name, at in first.items() if at >= self._since]

    @property
    def taken_back(self) -> Sequence[Message]:
        """The posts of partners that were removed again in the month, as they went out."""
        messages = self.incident.messages
        mended = [messages.get(one.follows or "") for one in self.public if one.purpose in MENDING]
        return [one for one in mended if one is not None and one.credit]

    def places(self) -> Iterator[tuple[str, Message]]:
        """Each channel with what became public on it in the month."""
        yield from ((channel, message) for message, channel, at in self._public if at >= self._since)

    def is_taking_back(self, message: Message) -> bool:
        """Whether a message removes a partner's post."""
        followed = self.incident.messages.get(message.follows or "")
        return followed is not None and followed.credit is not None

    def first_word(self) -> FirstWord | None:
        """How long it took from the declaration to the first word of ours, if it was declared in the month."""
        at, declaration = self.incident.declared_at, self.incident.declaration
        if at is None or declaration is None or at < self._since:
            return None
        return FirstWord(
            incident=self.incident.id, name=declaration.name, declared_at=at, first_word_seconds=self._first_after(at)
        )

    def drill(self) -> DrillMonth | None:
        """The drill that this incident is, if it began in the month."""
        for one in self._facts:
            if isinstance(one.body, ExerciseBegun) and one.at >= self._since:
                return DrillMonth(title=one.body.title, at=one.at, first_word_seconds=self._first_after(one.at))
        return None

    def sign_offs(self) -> Iterator[timedelta]:
        """From the draft to the yes, where the yes was given in the month."""
        drafted = {one.body.message.id: one.at for one in self._facts if isinstance(one.body, LineDrafted)}
        for one in self._facts:
            if isinstance(one.body, MessageAuthorised) and one.at >= self._since and one.body.message.id in drafted:
                yield one.at - drafted[one.body.message.id]

    def corrections(self) -> Iterator[timedelta]:
        """From words of ours to those that mended them, as both were authorised."""
        let_out = self.incident.authorisations
        for one in self.public:
            wrong = self.incident.messages.get(one.follows or "")
            if one.purpose in MENDING and wrong is not None and wrong.credit is None:
                yield let_out[one.id].at - let_out[wrong.id].at

    def hashtags(self) -> Iterator[HashtagUse]:
        """The hashtags of our own words, and whether the first of all carried them."""
        own = [one for one in self.incident.messages.values() if one.credit is None]
        spoken = [one for one in self.public if one.credit is None]
        for tag, count in Counter(tag for one in spoken for tag in one.hashtags).items():
            from_start = tag in own[0].hashtags
            incident, name = self.incident.id, self.incident.known_as or self.incident.id
            yield HashtagUse(incident=incident, name=name, hashtag=tag, messages=count, from_the_start=from_start)

    def _first_after(self, moment: datetime) -> int | None:
        words = (at for message, _, at in self._public if message.credit is None)
        first = min(words, default=None)
        return int((first - moment).total_seconds()) if first else None

    def _publications(self) -> Iterator[tuple[Message, str, datetime]]:
        """Each message, channel, and when it was confirmed there, or reported."""
        for one in self._facts:
            if isinstance(one.body, DeliveryConfirmed) and (asked := self._asked.get(one.body.delivery_id)):
                if asked.message_id in self.incident.messages:
                    yield self.incident.messages[asked.message_id], asked.channel, one.at
            elif isinstance(one.body, MessageReported):
                yield from ((one.body.message, channel, one.at) for channel in one.body.on)


def _channels(nights: Sequence[IncidentMonth]) -> Mapping[str, ChannelMonth]:
    counted: dict[str, Counter[str]] = {}
    for night in nights:
        for channel, message in night.places():
            sort = (
                "partners"
                if message.credit
                else "taken_back"
                if night.is_taking_back(message)
                else "mending"
                if message.purpose in MENDING
                else "own"
            )
            counted.setdefault(channel, Counter())[sort] += 1
    return {name: ChannelMonth(**counts) for name, counts in sorted(counted.items())}


def _is_of(sort: CaseSort, cases: Sequence[tuple[Case, Sequence[Fact]]]) -> bool:
    return any(case.sort is sort for case, _ in cases)


def _cases(
    sort: CaseSort, cases: Sequence[tuple[Case, Sequence[Fact]]], *, since: datetime, now: datetime
) -> CaseMonth:
    mine = [(case, facts) for case, facts in cases if case.sort is sort]
    answers = [
        (one.at, case)
        for case, facts in mine
        for one in facts
        if isinstance(one.body, CaseAnswered) and one.at >= since
    ]
    late = sum(case.answer_by is not None and at > case.answer_by for at, case in answers)
    opened = sum(case.opened_at is not None and case.opened_at >= since for case, _ in mine)
    waiting = [case for case, _ in mine if case.is_open]
    return CaseMonth(
        opened=opened,
        answered=len(answers),
        late=late + sum(case.is_overdue(now) for case in waiting),
        open=len(waiting),
        answers=delays(at - case.opened_at for at, case in answers if case.opened_at),
    )
