"""Cases in words."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from streams.decisions.cases.retention import KeptRecords, Retention
from streams.moments import told_in
from streams.subjects.case import Case
from streams.telling.names import Names
from streams.words.cases import (
    CaseAcknowledged,
    CaseAnswered,
    CaseClosed,
    CaseEvidenceReleased,
    CaseFact,
    CaseGathered,
    CaseHandedOn,
    CaseModerated,
    CaseOpened,
    EnquiryNoted,
    HateSuspected,
)

HOUR, DAY = 60, 24 * 60
"""In minutes."""


def told_case(body: CaseFact, names: Names) -> str:
    """One line for one fact about a case."""
    match body:
        case CaseOpened():
            came = f", from incident {body.incident}" if body.incident else ""
            until = f", to be answered by {told_in(names.zone, body.answer_by)}" if body.answer_by else ""
            return f"{body.sort} opened{_found(body)}{came}{until}: {body.about}"
        case CaseGathered():
            until = (
                f"; it is open again, to be answered by {told_in(names.zone, body.answer_by)}" if body.answer_by else ""
            )
            return f"case has {body.gathered} posts by now{until}"
        case CaseHandedOn():
            return f"case handed on to {names.person(body.to)}: {body.reason}"
        case CaseAcknowledged():
            said = f" with {body.said}" if body.said else ""
            until = told_in(names.zone, body.answer_by)
            return f"first answer given{said}: we are checking; the next one is due by {until}"
        case EnquiryNoted():
            return f"media enquiry: {enquiry_line(body)}"
        case CaseAnswered():
            return f"case answered: {body.done}"
        case CaseClosed():
            nature = f", {body.nature}" if body.nature else ""
            told = f", told {body.told}" if body.told else ""
            return f"case closed{nature}{told}: {body.reason}"
        case _:
            return _told_hostile(body, names)


def _told_hostile(body: CaseModerated | HateSuspected | CaseEvidenceReleased, names: Names) -> str:
    """One line for one decision about abuse or suspected hate."""
    match body:
        case CaseModerated():
            did = {"hide": "post hidden", "block": "account blocked", "no-answer": "no answer is given"}
            return f"{did[body.treatment.value]}, by the criterion {body.criterion}"
        case HateSuspected():
            until = told_in(names.zone, body.answer_by)
            return f"hate crime suspected, it was {body.was}: {body.reason}; to be answered by {until}"
        case CaseEvidenceReleased():
            return f"the evidence is released, what is kept of people may be deleted: {body.reason}"


def _found(body: CaseOpened | Case) -> str:
    """Why a machine opened it, as the part of a sentence; empty if a person did."""
    if not body.by_rule:
        return ""
    words = f", words: {', '.join(body.words)}" if body.words else ""
    addressed = ", addressed to us" if body.addressed else ""
    gathered = f", {body.gathered} posts" if body.gathered > 1 else ""
    return f" (rule {body.by_rule}{words}{addressed}{gathered})"


def enquiry_line(noted: EnquiryNoted) -> str:
    """What is known of a media enquiry, in a line."""
    contact = "first contact" if noted.first_contact else "not their first contact"
    effect = {"stops-it": "stop it", "feeds-it": "feed it", "unclear": "do what is unclear"}[noted.effect.value]
    before = f"; before: {noted.said_before}" if noted.said_before else ""
    return f"{noted.asker}, {contact}; a quick answer would {effect}{before}"


def case_line(case: Case, zone: tzinfo) -> str:
    """The state of one case in a line."""
    came = f", from incident {case.incident}" if case.incident else ""
    until = f", to be answered by {told_in(zone, case.answer_by)}" if case.answer_by else ""
    done = f"; done: {case.done}" if case.done else ""
    who = f"with {case.holder}" if case.holder else "with nobody yet"
    return f"case {case.id}: {case.status}, {case.sort}{_found(case)}{came}, {who}{until}: {case.about}{done}"


def told_listed(case: Case, people: Sequence[str], *, now: datetime, zone: tzinfo) -> str:
    """A case as the list shows it: what is late first, its age, who has it, and why it is here."""
    late = "OVERDUE  " if case.is_overdue(now) else ""
    minutes = int((now - case.opened_at).total_seconds() // 60) if case.opened_at else 0
    hours = f"{minutes // HOUR} h" if minutes < 2 * DAY else f"{minutes // DAY} d"
    age = f"{minutes} min" if minutes < 2 * HOUR else hours
    desk = f"at the desk of {', '.join(people)}" if people else "at no desk"
    who = f"with {people[0]}" if case.holder and people else desk
    due = f", due {told_in(zone, case.answer_by)}" if case.answer_by and case.waits else ""
    return f"{late}{case.id}: {case.sort}{_found(case)}, {case.status}, {age} old, {who}{due}: {case.about}"


def told_kept(found: Retention, zone: tzinfo) -> str:
    """Until when what is kept of people for a case stays."""
    if found.held:
        return "what is kept of people stays as evidence until the person named for hate crime releases it"
    if found.until:
        return f"what is kept of people is deleted by {told_in(zone, found.until)}"
    return "what is kept of people is deleted 30 days after the case is closed"


def told_records(found: KeptRecords, zone: tzinfo) -> str:
    """For how many cases something is kept of people, when the next of it is deleted, and whether that is late."""
    if not found.is_any:
        return "nothing is kept of people for any case"
    due = told_in(zone, found.next_at) if found.next_at else ""
    late = (
        f"LATE: closed cases whose posts should be deleted by now: {found.late}, the first since {due}; "
        "look whether the worker of the mention lane runs, since it deletes them. "
        if found.late
        else ""
    )
    following = f", the next by {due}" if due and not found.late else ""
    waiting = f"closed cases whose posts wait for their deletion: {found.waiting}{following}"
    return f"{late}{waiting}; cases whose posts stay: {found.open} open, {found.held} held as evidence"
