"""What was decided about the incident itself: its name and end, holds, responders, steps, and the briefing by mail."""

from collections import Counter
from collections.abc import Iterator, Sequence

from streams.telling.briefing.sections import BriefingLine, NamedWord
from streams.telling.happenings.names import NameBook, WrittenWords, written_each
from streams.why import Why
from streams.words.briefings.letters import BriefingClaimed, BriefingFact
from streams.words.holds import Hold, HoldFact, HoldLifted
from streams.words.incident import (
    ExerciseBegun,
    IncidentCancelled,
    IncidentDeclared,
    IncidentReclassified,
    IncidentRenamed,
    IncidentStoodDown,
    ReportReceived,
)
from streams.words.network.orders import (
    LeadSet,
    NetworkFact,
    PauseRecorded,
    PauseSought,
    ResponderJoined,
    ResponderLeft,
    StepTicked,
    StepUnticked,
)

SteeringFact = (
    ReportReceived
    | IncidentDeclared
    | IncidentRenamed
    | IncidentReclassified
    | IncidentStoodDown
    | IncidentCancelled
    | ExerciseBegun
)


def steering_lines(body: SteeringFact) -> Iterator[BriefingLine]:
    """What a person decided about the incident."""
    match body:
        case ReportReceived(methane=one):
            gaps = {"what": WrittenWords(f"{one.type_of_incident}, {one.exact_location}")}
            letters = "METHANE" if one.major_incident else "ETHANE"
            name = "happened-report-of" if body.responder_name else "happened-report"
            yield BriefingLine(name, {**gaps, "letters": letters, "responder": body.responder_name or ""})
        case IncidentDeclared(declaration=one):
            kind = NamedWord(f"type-{one.type}")
            yield BriefingLine("happened-declared", {"name": one.name, "kind": kind, "level": one.level})
        case IncidentRenamed():
            name = "happened-renamed-tags" if body.hashtags else "happened-renamed"
            tags = " ".join(body.hashtags)
            yield BriefingLine(name, {"name": body.name, "before": WrittenWords(body.before), "tags": tags})
        case IncidentReclassified():
            now = {"kind": NamedWord(f"type-{body.type}"), "level": body.level}
            before = {"kind_before": NamedWord(f"type-{body.type_before}"), "level_before": body.level_before}
            yield BriefingLine("happened-reclassified", {**now, **before, "reason": WrittenWords(body.reason)})
        case IncidentStoodDown():
            yield BriefingLine("happened-stood-down", {"reason": WrittenWords(body.reason)})
        case IncidentCancelled():
            yield BriefingLine("happened-cancelled", {"reason": WrittenWords(body.reason)})
        case ExerciseBegun():
            yield BriefingLine("happened-exercise", {"title": WrittenWords(body.title)})


def hold_lines(body: HoldFact, known: NameBook) -> Iterator[BriefingLine]:
    """What may not appear in public, or may again."""
    if isinstance(body, HoldLifted):
        reason = {"reason": WrittenWords(body.reason)}
        hold = known.holds.get(body.hold)
        name = "happened-lifted" if hold else "happened-lifted-unknown"
        yield BriefingLine(name, {**reason, **(_about(hold) if hold else {})})
        return
    holders = tuple(map(known.register.called, body.hold.holders))
    yield BriefingLine("happened-held", {**_about(body.hold), "people": holders})
    yield from beyond_lines(body.beyond, body.beyond_why)


def _about(hold: Hold) -> dict[str, object]:
    return {"field": NamedWord(f"held-{hold.field}"), "about": WrittenWords(hold.about)}


def beyond_lines(beyond: Sequence[str], made: Sequence[Why | None]) -> Iterator[BriefingLine]:
    """What a stop came too late for."""
    if beyond:
        yield BriefingLine("happened-beyond", {"places": written_each(beyond, made)})


def network_lines(body: NetworkFact, known: NameBook) -> Iterator[BriefingLine]:
    """Who is in the incident and leads, which steps are done, and what another program had scheduled."""
    match body:
        case ResponderJoined():
            yield BriefingLine("happened-responder-in", {"name": body.name})
        case ResponderLeft():
            yield BriefingLine("happened-responder-out", {"name": body.name, "reason": WrittenWords(body.reason)})
        case LeadSet():
            name = "happened-leads-after" if body.before else "happened-leads"
            yield BriefingLine(name, {"name": body.name, "before": body.before or ""})
        case StepTicked():
            yield BriefingLine("happened-step", {"title": known.step(body.step, body.title)})
        case StepUnticked():
            gaps = {"title": known.step(body.step, body.title), "reason": WrittenWords(body.reason)}
            yield BriefingLine("happened-step-not", gaps)
        case PauseSought():
            yield BriefingLine("happened-pause-sought", {"channel": known.register.place(body.channel)})
        case PauseRecorded():
            reason = WrittenWords(body.reason or "")
            name = "happened-paused" if body.is_done else "happened-paused-not"
            yield BriefingLine(name, {"name": body.name, "count": len(body.posts), "reason": reason})


def letter_lines(body: BriefingFact, known: NameBook) -> Iterator[BriefingLine]:
    """The briefing by mail, and who may lack it."""
    if isinstance(body, BriefingClaimed):
        yield BriefingLine("happened-briefing", {"number": body.number, "count": len(body.people)})
        return
    counts = Counter(one.outcome for one in body.results.values())
    yield BriefingLine(
        "happened-briefing-sent",
        {"number": body.number, **{one: counts[one] for one in ("sent", "failed", "unknown")}},
    )
    if body.missed:
        missed = tuple(map(known.register.called, body.missed))
        yield BriefingLine("happened-briefing-missed", {"people": missed})
