"""What the worker notes of the risk register in the register's own log: whose reviews are overdue."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from streams.values import Frozen, Identifier

LATE_MAX = 50
"""So many overdue reviews are noted at once, so that one fact stays small."""
LateReviews = Annotated[Mapping[Identifier, date], Field(max_length=LATE_MAX)]
"""The day by which somebody was to look at each of these risks again."""


class NoteRisks(Frozen):
    """Note the risks whose review is overdue; the worker does that when it changes."""

    kind: Literal["note_risks"] = "note_risks"
    late: LateReviews = Field(default_factory=dict)


class RisksNoted(Frozen):
    """The reviews of these risks are overdue, and no others; nothing waits for them but a person's look."""

    kind: Literal["risks_noted"] = "risks_noted"
    late: LateReviews = Field(default_factory=dict)
