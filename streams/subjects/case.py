"""The state of one case: the fold of its facts. It has no part in the state of the incident that it came from."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from streams.subjects.state import State
from streams.values import Identifier, Sentence, Subject, SubjectKind, Utc
from streams.words.cases import CaseAnswered, CaseClosed, CaseHandedOn, CaseOpened, CaseSort
from streams.words.facts import Fact


class CaseStatus(StrEnum):
    """Where a case is; `none` is before it is opened."""

    NONE = "none"
    OPEN = "open"
    HANDED_ON = "handed-on"
    ANSWERED = "answered"
    CLOSED = "closed"


class Case(State):
    """All that the facts of one case add up to: `holder` is the person who has it, `done` what was done about it."""

    kind: Literal["case"] = "case"
    status: CaseStatus = CaseStatus.NONE
    sort: CaseSort | None = None
    about: Sentence | None = None
    incident: Identifier | None = None
    answer_by: Utc | None = None
    opened_at: Utc | None = None
    holder: Identifier | None = None
    done: Sentence | None = None

    @property
    def subject(self) -> Subject:
        """The case."""
        return Subject(kind=SubjectKind.CASE, id=self.id)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.status not in {CaseStatus.NONE, CaseStatus.CLOSED}

    def is_overdue(self, now: datetime) -> bool:
        """Whether it was to be answered before this moment, and nobody has answered it."""
        waits = self.status in {CaseStatus.OPEN, CaseStatus.HANDED_ON}
        return waits and self.answer_by is not None and self.answer_by < now

    def changed_by(self, fact: Fact) -> dict[str, Any]:
        """What this fact changes in the case."""
        match fact.body:
            case CaseOpened() as opened:
                given = {name: getattr(opened, name) for name in ("sort", "about", "incident", "answer_by")}
                return {"status": CaseStatus.OPEN, "opened_at": fact.at, "holder": fact.by, **given}
            case CaseHandedOn(to=to):
                return {"status": CaseStatus.HANDED_ON, "holder": to}
            case CaseAnswered(done=done):
                return {"status": CaseStatus.ANSWERED, "done": done}
            case CaseClosed():
                return {"status": CaseStatus.CLOSED}
            case _:
                return {}
