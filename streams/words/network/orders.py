"""Orders about the responders' network of an incident, and the facts that answer them."""

import operator
from typing import Literal

from pydantic import Field

from streams.values import Frozen, Identifier, Reason, Sentence, Word

POSTS_MAX = 100
"""So many scheduled posts of one program are held; what is beyond them a person holds by hand."""


class BringIn(Frozen):
    """Note that a responder of the register is in the incident."""

    kind: Literal["bring_in"] = "bring_in"
    responder: Identifier = Field(description="The responder, as `holdingline responders` shows it.")


class TakeOut(Frozen):
    """Note that a responder is in the incident no more."""

    kind: Literal["take_out"] = "take_out"
    responder: Identifier = Field(description="The responder, as `holdingline responders` shows it.")
    reason: Reason


class SetLead(Frozen):
    """Note which responder leads the incident from now on."""

    kind: Literal["set_lead"] = "set_lead"
    responder: Identifier = Field(description="The responder, as `holdingline responders` shows it.")


class TickStep(Frozen):
    """Tick off a step of the crisis process: it is done."""

    kind: Literal["tick_step"] = "tick_step"
    step: Identifier = Field(description="The step, as `holdingline steps` shows it.")


class UntickStep(Frozen):
    """Take a tick back: the step is not done after all."""

    kind: Literal["untick_step"] = "untick_step"
    step: Identifier = Field(description="The step, as `holdingline steps` shows it.")
    reason: Reason


class RecordPause(Frozen):
    """Record what an attempt to hold the posts of a program found; `posts` are the planned posts that they became.

    With `is_done` nothing of it goes out any more. A `reason` says what kept the service from that.
    """

    kind: Literal["record_pause"] = "record_pause"
    scheduler: Identifier
    attempt: int
    posts: tuple[Identifier, ...] = Field(default=(), max_length=POSTS_MAX)
    is_done: bool = False
    reason: Sentence | None = None


NetworkOrder = BringIn | TakeOut | SetLead | TickStep | UntickStep | RecordPause


class ResponderJoined(Frozen):
    """A responder is in the incident: a person brought it in, or a report named it; `rule` says by what."""

    kind: Literal["responder_joined"] = "responder_joined"
    responder: Identifier
    name: Word
    rule: Sentence


class ResponderLeft(Frozen):
    """A responder is in the incident no more."""

    kind: Literal["responder_left"] = "responder_left"
    responder: Identifier
    name: Word
    reason: Sentence
    rule: Sentence


class LeadSet(Frozen):
    """This responder leads; `before` is the name of the one that did."""

    kind: Literal["lead_set"] = "lead_set"
    responder: Identifier
    name: Word
    before: Word | None = None
    rule: Sentence


class StepTicked(Frozen):
    """A step of the crisis process is done."""

    kind: Literal["step_ticked"] = "step_ticked"
    step: Identifier
    title: Word
    rule: Sentence


class StepUnticked(Frozen):
    """A step of the crisis process is not done after all."""

    kind: Literal["step_unticked"] = "step_unticked"
    step: Identifier
    title: Word
    reason: Sentence
    rule: Sentence


class PauseSought(Frozen):
    """The server of this channel is asked to hold what this program has scheduled there."""

    kind: Literal["pause_sought"] = "pause_sought"
    scheduler: Identifier
    channel: Identifier
    attempt: int


class PauseRecorded(Frozen):
    """What came of it, as `RecordPause` has it; `name` is that of the program."""

    kind: Literal["pause_recorded"] = "pause_recorded"
    scheduler: Identifier
    name: Word
    posts: tuple[Identifier, ...] = ()
    is_done: bool = Field(default=False, exclude_if=operator.not_)
    reason: Sentence | None = None


NetworkFact = ResponderJoined | ResponderLeft | LeadSet | StepTicked | StepUnticked | PauseSought | PauseRecorded
