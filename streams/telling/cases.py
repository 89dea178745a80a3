"""Cases in words."""

from datetime import UTC, tzinfo

from streams.moments import told_in
from streams.subjects.case import Case
from streams.telling.names import Names
from streams.words.cases import CaseAnswered, CaseClosed, CaseFact, CaseHandedOn, CaseOpened


def told_case(body: CaseFact, names: Names) -> str:
    """One line for one fact about a case."""
    match body:
        case CaseOpened():
            came = f", from incident {body.incident}" if body.incident else ""
            until = f", to be answered by {told_in(names.zone, body.answer_by)}" if body.answer_by else ""
            return f"{body.sort} opened{came}{until}: {body.about}"
        case CaseHandedOn():
            return f"case handed on to {names.person(body.to)}: {body.reason}"
        case CaseAnswered():
            return f"case answered: {body.done}"
        case CaseClosed():
            return f"case closed: {body.reason}"


def case_line(case: Case, zone: tzinfo = UTC) -> str:
    """The state of one case in a line."""
    came = f", from incident {case.incident}" if case.incident else ""
    until = f", to be answered by {told_in(zone, case.answer_by)}" if case.answer_by else ""
    done = f"; done: {case.done}" if case.done else ""
    return f"case {case.id}: {case.status}, {case.sort}{came}, with {case.holder}{until}: {case.about}{done}"
