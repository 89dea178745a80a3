"""Publishing agent: from `facts` to channels and back to `commands`. It checks once more, sends, and reports.

Consumes: claims that were granted to its run, and outcomes that are unknown.
Produces: commands that record what became of a delivery, or claim it for another try.

What the desk has judged by then counts right up to the call of the channel. From there on a message is out of our
hands: whoever stops it later finds it confirmed or unknown, and withdraws it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from agents.ports import Background, Channel, Clock, NotSent, Records, Registers, Rejected
from streams.decisions.release.channel_order import has_gone_on, is_granted, is_sought, overtaken
from streams.decisions.release.delivery_orders import may_send
from streams.decisions.verdict import Refused
from streams.errors import Forged
from streams.subjects.incident import Incident
from streams.values import Identifier, sentence
from streams.words.delivery import (
    ClaimDelivery,
    DeliveryClaimed,
    DeliveryUnknown,
    Dispatch,
    Receipt,
    RecordOutcome,
    Resolution,
)
from streams.words.facts import Fact
from streams.words.orders import Command, CommandBody, Giver, command

NAME = Giver.PUBLISHING.value
LOOK_SECONDS_MAX = 10.0
Outcome = Literal["confirmed", "refused", "unsent", "unknown", "absent"]


@dataclass(frozen=True, slots=True)
class Needs:
    """`run` names this process's life: a claim of another run is never sent from here."""

    run: Identifier
    clock: Clock
    registers: Registers
    channels: Mapping[str, Channel]
    background: Background
    records: Records


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
    if isinstance(incident, Incident) and not is_granted(fact, claimed, incident=incident):
        raise Forged


async def _publish(fact: Fact, claimed: DeliveryClaimed, needs: Needs) -> Sequence[Command]:
    """Check a last time, send within the claim's time, and report what is known about it."""
    incident = needs.records.get(fact.subject.key)
    if not isinstance(incident, Incident):
        return [_report(fact, needs, "unsent", "this worker has the incident's record no more: another sends")]
    if not is_granted(fact, claimed, incident=incident):
        return []
    if hindrance := overtaken(claimed, incident):
        return [_report(fact, needs, "unsent", hindrance)]
    holds = incident.holds_about(claimed.dispatch.message)
    outcome, answer = await _attempt(claimed, claimed.dispatch.model_copy(update={"holds": holds}), needs)
    return [_report(fact, needs, outcome, answer)]


async def _attempt(claimed: DeliveryClaimed, dispatch: Dispatch, needs: Needs) -> tuple[Outcome, str | Receipt]:
    channel = needs.channels.get(dispatch.channel)
    if channel is None:
        return "unsent", f"this worker has no channel {dispatch.channel}: add it to its register and start it again"
    if channel.mode != dispatch.mode:
        return "refused", f"channel {dispatch.channel} publishes in mode {channel.mode}, not in {dispatch.mode}"
    verdict = may_send(dispatch, needs.registers(), now=needs.clock.now())
    if isinstance(verdict, Refused):
        return "refused", "; ".join(verdict.reasons)
    seconds_left = (claimed.until - needs.clock.now()).total_seconds()
    if seconds_left <= 0:
        return "unsent", "the claim had lapsed before anything was sent"
    return await _send(dispatch, channel, needs.clock, seconds_left)


async def _send(
    dispatch: Dispatch, channel: Channel, clock: Clock, seconds_left: float
) -> tuple[Outcome, str | Receipt]:
    """Anything but a receipt or a clear no leaves it open whether the message is public."""
    try:
        async with clock.timeout(seconds_left):
            return "confirmed", await channel.publish(dispatch)
    except Rejected as refusal:
        return "refused", f"the channel refused it: {refusal}"
    except NotSent as hindrance:
        return "unsent", f"it could not be sent: {hindrance}"
    except TimeoutError:
        return "unknown", f"the channel gave no answer within {seconds_left:.0f} seconds"
    except Exception as error:  # noqa: BLE001 - whatever it was, the message may be public
        return "unknown", f"sending broke off: {type(error).__name__}: {error}"


def _settle(fact: Fact, unknown: DeliveryUnknown, needs: Needs) -> Sequence[Command]:
    """Go the way out of the unknown that the desk chose; if there is none, a person has to look."""
    incident = needs.records.get(fact.subject.key)
    if not isinstance(incident, Incident):
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
    try:
        async with needs.clock.timeout(entry.deadline_seconds if entry else LOOK_SECONDS_MAX):
            receipt = await channel.find(dispatch)
    except Exception:  # noqa: BLE001 - not knowing is what it already is
        return []
    if receipt is not None:
        return [_report(fact, needs, "confirmed", receipt)]
    if unknown.absent_from and began < unknown.absent_from:
        return []
    return [_report(fact, needs, "absent", "read back: it is not on the channel")]


def _report(fact: Fact, needs: Needs, outcome: Outcome, answer: str | Receipt) -> Command:
    """The order that records an outcome: a receipt where the message is public, else a sentence that says why not."""
    body = fact.body
    if not isinstance(body, DeliveryClaimed | DeliveryUnknown):
        raise TypeError(f"{body.kind} has no outcome")
    receipt = answer if isinstance(answer, Receipt) else None
    record = RecordOutcome(
        delivery_id=body.delivery_id,
        attempt=body.attempt,
        outcome=outcome,
        receipt=receipt and receipt.model_copy(update={"at": receipt.at or needs.clock.now()}),
        reason=None if isinstance(answer, Receipt) else sentence(answer),
    )
    return _order(fact, needs, record)


def _order(fact: Fact, needs: Needs, body: CommandBody) -> Command:
    return command(body, cause=fact.id, mode=fact.mode, subject=fact.subject, at=needs.clock.now(), by=NAME)
