"""The briefing by mail: it is claimed when it is due, and what became of it is recorded.

While an incident is declared one goes every so many minutes, as the register says; after a pause, one for all that were
missed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from streams.decisions.authority.order import Order
from streams.subjects.incident import Incident
from streams.words.briefings.entries import BriefingRule
from streams.words.briefings.letters import BriefingClaimed, BriefingRecorded, LetterResult, RecordBriefing
from streams.words.facts import FactBody
from streams.words.register.entries import Register

LASTS = timedelta(minutes=4)
"""The letters go one after another, and a mail server may be slow; the next briefing is five minutes away at least."""
REPORT_GRACE = timedelta(seconds=5)
UNREPORTED = LetterResult(outcome="unknown", words="it was claimed, and no report came before the claim lapsed")


def is_due(incident: Incident, now: datetime, *, register: Register) -> bool:
    """Whether a tick would claim a briefing, or give one up; if not, the timer sends none."""
    claimed = incident.briefings.open
    if claimed:
        return now >= claimed.until + REPORT_GRACE
    moment = due_at(incident, register.briefing)
    return moment is not None and moment <= now


def due_at(incident: Incident, rule: BriefingRule) -> datetime | None:
    """When the next briefing goes; None if none does."""
    since = incident.briefings.at or incident.declared_at
    if not incident.is_live or not rule.people or since is None:
        return None
    return since + timedelta(minutes=rule.every_minutes)


def next_facts(order: Order, *, run: str) -> Sequence[FactBody]:
    """The claim of a briefing that is due, or what is known of one whose report never came."""
    incident, register = order.state, order.register
    if not isinstance(incident, Incident) or not is_due(incident, order.now, register=register):
        return ()
    if lost := incident.briefings.open:
        return [BriefingRecorded(number=lost.number, results=dict.fromkeys(lost.people, UNREPORTED))]
    number, people = incident.briefings.number + 1, register.briefing.people
    return [BriefingClaimed(number=number, people=people, run=run, until=order.now + LASTS)]


def record(order: Order, body: RecordBriefing) -> Sequence[FactBody]:
    """Record what became of a briefing; a report of one that is settled already changes nothing."""
    claimed = order.incident.briefings.open
    if claimed is None or claimed.number != body.number:
        return []
    results = {name: body.results.get(name, UNREPORTED) for name in claimed.people}
    return [BriefingRecorded(number=body.number, results=results, digest=body.digest)]
