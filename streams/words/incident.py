"""An incident: the METHANE report that comes in, the orders that open and end it, and the facts they give."""

import operator
from collections.abc import Mapping
from functools import partial
from typing import Literal

from pydantic import Field

from streams.values import LIST_MAX, Frozen, Hashtag, Identifier, IncidentType, Level, Mode, Reason, Sentence, Utc, Word
from streams.words.network.entries import SCHEDULERS_MAX, STEPS_MAX, SchedulerOn, Step

_is_none = partial(operator.is_, None)


class Methane(Frozen):
    """JESIP's report. With `major_incident` false it is an ETHANE report; several responders may disagree."""

    major_incident: bool
    exact_location: Word
    type_of_incident: Word
    hazards: tuple[Word, ...] = ()
    access: Word | None = None
    number_of_casualties: Word | None = None
    emergency_services: tuple[Word, ...] = ()

    @property
    def known_by(self) -> Word:
        """What the incident is called unless a person names it; place and type together may be too long for a line."""
        named = f"{self.type_of_incident}, {self.exact_location}"
        return f"{named[0].upper()}{named[1:]}"[:200]

    @property
    def letters(self) -> Mapping[str, tuple[Word, ...]]:
        """What each letter says, by the name of its field; nothing where it was not reported."""
        return {
            "major_incident": ("yes" if self.major_incident else "no",),
            "exact_location": (self.exact_location,),
            "type_of_incident": (self.type_of_incident,),
            "hazards": self.hazards,
            "access": (self.access,) if self.access else (),
            "number_of_casualties": (self.number_of_casualties,) if self.number_of_casualties else (),
            "emergency_services": self.emergency_services,
        }


class Wiring(Frozen):
    """A channel as a worker has wired it up: which mode it publishes for and whose credential it holds."""

    channel: Identifier
    kind: Identifier
    mode: Mode
    credential_mode: Mode | None = None


class BeginExercise(Frozen):
    """Start a drill on these channels; refused where any of them could reach the public."""

    kind: Literal["begin_exercise"] = "begin_exercise"
    title: Word
    wiring: tuple[Wiring, ...]


class Report(Frozen):
    """Hand in a METHANE or ETHANE report; a first one opens the incident on standby."""

    kind: Literal["report"] = "report"
    methane: Methane
    responder: Identifier | None = Field(
        default=None, exclude_if=operator.not_, description="The responder whose report it is; our own if none."
    )


class Declare(Frozen):
    """Declare an incident: from here on it has words and hashtags that mentions and partners are matched by."""

    kind: Literal["declare"] = "declare"
    name: Word
    type: IncidentType
    level: Level
    methane: Methane
    hashtags: tuple[Hashtag, ...] = Field(default=(), max_length=LIST_MAX)
    words: tuple[Word, ...] = Field(default=(), max_length=LIST_MAX)


class Rename(Frozen):
    """Give the incident another name; posts that use the old one are still found."""

    kind: Literal["rename"] = "rename"
    name: Word = Field(description="What the incident is called from now on.")
    hashtags: tuple[Hashtag, ...] = Field(
        default=(), max_length=LIST_MAX, description="A hashtag of it from now on, once for each; as they are if none."
    )


class Reclassify(Frozen):
    """Give the incident another type or level; from now on, authority is judged by these."""

    kind: Literal["reclassify"] = "reclassify"
    type: IncidentType | None = Field(default=None, description="The type from now on; as it is if none.")
    level: Level | None = Field(default=None, description="The level from now on, 1 to 4; as it is if none.")
    reason: Reason


class StandDown(Frozen):
    """End the incident: it is over."""

    kind: Literal["stand_down"] = "stand_down"
    reason: Reason


class Cancel(Frozen):
    """Cancel the incident: it never was."""

    kind: Literal["cancel"] = "cancel"
    reason: Reason


class NoteSignal(Frozen):
    """Put a signal, and the templates that fit, before the commander.

    `count` is people in the last `minutes`, where `usual` are usual; in older records it is posts in one minute.
    `peak` is the highest that was signalled before.
    """

    kind: Literal["note_signal"] = "note_signal"
    signal: Literal["surge"]
    minute: Utc
    count: int = Field(ge=0)
    minutes: int | None = Field(default=None, ge=1, exclude_if=operator.not_)
    usual: float | None = Field(default=None, ge=0, exclude_if=_is_none)
    peak: int = Field(default=0, ge=0, exclude_if=operator.not_)


IncidentOrder = BeginExercise | Declare | Report | Rename | Reclassify | StandDown | Cancel | NoteSignal


class ExerciseBegun(Frozen):
    """A drill began; none of its channels can reach the public."""

    kind: Literal["exercise_begun"] = "exercise_begun"
    title: Word
    wiring: tuple[Wiring, ...]


class ReportReceived(Frozen):
    """A METHANE or ETHANE report came in, from this responder; from our own people if it names none."""

    kind: Literal["report_received"] = "report_received"
    methane: Methane
    responder: Identifier | None = Field(default=None, exclude_if=operator.not_)
    responder_name: Word | None = Field(default=None, exclude_if=operator.not_)


class IncidentDeclared(Frozen):
    """The incident was declared, by this rule of authority; `steps` are those of the crisis process at that moment.

    `schedulers` are other programs that post for us: until a person pauses them, they go on.
    """

    kind: Literal["incident_declared"] = "incident_declared"
    declaration: Declare
    rule: Sentence
    steps: tuple[Step, ...] = Field(default=(), max_length=STEPS_MAX, exclude_if=operator.not_)
    schedulers: tuple[SchedulerOn, ...] = Field(default=(), max_length=SCHEDULERS_MAX, exclude_if=operator.not_)


class IncidentRenamed(Frozen):
    """The incident has another name, and these hashtags; `before` is what it was called."""

    kind: Literal["incident_renamed"] = "incident_renamed"
    name: Word
    before: Word
    hashtags: tuple[Hashtag, ...] = ()
    rule: Sentence


class IncidentReclassified(Frozen):
    """The incident has this type and level now, and had those before."""

    kind: Literal["incident_reclassified"] = "incident_reclassified"
    type: IncidentType
    level: Level
    type_before: IncidentType
    level_before: Level
    reason: Sentence
    rule: Sentence


class IncidentStoodDown(Frozen):
    """The incident is over."""

    kind: Literal["incident_stood_down"] = "incident_stood_down"
    reason: Sentence
    rule: Sentence


class IncidentCancelled(Frozen):
    """The incident never was."""

    kind: Literal["incident_cancelled"] = "incident_cancelled"
    reason: Sentence
    rule: Sentence


class Ending(Frozen):
    """Who ended an incident, when and why."""

    by: Identifier
    at: Utc
    reason: Sentence


class SignalNoted(Frozen):
    """The commander was shown a signal, see `NoteSignal`, with the templates that fit."""

    kind: Literal["signal_noted"] = "signal_noted"
    signal: Literal["surge"]
    minute: Utc
    count: int
    templates: tuple[Identifier, ...]
    minutes: int | None = Field(default=None, exclude_if=operator.not_)
    usual: float | None = Field(default=None, exclude_if=_is_none)
    peak: int = Field(default=0, exclude_if=operator.not_)
