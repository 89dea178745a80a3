"""Steering an incident: reports, declaration, name and level, stand down, cancel, signals, and the start of a drill."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import Act, may, who_could
from streams.decisions.desk import network_orders
from streams.decisions.plans import server_posts
from streams.decisions.verdict import Refused, Verdict, reasons_of
from streams.subjects.incident import words_kept
from streams.values import LIST_MAX, Power, is_drill
from streams.why import because
from streams.words.facts import FactBody
from streams.words.incident import (
    BeginExercise,
    Cancel,
    Declare,
    ExerciseBegun,
    IncidentCancelled,
    IncidentDeclared,
    IncidentReclassified,
    IncidentRenamed,
    IncidentStoodDown,
    NoteSignal,
    Reclassify,
    Rename,
    Report,
    ReportReceived,
    SignalNoted,
    StandDown,
    Wiring,
)
from streams.words.network.entries import SCHEDULERS_MAX, STEPS_MAX, Scheduler, SchedulerOn
from streams.words.register.entries import Register


def begin_exercise(order: Order, body: BeginExercise) -> Sequence[FactBody]:
    """A drill begins only where every channel belongs to it: no live channel, no live credential."""
    mode = order.incident.mode
    if not is_drill(mode):
        form = "a live worker plays no exercises: run it with `holdingline exercise run`"
        return order.refused(because("no-exercises-here", form))
    form = "channel {channel} {problem}: take it out of the exercise"
    leaks = [
        because("leaks", form, channel=wiring.channel, problem=problem)
        for wiring in body.wiring
        for problem in _leaks(wiring, mode)
    ]
    return order.refused(*leaks) if leaks else [ExerciseBegun(title=body.title, wiring=body.wiring)]


def _leaks(wiring: Wiring, mode: str) -> Iterator[str]:
    if wiring.mode != mode:
        yield because("leaks-mode", "publishes in mode {mode}, not in {ours}", mode=wiring.mode, ours=mode)
    if wiring.credential_mode not in {None, mode}:
        yield because("leaks-secret", "holds a credential of mode {mode}", mode=wiring.credential_mode or "")


def report(order: Order, body: Report) -> Sequence[FactBody]:
    """Anybody on the register may hand in a report."""
    if order.command.by not in order.register.people:
        form = "{person} is not on the register: have somebody who is hand the report in"
        return order.refused(because("report-by-register", form, person=order.command.by))
    whose = order.register.responders.get(body.responder) if body.responder else None
    if body.responder and whose is None:
        return order.refused(network_orders.stranger(body.responder, order.register))
    received = ReportReceived(
        methane=body.methane, responder=body.responder, responder_name=whose.name if whose else None
    )
    return [received, *network_orders.named_by(order, body.methane, whose=whose)]


def declare(order: Order, body: Declare) -> Sequence[FactBody]:
    """Declaring needs the power for this type and level; an ETHANE report declares nothing."""
    if not body.methane.major_incident:
        return order.refused(
            because("ethane", "the report says M: no, which makes it an ETHANE report: hand it in with a report")
        )
    verdict = may(
        order.command.by, Act(Power.DECLARE, order.now, type=body.type, level=body.level), register=order.register
    )
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    steps = tuple(order.register.steps.values())[:STEPS_MAX]
    schedulers = tuple(_schedulers(order.register))[:SCHEDULERS_MAX]
    declared = IncidentDeclared(declaration=body, rule=verdict.rule, steps=steps, schedulers=schedulers)
    return [declared, *server_posts.begin(schedulers), *network_orders.named_by(order, body.methane)]


def _schedulers(register: Register) -> Iterator[SchedulerOn]:
    """Each program that posts for us once, by the words of its first channel, with all its channels."""
    found: dict[str, list[tuple[str, Scheduler]]] = {}
    for name, channel in register.channels.items():
        for one in channel.schedulers:
            found.setdefault(one.id, []).append((name, one))
    for places in found.values():
        yield SchedulerOn(scheduler=places[0][1], channels=tuple(dict.fromkeys(name for name, _ in places)))


def rename(order: Order, body: Rename) -> Sequence[FactBody]:
    """Renaming needs the power to declare what the incident is; its old name and hashtags go on finding posts."""
    verdict = may(order.command.by, order.act(Power.DECLARE), register=order.register)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    before = order.declaration
    hashtags = body.hashtags or before.hashtags
    if (body.name, hashtags) == (before.name, before.hashtags):
        return order.refused(because("same-name", "the incident is called that already: nothing is to be done"))
    if len(words_kept(before, body.name, hashtags=hashtags)) > LIST_MAX:
        form = "posts find it by {count} words already, its old name would be lost: keep the name"
        return order.refused(because("words-full", form, count=LIST_MAX))
    return [IncidentRenamed(name=body.name, before=before.name, hashtags=body.hashtags, rule=verdict.rule)]


def reclassify(order: Order, body: Reclassify) -> Sequence[FactBody]:
    """Another type or level needs the power to declare both what the incident is and what it becomes.

    Else a person could lower the level until their own power to release reaches.
    """
    before = order.declaration
    type_now, level_now = body.type or before.type, body.level or before.level
    verdict = _may_declare_all(order, body)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    if (type_now, level_now) == (before.type, before.level):
        form = "it is {type} level {level} already: give another type or level"
        return order.refused(because("same-level", form, type=before.type, level=before.level))
    return [
        IncidentReclassified(
            type=type_now,
            level=level_now,
            type_before=before.type,
            level_before=before.level,
            reason=body.reason,
            rule=verdict.rule,
        )
    ]


def could_reclassify(order: Order, body: Reclassify) -> Sequence[str]:
    """Names and roles of the people who could declare both what the incident is and what it becomes."""
    able = [who_could(act, order.register) for act in _before_and_after(order, body)]
    return [name for name in able[0] if name in able[1]]


def _may_declare_all(order: Order, body: Reclassify) -> Verdict:
    verdicts = [may(order.command.by, act, register=order.register) for act in _before_and_after(order, body)]
    reasons = reasons_of(*(one if isinstance(one, Refused) else None for one in verdicts))
    return Refused([*dict.fromkeys(reasons)], could_reclassify(order, body)) if reasons else verdicts[-1]


def _before_and_after(order: Order, body: Reclassify) -> tuple[Act, Act]:
    before = order.act(Power.DECLARE)
    return before, replace(before, type=body.type or before.type, level=body.level or before.level)


def end(order: Order, body: StandDown | Cancel) -> Sequence[FactBody]:
    """Standing down and cancelling need the same power."""
    verdict = may(order.command.by, order.act(Power.STAND_DOWN), register=order.register)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    ended = IncidentStoodDown if isinstance(body, StandDown) else IncidentCancelled
    return [ended(reason=body.reason, rule=verdict.rule)]


def note_signal(order: Order, body: NoteSignal) -> Sequence[FactBody]:
    """A signal comes with every approved template that serves this incident's hazards or its type."""
    noted = SignalNoted(signal=body.signal, minute=body.minute, count=body.count, templates=fitting_templates(order))
    return [noted.model_copy(update={"minutes": body.minutes, "usual": body.usual, "peak": body.peak})]


def fitting_templates(order: Order) -> tuple[str, ...]:
    """Templates whose hazards are named by the report come first, then those for the incident's type."""
    declaration = order.incident.declaration
    if declaration is None:
        return ()
    methane = declaration.methane
    said = " ".join([declaration.name, methane.type_of_incident, *methane.hazards]).casefold()
    templates = order.register.messages.values()
    by_hazard = [one.id for one in templates if any(hazard.replace("-", " ") in said for hazard in one.hazards)]
    by_type = [one.id for one in templates if declaration.type in one.types]
    return tuple(dict.fromkeys([*by_hazard, *by_type]))
