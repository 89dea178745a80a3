"""The sum of the facts about the network of one incident: responders, lead, ticked steps, and what each reported."""

import operator
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Self

from pydantic import Field

from streams.values import Frozen, Identifier, Sentence, Utc, Word
from streams.words.network.entries import SchedulerOn, Step
from streams.words.network.orders import (
    LeadSet,
    NetworkFact,
    PauseRecorded,
    PauseSought,
    ResponderJoined,
    ResponderLeft,
    StepTicked,
    StepUnticked,
)

OURSELVES = ""
"""The key of what our own people reported: no responder has it, since an identifier is not empty."""


class Ticked(Frozen):
    """Who ticked a step off, and when."""

    by: Identifier
    at: Utc


class SaidLetter(Frozen):
    """What one responder says of one letter of the report, and since when it says so."""

    words: tuple[Word, ...]
    since: Utc


class Reporter(Frozen):
    """What one responder reported last, letter by letter; `name` is None for our own people. `by` handed it in."""

    name: Word | None
    by: Identifier
    at: Utc
    letters: Mapping[str, SaidLetter]

    def after(self, letters: Mapping[str, tuple[str, ...]], *, by: str, at: datetime) -> Self:
        """The same with a newer report: a letter that says the same says so since the earlier one."""
        return self.model_copy(update={"by": by, "at": at, "letters": _said(letters, at, before=self.letters)})


class StepState(Frozen):
    """One step in one incident: when it is due, and who ticked it off.

    `public_since` is when the first word was public; None for every other step.
    """

    step: Step
    due_at: Utc | None
    ticked: Ticked | None
    public_since: Utc | None = None

    @property
    def is_done(self) -> bool:
        """Whether a person ticked it off, or it is the first word, which is public."""
        return self.ticked is not None or self.public_since is not None

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should be done by now, and is not."""
        return not self.is_done and self.due_at is not None and self.due_at <= now


class Pause(Frozen):
    """How far a program that keeps its posts on a channel's server is held: which attempt, since when, what came of it.

    `posts` are our planned posts that its posts became.
    """

    channel: Identifier
    attempt: int
    at: Utc
    posts: tuple[Identifier, ...] = ()
    is_done: bool = False
    reason: Sentence | None = None


class Network(Frozen):
    """Which responders are `present`, with their names, and which were taken out; who leads; what is ticked off.

    `steps` are those of the trust's list when the incident was declared: a later list is for later incidents.
    `schedulers` are the programs that posted for us then; `pauses` says how far those on a channel's server are held.
    `reporters` has what each responder reported last, our own people under `OURSELVES`.
    """

    present: Mapping[Identifier, Word] = Field(default_factory=dict)
    taken_out: tuple[Identifier, ...] = ()
    lead: Identifier | None = None
    steps: tuple[Step, ...] = ()
    schedulers: tuple[SchedulerOn, ...] = Field(default=(), exclude_if=operator.not_)
    pauses: Mapping[Identifier, Pause] = Field(default_factory=dict, exclude_if=operator.not_)
    ticked: Mapping[Identifier, Ticked] = Field(default_factory=dict)
    reporters: Mapping[str, Reporter] = Field(default_factory=dict, exclude_if=operator.not_)

    @property
    def lead_name(self) -> str | None:
        """What the responder that leads is called; None if it is not known which one leads."""
        return self.present.get(self.lead) if self.lead else None

    def after(self, body: NetworkFact, *, by: str, at: datetime) -> Self:
        """The network after this fact."""
        match body:
            case ResponderJoined(responder=one, name=name):
                out = tuple(other for other in self.taken_out if other != one)
                return self._with(present={**self.present, one: name}, taken_out=out)
            case ResponderLeft(responder=one):
                present = {other: name for other, name in self.present.items() if other != one}
                out = tuple(dict.fromkeys([*self.taken_out, one]))
                return self._with(present=present, taken_out=out, lead=None if self.lead == one else self.lead)
            case LeadSet(responder=one):
                return self._with(lead=one)
            case StepTicked(step=one):
                return self._with(ticked={**self.ticked, one: Ticked(by=by, at=at)})
            case StepUnticked(step=one):
                return self._with(ticked={other: tick for other, tick in self.ticked.items() if other != one})
            case PauseSought(scheduler=one, channel=channel, attempt=attempt):
                known = self.pauses.get(one)
                posts, reason = (known.posts, known.reason) if known else ((), None)
                begun = Pause(channel=channel, attempt=attempt, at=at, posts=posts, reason=reason)
                return self._with(pauses={**self.pauses, one: begun})
            case PauseRecorded(scheduler=one, posts=posts, is_done=is_done, reason=reason):
                found = {"at": at, "posts": posts, "is_done": is_done, "reason": reason}
                return self._with(pauses={**self.pauses, one: self.pauses[one].model_copy(update=found)})

    def reported(
        self, letters: Mapping[str, tuple[str, ...]], *, whose: tuple[str, str] | None, by: str, at: datetime
    ) -> Self:
        """The network after a report of the responder of this identifier and name; of our own people if it is None."""
        key, name = whose or (OURSELVES, None)
        known = self.reporters.get(key)
        newer = (
            known.after(letters, by=by, at=at)
            if known
            else Reporter(name=name, by=by, at=at, letters=_said(letters, at, before={}))
        )
        return self._with(reporters={**self.reporters, key: newer})

    def step_states(self, declared_at: datetime | None, *, is_over: bool) -> Sequence[StepState]:
        """Every step: other programs are paused first, then comes the list; once it `is_over`, they post again last."""
        return [self._state(one, declared_at) for one in self.steps_now(is_over=is_over)]

    def steps_now(self, *, is_over: bool) -> Sequence[Step]:
        """The same steps by themselves."""
        resuming = [one.resuming for one in self.schedulers if not self.holds_all_of(one)] if is_over else []
        return [*(one.pausing for one in self.schedulers), *self.steps, *resuming]

    def holds_all_of(self, one: SchedulerOn) -> bool:
        """Whether the service itself holds every post of this program, so that no person has to let it post again."""
        pause = self.pauses.get(one.scheduler.id)
        return pause is not None and pause.is_done

    def _state(self, step: Step, declared_at: datetime | None) -> StepState:
        return StepState(step=step, due_at=_due(step, declared_at), ticked=self.ticked.get(step.id))

    def _with(self, **parts: object) -> Self:
        return self.model_copy(update=parts)


def _due(step: Step, declared_at: datetime | None) -> datetime | None:
    if declared_at is None or step.due_minutes is None:
        return None
    return declared_at + timedelta(minutes=step.due_minutes)


def _said(
    letters: Mapping[str, tuple[str, ...]], at: datetime, *, before: Mapping[str, SaidLetter]
) -> Mapping[str, SaidLetter]:
    """What is said of each letter, since when; one of which the newer report says nothing stays as it was."""
    newer = {
        letter: SaidLetter(words=words, since=at)
        for letter, words in letters.items()
        if words and not (letter in before and before[letter].words == words)
    }
    return {**before, **newer}
