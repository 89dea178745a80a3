"""The result of an exercise: every fact, what went out, what was refused, what was expected and whether it came."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from streams.projections.drill_scores import DrillScore
from streams.values import Frozen, Language, Purpose, Utc
from streams.words.facts import CommandRefused, Fact
from streams.words.incident import IncidentDeclared, ReportReceived
from streams.words.posts import DeadLetter
from streams.words.release import Standing

MomentKind = Literal["asked", "declared", "signed", "out", "refused", "trouble", "noted", "lost", "judged", "told"]


class Moment(Frozen):
    """One line of the running timeline. `id` names the fact, order or post; a partner's post has a short `label`."""

    at: Utc
    kind: MomentKind
    text: str
    id: str = ""
    label: str = ""


class Publication(Frozen):
    """A message that became public on a channel of the exercise; `fact` confirms it, `rule` let it out.

    `person` answers for it; with `standing` no person was asked: the register's rule on a partner let it out.
    """

    at: Utc
    channel: str
    purpose: Purpose
    texts: Mapping[Language, str]
    incident_id: str
    message_id: str
    person: str
    rule: str
    fact: str
    standing: Standing | None = None


class Outcome(Frozen):
    """One expectation judged: what was found, when, and the facts that show it."""

    says: str
    held: bool
    found: str
    evidence: tuple[str, ...] = ()
    at: Utc | None = None
    deadline: Utc | None = None


class Interval(Frozen):
    """How long it took from one event to another, in played seconds; `ends` is None if the second never came."""

    name: str
    begins: Utc | None
    ends: Utc | None

    @property
    def seconds(self) -> float | None:
        """How long it took."""
        return (self.ends - self.begins).total_seconds() if self.begins and self.ends else None


AnswerMade = Literal["checking", "answered", "closed"]


class CaseAnswering(Frozen):
    """How the desk answered one case. `name` is its sort and number, `due_at` by when its first answer was due.

    `how` is what took it off its clock, None if nothing did; `says` is that in words. `public` says that a message to
    the public holds something of the case, which must never be.
    """

    name: str
    case_id: str
    opened_at: Utc
    due_at: Utc | None = None
    answered_at: Utc | None = None
    how: AnswerMade | None = None
    public: bool = False
    says: str
    evidence: tuple[str, ...] = ()

    @property
    def in_time(self) -> bool:
        """Whether it was answered before its time was over."""
        return self.answered_at is not None and (self.due_at is None or self.answered_at <= self.due_at)


class StoryDecision(Frozen):
    """What was decided about one story; `decided_at` is None if nothing was, `says` is that in words."""

    name: str
    incident_id: str
    noted_at: Utc
    decided_at: Utc | None = None
    says: str
    evidence: tuple[str, ...] = ()


class Played(Frozen):
    """The result. `recounted` is a second, plain count of the mentions; it must equal `counted`.

    `mentions_by_minute` counts what the agents matched to the incident; no text of any mention is kept anywhere.
    """

    title: str
    trust: str
    mode: str
    incident_id: str
    started_at: Utc
    ended_at: Utc
    real_seconds: float
    speed: float
    begun: bool
    refusal: CommandRefused | None = None
    facts: tuple[Fact, ...] = ()
    moments: tuple[Moment, ...] = ()
    publications: tuple[Publication, ...] = ()
    dead_letters: tuple[DeadLetter, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    spans: tuple[Interval, ...] = ()
    cases: tuple[CaseAnswering, ...] = ()
    stories: tuple[StoryDecision, ...] = ()
    mentions_by_minute: Mapping[Utc, int] = {}
    counted: int = 0
    unmatched: int = 0
    recounted: int = 0

    @property
    def passed(self) -> bool:
        """Whether it began and everything expected came."""
        return self.begun and all(outcome.held for outcome in self.outcomes)

    def score(self, played_at: datetime) -> DrillScore:
        """The figures of it, which are kept; `played_at` is the time on the wall."""
        begun = [one.at for one in self.facts if isinstance(one.body, ReportReceived | IncidentDeclared)]
        out = [one.at for one in self.publications if one.purpose is Purpose.HOLDING]
        first = min(out) - min(begun) if begun and out else None
        return DrillScore(
            title=self.title,
            played_at=played_at,
            passed=self.passed,
            expected=len(self.outcomes),
            held=sum(one.held for one in self.outcomes),
            first_word_seconds=None if first is None else int(first.total_seconds()),
            cases=len(self.cases),
            in_time=sum(one.in_time for one in self.cases),
        )

    @property
    def exit_code(self) -> int:
        """0 where it passed, 1 where not."""
        return 0 if self.passed else 1
