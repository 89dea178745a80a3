"""Cases: something addressed to us that somebody must answer or hand on. Orders and facts.

A case may come from an incident and outlives it. Its words are kept for ever, so they hold no personal data.
"""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from streams.values import Frozen, Identifier, Reason, Sentence, Utc


class CaseSort(StrEnum):
    """What sort of thing was addressed to us."""

    MEDIA_ENQUIRY = "media-enquiry"
    COMPLAINT = "complaint"
    CALL_FOR_HELP = "call-for-help"
    ABUSE = "abuse"
    THREAT = "threat"
    HATE_CRIME = "hate-crime"


class OpenCase(Frozen):
    """Open a case: something addressed to us that somebody must answer or hand on."""

    kind: Literal["open_case"] = "open_case"
    sort: CaseSort = Field(description="What sort of thing was addressed to us.")
    about: Sentence = Field(description="What it is about, in a sentence; it is kept for ever, so name nobody.")
    incident: Identifier | None = Field(default=None, description="The incident that it came from.")
    answer_by: Utc | None = Field(default=None, description="By when it is to be answered, as 17:00 or +2h.")


class HandOnCase(Frozen):
    """Hand a case on to a person of the register, who is to answer it."""

    kind: Literal["hand_on_case"] = "hand_on_case"
    to: Identifier = Field(description="The person who is to answer it.")
    reason: Reason


class AnswerCase(Frozen):
    """Say what was done about a case."""

    kind: Literal["answer_case"] = "answer_case"
    done: Sentence = Field(description="What was done, in a sentence; it is kept for ever, so name nobody.")


class CloseCase(Frozen):
    """Close a case, answered or not."""

    kind: Literal["close_case"] = "close_case"
    reason: Reason


CaseOrder = OpenCase | HandOnCase | AnswerCase | CloseCase


class CaseOpened(Frozen):
    """Something was addressed to us; the person who opened the case has it until it is handed on."""

    kind: Literal["case_opened"] = "case_opened"
    sort: CaseSort
    about: Sentence
    incident: Identifier | None = None
    answer_by: Utc | None = None


class CaseHandedOn(Frozen):
    """Another person has the case now."""

    kind: Literal["case_handed_on"] = "case_handed_on"
    to: Identifier
    reason: Sentence


class CaseAnswered(Frozen):
    """What was done about the case."""

    kind: Literal["case_answered"] = "case_answered"
    done: Sentence


class CaseClosed(Frozen):
    """Nothing is left to do about the case."""

    kind: Literal["case_closed"] = "case_closed"
    reason: Sentence


CaseFact = CaseOpened | CaseHandedOn | CaseAnswered | CaseClosed
