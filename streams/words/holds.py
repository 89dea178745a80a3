"""Holds: fields that may not appear in public until a named person lifts them. No name is kept here, only its print."""

import operator
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from streams.values import Frozen, Identifier, Reason, Sentence, Word
from streams.why import Why

NAMES_MAX = 50
Print = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class HeldField(StrEnum):
    """What a text may not hold: who, how many, why, and how they are."""

    NAMES = "names"
    CASUALTIES = "casualties"
    CAUSE = "cause"
    CONDITION = "condition"


OF_PATIENTS = frozenset({HeldField.CASUALTIES, HeldField.CONDITION})
"""Lifted only once the lead agency's own post about it is in the log."""
TONIGHTS_LEAD = "lead"
"""In the place of a category: the agency that is noted as leading the incident, whichever that is."""
LEADS = ("police", "ambulance")
"""The categories of partners whose word facts about patients wait for, the one that speaks first first."""


class Hold(Frozen):
    """One field held back until one of `holders` lifts it.

    `names` are the prints, made with `salt`, of names that may not appear.
    `waits_for` are the categories of partners of which one has to have said it first, or `lead`; see `first_word`.
    """

    id: Identifier
    field: HeldField
    about: Word
    holders: tuple[Identifier, ...] = Field(min_length=1, max_length=20)
    names: tuple[Print, ...] = Field(default=(), max_length=NAMES_MAX)
    salt: Identifier = "none"
    waits_for: tuple[Identifier, ...] = Field(default=(), max_length=10, exclude_if=operator.not_)

    @property
    def first_word(self) -> tuple[Identifier, ...]:
        """Whose word the field waits for, by category: as its entry says, else for facts about patients the usual."""
        return self.waits_for or (LEADS if self.field in OF_PATIENTS else ())


class PlaceHold(Frozen):
    """Hold a field back; without `holders` those of the register lift it. Names come as prints: see `name_print`."""

    kind: Literal["place_hold"] = "place_hold"
    field: HeldField
    about: Word
    holders: tuple[Identifier, ...] = Field(default=(), max_length=20)
    names: tuple[Print, ...] = Field(default=(), max_length=NAMES_MAX)
    salt: Identifier = "none"


class LiftHold(Frozen):
    """Let a held field appear; about patients only on the lead agency's own post."""

    kind: Literal["lift_hold"] = "lift_hold"
    hold: Identifier = Field(description="The hold, as `holdingline status` shows it.")
    reason: Reason
    evidence: Identifier | None = Field(default=None, description="The post of the police or ambulance that said it.")


HoldOrder = PlaceHold | LiftHold


class HoldPlaced(Frozen):
    """A field is held back from here on; for what `beyond` names it came too late."""

    kind: Literal["hold_placed"] = "hold_placed"
    hold: Hold
    rule: Sentence
    beyond: tuple[Sentence, ...] = ()
    beyond_why: tuple[Why | None, ...] = Field(default=(), exclude_if=operator.not_)


class HoldLifted(Frozen):
    """A held field may appear, on this evidence."""

    kind: Literal["hold_lifted"] = "hold_lifted"
    hold: Identifier
    reason: Sentence
    evidence: Identifier | None
    rule: Sentence


HoldFact = HoldPlaced | HoldLifted


class Holds(Frozen):
    """What an incident adds to the holds of the register, and which of all these were lifted on which post.

    `changed` are the partners' posts that were edited or deleted: what they said is no evidence any more.
    """

    placed: tuple[Hold, ...] = ()
    lifted: Mapping[Identifier, Identifier | None] = Field(default_factory=dict)
    changed: tuple[Identifier, ...] = ()

    def after(self, fact: HoldPlaced | HoldLifted) -> "Holds":
        """The holds after this fact."""
        if isinstance(fact, HoldPlaced):
            return self.model_copy(update={"placed": (*self.placed, fact.hold)})
        return self.model_copy(update={"lifted": {**self.lifted, fact.hold: fact.evidence}})

    def without(self, post_id: str) -> "Holds":
        """The holds once this post is no longer what it was: whatever was lifted on it holds again."""
        lifted = {hold: evidence for hold, evidence in self.lifted.items() if evidence != post_id}
        return self.model_copy(update={"lifted": lifted, "changed": tuple(dict.fromkeys([*self.changed, post_id]))})

    def about(self, post_id: str | None) -> "Holds":
        """The same for words that repeat this post, or none: of what changed only that post says anything of them."""
        return self.model_copy(update={"changed": tuple(one for one in self.changed if one == post_id)})

    def known(self, register: Mapping[str, Hold]) -> Mapping[str, Hold]:
        """Every hold of the register and of the incident, lifted or not."""
        return {**register, **{hold.id: hold for hold in self.placed}}

    def in_force(self, register: Mapping[str, Hold]) -> list[Hold]:
        """The holds of the register and of the incident that have not been lifted."""
        return [hold for hold in self.known(register).values() if hold.id not in self.lifted]
