"""The state of one case: the fold of its facts. It has no part in the state of the incident that it came from."""

import operator
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from streams.subjects.state import State
from streams.values import Identifier, Sentence, Subject, SubjectKind, Utc, Word
from streams.words.cases import (
    AT_DESK,
    CaseAcknowledged,
    CaseAnswered,
    CaseClosed,
    CaseEvidenceReleased,
    CaseGathered,
    CaseHandedOn,
    CaseModerated,
    CaseOpened,
    CaseSort,
    EnquiryNoted,
    HateSuspected,
    Nature,
)
from streams.words.facts import Fact
from streams.words.orders import Giver
from streams.words.sign_off import SearchEnded

MACHINES = frozenset(Giver) - {Giver.PERSON}
"""Who opens a case without having it."""


class CaseStatus(StrEnum):
    """Where a case is; `none` is before it is opened."""

    NONE = "none"
    OPEN = "open"
    HANDED_ON = "handed-on"
    CHECKING = "checking"
    ANSWERED = "answered"
    CLOSED = "closed"


class Case(State):
    """All that the facts of one case add up to: `holder` is the person who has it, `done` what was done about it.

    A case without a holder is with the desk of its sort, see `decisions.cases.desks`.
    `suspected` says that it was ever a suspected hate crime, `released_at` when its evidence was released.
    `by_rule`, `words`, `addressed` and `gathered` say why a machine opened it.
    """

    kind: Literal["case"] = "case"
    status: CaseStatus = CaseStatus.NONE
    sort: CaseSort | None = None
    about: Sentence | None = None
    incident: Identifier | None = None
    answer_by: Utc | None = None
    opened_at: Utc | None = None
    holder: Identifier | None = None
    done: Sentence | None = None
    by_rule: Identifier | None = Field(default=None, exclude_if=operator.not_)
    words: tuple[Word, ...] = Field(default=(), exclude_if=operator.not_)
    addressed: bool = Field(default=False, exclude_if=operator.not_)
    gathered: int = Field(default=0, exclude_if=operator.not_)
    said: Identifier | None = Field(default=None, exclude_if=operator.not_)
    enquiry: EnquiryNoted | None = Field(default=None, exclude_if=operator.not_)
    nature: Nature | None = Field(default=None, exclude_if=operator.not_)
    told: Word | None = Field(default=None, exclude_if=operator.not_)
    moderated: CaseModerated | None = Field(default=None, exclude_if=operator.not_)
    suspected: bool = Field(default=False, exclude_if=operator.not_)
    released_at: Utc | None = Field(default=None, exclude_if=operator.not_)
    closed_at: Utc | None = Field(default=None, exclude_if=operator.not_)

    @property
    def subject(self) -> Subject:
        """The case."""
        return Subject(kind=SubjectKind.CASE, id=self.id)

    @property
    def had_by(self) -> str:
        """Who has it, as an order that hands it on says it: a person, or the desk."""
        return self.holder or AT_DESK

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.status not in {CaseStatus.NONE, CaseStatus.CLOSED}

    @property
    def waits(self) -> bool:
        """Whether it is still to be answered."""
        return self.is_open and self.status is not CaseStatus.ANSWERED

    def is_overdue(self, now: datetime) -> bool:
        """Whether it was to be answered before this moment, and nobody has answered it."""
        return self.waits and self.answer_by is not None and self.answer_by < now

    def changed_by(self, fact: Fact) -> dict[str, Any]:
        """What this fact changes in the case."""
        match fact.body:
            case CaseOpened() as opened:
                return _begun(opened, fact)
            case CaseGathered(gathered=gathered, answer_by=None):
                return {"gathered": gathered}
            case CaseGathered(gathered=gathered, answer_by=until):
                again = {"status": CaseStatus.OPEN, "holder": None, "answer_by": until, "closed_at": None}
                return {"gathered": gathered, **again}
            case CaseHandedOn(to=to):
                # Who is asked by whom does not take back that the first answer was given.
                after = self.status if self.status is CaseStatus.CHECKING else CaseStatus.HANDED_ON
                return {"status": after, "holder": to}
            case CaseAcknowledged(answer_by=until, said=said):
                return {
                    "status": CaseStatus.CHECKING,
                    "answer_by": until,
                    "said": said,
                    "holder": self.holder or fact.by,
                }
            case EnquiryNoted() as noted:
                return {"enquiry": noted}
            case CaseAnswered(done=done):
                return {"status": CaseStatus.ANSWERED, "done": done, "holder": self.holder or fact.by}
            case CaseClosed(nature=nature, told=told):
                return {"status": CaseStatus.CLOSED, "nature": nature, "told": told, "closed_at": fact.at}
            case SearchEnded(search_id=name, outcome="answered", person=person) if self.holder is None:
                # Who takes on what waits in a case that nobody has taken has it now; a matter leaves it where it is.
                return {"holder": person} if self.searches[name].concern else {}
            case _:
                return _of_hate(fact)


def _begun(opened: CaseOpened, fact: Fact) -> dict[str, Any]:
    given = {name: getattr(opened, name) for name in CaseOpened.model_fields if name not in {"kind", "to_desk"}}
    holder = None if fact.by in MACHINES or opened.to_desk else fact.by
    hate = opened.sort is CaseSort.HATE_CRIME
    return {"status": CaseStatus.OPEN, "opened_at": fact.at, "holder": holder, "suspected": hate, **given}


def _of_hate(fact: Fact) -> dict[str, Any]:
    """What a decision about abuse, or about a suspected hate crime, changes in the case."""
    match fact.body:
        case CaseModerated() as moderated:
            return {"moderated": moderated}
        case HateSuspected(answer_by=until):
            sort = CaseSort.HATE_CRIME
            given = {"sort": sort, "answer_by": until, "suspected": True}
            return {"status": CaseStatus.OPEN, "holder": None, **given}
        case CaseEvidenceReleased():
            return {"released_at": fact.at}
        case _:
            return {}
