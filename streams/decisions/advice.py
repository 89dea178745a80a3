"""Advice: what to do instead, where an order does not fit the status of what it is about."""

from collections.abc import Mapping

from streams.subjects.case import Case, CaseStatus
from streams.subjects.incident import Incident, Status
from streams.subjects.listening.watch import TrustWatch, WatchStatus
from streams.subjects.plan import Plan, PlanStatus
from streams.why import because

ADVICE: Mapping[Status, str] = {
    Status.NONE: because("incident-none", "no such incident: declare it or hand in a METHANE report first"),
    Status.STANDBY: because("incident-standby", "the incident is on standby: declare it first"),
    Status.DECLARED: because(
        "incident-declared", "the incident is declared already: hand in further METHANE reports with a report"
    ),
    Status.CANCELLED: because("incident-cancelled", "the incident was cancelled: declare a new one"),
    Status.STOOD_DOWN: because("incident-stood-down", "the incident was stood down: declare a new one"),
}

CASE_ADVICE: Mapping[CaseStatus, str] = {
    CaseStatus.NONE: because("case-none", "no such case: open it first"),
    CaseStatus.OPEN: because("case-open", "the case is open already: hand it on, answer it or close it"),
    CaseStatus.HANDED_ON: because("case-handed-on", "the case was handed on: hand it on again, answer it or close it"),
    CaseStatus.CHECKING: because(
        "case-checking", "the first answer was given: answer the case, hand it on or close it"
    ),
    CaseStatus.ANSWERED: because("case-answered", "the case was answered: close it, or open a new one"),
    CaseStatus.CLOSED: because("case-closed", "the case was closed: open a new one"),
}

POST_ADVICE: Mapping[PlanStatus, str] = {
    PlanStatus.NONE: because("post-none", "no such post: plan it first"),
    PlanStatus.DRAFTED: because("post-drafted", "the post waits for another person's yes: give it, or drop the post"),
    PlanStatus.PLANNED: because("post-planned", "the post is planned already: give it a new time, or drop it"),
    PlanStatus.HELD: because("post-held", "the post is held: give it a new time, or drop it"),
    PlanStatus.OUT: because(
        "post-out", "the time of the post has come: plan another one, or correct or withdraw what is public"
    ),
    PlanStatus.DROPPED: because("post-dropped", "the post was dropped: plan another one, or withdraw what is public"),
}

WATCH_ADVICE: Mapping[WatchStatus, str] = {
    WatchStatus.NONE: because("watch-none", "no surge was heard: there is nothing to answer"),
    WatchStatus.NOT_OURS: because(
        "watch-not-ours", "a person found it not ours: it comes up again if it doubles or is another hazard"
    ),
    WatchStatus.SETTLED: because("watch-settled", "an incident was declared since: there is nothing left to answer"),
    WatchStatus.OVER: because("watch-over", "it fell back to the usual: there is nothing left to answer"),
}
"""While it waits, or is watched closer, every answer may be given."""


def advice(state: Incident | Case | Plan | TrustWatch) -> str:
    """What to do with a subject of this status."""
    match state:
        case Incident():
            return ADVICE[state.status]
        case Case():
            return CASE_ADVICE[state.status]
        case Plan():
            return POST_ADVICE[state.status]
        case TrustWatch():
            return WATCH_ADVICE[state.status]
