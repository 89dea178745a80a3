"""Who is in an incident, who leads, and how far the steps of the crisis process are, in lines."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

from streams.decisions.wording.contents import first_speakers
from streams.moments import told_in
from streams.projections.words_out import first_out
from streams.subjects.incident import Incident
from streams.telling.network.beside import differing, told_beside
from streams.telling.network.facts import told_pause
from streams.telling.network.partners_beside import told_partners
from streams.why import because
from streams.words.holds import Hold
from streams.words.network.entries import FIRST_WORD, Responder, ResponderContact
from streams.words.network.state import Network, StepState

LATE_SHOWN = 3


def present_line(network: Network) -> str | None:
    """The responders that are in, the one that leads first; None if none is."""
    if not network.present:
        return None
    leads = [f"{network.lead_name} (leads)"] if network.lead_name else []
    others = [name for one, name in network.present.items() if one != network.lead]
    nobody = "" if leads else "; it is not noted who leads"
    return f"responders: {', '.join([*leads, *others])}{nobody}"


def steps_of(incident: Incident) -> Sequence[StepState]:
    """The steps of an incident, in the order of the list; the service knows itself that the first word is public."""
    states = incident.network.step_states(incident.declared_at, is_over=incident.over is not None)
    return [
        one.model_copy(update={"public_since": first_out(incident)}) if one.step.id == FIRST_WORD else one
        for one in states
    ]


def next_steps(incident: Incident, now: datetime) -> Sequence[StepState]:
    """The steps that are late, else the next one; once the incident is over, those that only its end asks for."""
    waiting = [one for one in steps_of(incident) if not one.is_done]
    if incident.over is None:
        return [one for one in waiting if one.is_overdue(now)] or waiting[:1]
    after = {one.resuming.id for one in incident.network.schedulers}
    return [one for one in waiting if one.step.id in after]


def network_lines(incident: Incident, now: datetime, *, zone: tzinfo) -> Iterator[str]:
    """A few lines for a glance: who is in, where reports differ, how many steps are done, which is next or late."""
    if present := present_line(incident.network):
        yield present
    if letters := differing(incident.network):
        yield f"reports DIFFER on {', '.join(letters)}: `holdingline responders {incident.id}`"
    yield from told_partners(incident, zone)
    yield from _pauses(incident.network)
    steps = steps_of(incident)
    if not steps:
        return
    done = sum(1 for one in steps if one.is_done)
    yield f"steps: {done} of {len(steps)} done: `holdingline steps {incident.id}`"
    shown = next_steps(incident, now)
    yield from (f"  {step_line(one, now, zone=zone, language='en')}" for one in shown[:LATE_SHOWN])
    if len(shown) > LATE_SHOWN:
        yield f"  and {len(shown) - LATE_SHOWN} more that are to be done"


def _pauses(network: Network) -> Iterator[str]:
    """How far what other programs have scheduled on the servers of channels is held."""
    names = {one.scheduler.id: one.scheduler.name for one in network.schedulers}
    for one, pause in network.pauses.items():
        yield told_pause(names.get(one, one), len(pause.posts), is_done=pause.is_done, reason=pause.reason)


def whole_network(incident: Incident, *, zone: tzinfo) -> Iterator[str]:
    """Everything of it: who is in, what each reports beside the others, and every step. It names no moment as now."""
    if present := present_line(incident.network):
        yield present
    yield from told_beside(incident.network, zone)
    yield from told_partners(incident, zone)
    yield from _pauses(incident.network)
    yield from (step_line(one, None, zone=zone, language="en") for one in steps_of(incident))


def step_line(one: StepState, now: datetime | None, *, zone: tzinfo, language: str) -> str:
    """One step: whether it is done, by when it is due, what it is and whose it is; without `now` it is never late."""
    who_and_when = _whose(one, now, zone=zone, language=language)
    return f"{_what(one, language)}{', ' if one.is_done else ' ('}{who_and_when}{'' if one.is_done else ')'}"


def step_lines(incident: Incident, now: datetime, *, zone: tzinfo, language: str) -> Iterator[str]:
    """Every step of an incident with whose it is and how it is done, in lines."""
    for one in steps_of(incident):
        yield _what(one, language)
        yield f"      {_whose(one, now, zone=zone, language=language)}"
        if not one.is_done and (hint := one.step.hint_in(language)):
            yield f"      {hint}"


def _what(one: StepState, language: str) -> str:
    return f"[{'x' if one.is_done else ' '}] {one.step.id}: {one.step.title_in(language)}"


def _whose(one: StepState, now: datetime | None, *, zone: tzinfo, language: str) -> str:
    """Who ticked it off and when, or since when it is public; of one that is not done, whose it is and by when."""
    if one.ticked:
        return f"{told_in(zone, one.ticked.at)} by {one.ticked.by}"
    if one.public_since:
        return f"it is public since {told_in(zone, one.public_since)}"
    if one.due_at is None:
        return one.step.who_in(language)
    word = "OVERDUE since" if now and one.is_overdue(now) else "by"
    return f"{one.step.who_in(language)}, {word} {told_in(zone, one.due_at)}"


def contact_ways(contact: ResponderContact) -> str:
    """The number and the address of one contact; for our own people only."""
    return ", ".join(way for way in (contact.telephone, contact.email) if way)


def contact_lines(one: Responder) -> Iterator[str]:
    """How the people on call of a responder are reached; for our own people only."""
    return (f"{contact.role}: {contact_ways(contact)}" for contact in one.contacts)


def awaited(hold: Hold, lead: str | None = None) -> str | None:
    """That a held field waits for somebody's word, and for whose, in a clause; None if it waits for none."""
    if not hold.first_word:
        return None
    return because("held-until-said", "held back until {speakers} has said it", speakers=first_speakers(hold, lead))


def awaited_lines(holds: Iterable[Hold], network: Network) -> Iterator[str]:
    """Of the fields that are held back, whose word each waits for; nothing of those that wait for none."""
    for hold in holds:
        if until := awaited(hold, network.lead_name):
            yield f"{until}: {hold.about} ({hold.field}), hold {hold.id}"
