"""Publishing agent: from `facts` to channels and back to `commands`. It checks once more, sends, and reports.

Consumes: claims that were granted to its run, and outcomes that are unknown.
Produces: commands that record what became of a delivery, or claim it for another try.

What the desk has judged by then counts right up to the call of the channel. From there on a message is out of our
hands: whoever stops it later finds it confirmed or unknown, and withdraws it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from agents.ports import Background, Channel, Clock, Records, Registers
from agents.sending import Answer, read_back, send, verify
from streams.chain import is_sealed
from streams.decisions.channels.kinds import kind_on
from streams.decisions.plans import holding
from streams.decisions.release.channel_order import has_gone_on, is_granted, is_sought, overtaken
from streams.decisions.release.delivery_orders import may_send
from streams.decisions.stops.shut_accounts import shut
from streams.decisions.verdict import Refused
from streams.errors import Forged
from streams.subjects.declared import Declared
from streams.subjects.outgoing import Outgoing
from streams.values import Identifier, sentence
from streams.words.delivery import (
    ClaimDelivery,
    DeliveryClaimed,
    DeliveryUnknown,
    Dispatch,
    RecordOutcome,
    Resolution,
)
from streams.words.facts import Fact
from streams.words.orders import Command, CommandBody, Giver, command

NAME = Giver.PUBLISHING.value
LOOK_SECONDS_MAX = 10.0


@dataclass(frozen=True, slots=True)
class Needs:
    """`run` names this process's life: a claim of another run is never sent from here."""

    run: Identifier
    clock: Clock
    registers: Registers
    channels: Mapping[str, Channel]
    background: Background
    records: Records
    declared: Callable[[], Declared] = Declared


async def handle(fact: Fact, needs: Needs) -> Sequence[Command]:
    """Answer a fact about a delivery; the sending itself runs beside the stream."""
    match fact.body:
        case DeliveryClaimed() as claimed if claimed.run == needs.run:
            _require_granted(fact, claimed, needs=needs)
            needs.background.start(fact.id, lambda: _publish(fact, claimed, needs))
        case DeliveryUnknown(look_now=True) as unknown:
            return _settle(fact, unknown, needs)
        case _:
            pass
    return []


def _require_granted(fact: Fact, claimed: DeliveryClaimed, *, needs: Needs) -> None:
    """Raise `Forged` for a claim that the incident's record does not have; nothing is reported of it either."""
    incident = needs.records.get(fact.subject.key)
    if not is_sealed(fact) or (isinstance(incident, Outgoing) and not is_granted(fact, claimed, incident=incident)):
        raise Forged


async def _publish(fact: Fact, claimed: DeliveryClaimed, needs: Needs) -> Sequence[Command]:
    """Check a last time, send within the claim's time, and report what is known about it."""
    incident = needs.records.get(fact.subject.key)
    if not isinstance(incident, Outgoing):
        return [_report(fact, needs, Answer("unsent", "this worker has the incident's record no more: another sends"))]
    if not is_granted(fact, claimed, incident=incident):
        return []
    if hindrance := overtaken(claimed, incident) or holding.overtaken(incident, claimed, declared=needs.declared()):
        return [_report(fact, needs, Answer("unsent", hindrance))]
    holds = incident.holds_about(claimed.dispatch.message)
    found = await _attempt(claimed, claimed.dispatch.model_copy(update={"holds": holds}), needs)
    return [_report(fact, needs, found)]


async def _attempt(claimed: DeliveryClaimed, dispatch: Dispatch, needs: Needs) -> Answer:
    channel = needs.channels.get(dispatch.channel)
    if channel is None:
        return Answer("unsent", f"this worker has no channel {dispatch.channel}: restart it with one in its register")
    if channel.mode != dispatch.mode:
        return Answer("refused", f"channel {dispatch.channel} publishes in mode {channel.mode}, not in {dispatch.mode}")
    register = needs.registers()
    if reason := shut(dispatch.channel, register):
        return Answer("unsent", reason)
    verdict = may_send(dispatch, register, now=needs.clock.now())
    if isinstance(verdict, Refused):
        return Answer("refused", "; ".join(verdict.reasons))
    found = await send(dispatch, channel, clock=needs.clock, until=claimed.until)
    kind = kind_on(dispatch.channel, register)
    if found.receipt and kind and kind.is_verified:
        return await verify(found, dispatch, channel=channel, clock=needs.clock, until=claimed.until)
    return found


def _settle(fact: Fact, unknown: DeliveryUnknown, needs: Needs) -> Sequence[Command]:
    """Go the way out of the unknown that the desk chose; if there is none, a person has to look."""
    incident = needs.records.get(fact.subject.key)
    if not isinstance(incident, Outgoing):
        raise Forged
    if not is_sought(fact, unknown, incident=incident):
        if has_gone_on(fact, unknown, incident=incident):
            return []
        raise Forged
    channel = needs.channels.get(unknown.dispatch.channel)
    if channel and unknown.way is Resolution.SEND_AGAIN:
        claim = ClaimDelivery(delivery_id=unknown.delivery_id, attempt=unknown.attempt + 1, run=needs.run)
        return [_order(fact, needs, claim)]
    if channel and unknown.way is Resolution.READ_BACK:
        needs.background.start(fact.id, lambda: _look(fact, unknown, channel, needs))
    return []


async def _look(fact: Fact, unknown: DeliveryUnknown, channel: Channel, needs: Needs) -> Sequence[Command]:
    """Read the channel back. If that fails, or shows nothing too early, it stays unknown until the next look."""
    dispatch, began = unknown.dispatch, needs.clock.now()
    entry = needs.registers().channels.get(dispatch.channel)
    seconds = entry.deadline_seconds if entry else LOOK_SECONDS_MAX
    found = await read_back(dispatch, channel, clock=needs.clock, seconds=seconds)
    too_early = unknown.absent_from is not None and began < unknown.absent_from
    if found is None or (found.outcome == "absent" and too_early):
        return []
    return [_report(fact, needs, found)]


def _report(fact: Fact, needs: Needs, found: Answer) -> Command:
    """The order that records what was found out."""
    body = fact.body
    if not isinstance(body, DeliveryClaimed | DeliveryUnknown):
        raise TypeError(f"{body.kind} has no outcome")
    record = RecordOutcome(
        delivery_id=body.delivery_id,
        attempt=body.attempt,
        outcome=found.outcome,
        receipt=found.receipt and found.receipt.model_copy(update={"at": found.receipt.at or needs.clock.now()}),
        reason=sentence(found.reason) if found.reason else None,
        looks=body.looks if isinstance(body, DeliveryUnknown) else None,
    )
    return _order(fact, needs, record)


def _order(fact: Fact, needs: Needs, body: CommandBody) -> Command:
    return command(body, cause=fact.id, mode=fact.mode, subject=fact.subject, at=needs.clock.now(), by=NAME)
