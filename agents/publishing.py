"""Publishing agent: from `facts` to channels and back to `commands`. It checks once more, sends, and reports.

Consumes: claims that were granted to its run, outcomes that are unknown, what people stopped or held back meanwhile.
Produces: commands that record what became of a delivery, or claim it for another try.

What it has read by then counts right up to the call of the channel. From there on a message is out of our hands:
whoever stops it later finds it confirmed or unknown, and withdraws it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from agents.ports import Background, Channel, Clock, NotSent, Registers, Rejected
from streams.decisions.release.delivery_orders import may_send
from streams.decisions.stops.stop_orders import stopped
from streams.decisions.verdict import Refused
from streams.decisions.wording.message_policy import MAY_FOLLOW_THE_END
from streams.values import Identifier, Purpose, sentence
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
from streams.words.holds import HoldLifted, HoldPlaced, Holds
from streams.words.incident import IncidentCancelled, IncidentStoodDown
from streams.words.orders import Command, CommandBody, Giver, command
from streams.words.release import AmplifiedPostChanged, MessageAuthorised
from streams.words.stops import StopFact, Stops

NAME = Giver.PUBLISHING.value
LOOK_SECONDS_MAX = 10.0
Outcome = Literal["confirmed", "refused", "unsent", "unknown", "absent"]


@dataclass(frozen=True, slots=True)
class Needs:
    """`run` names this process's life: a claim of another run is never sent from here.

    `stops` is what was stopped in each incident, and the place in its chain of the last fact that says so.
    `ended` is where in its chain an incident was cancelled or stood down.
    `holds` is what was held back and lifted in each while this process has been reading.
    `withdrawn` is where in its incident's chain the withdrawal of a message was authorised.
    """

    run: Identifier
    clock: Clock
    registers: Registers
    channels: Mapping[str, Channel]
    background: Background
    stops: dict[Identifier, tuple[int, Stops]] = field(default_factory=dict)
    ended: dict[Identifier, int] = field(default_factory=dict)
    holds: dict[Identifier, Holds] = field(default_factory=dict)
    withdrawn: dict[Identifier, int] = field(default_factory=dict)


async def handle(fact: Fact, needs: Needs) -> Sequence[Command]:
    """Answer a fact about a delivery; the sending itself runs beside the stream."""
    match fact.body:
        case DeliveryClaimed() as claimed if claimed.run == needs.run:
            needs.background.start(fact.id, lambda: _publish(fact, claimed, needs))
        case DeliveryUnknown(look_now=True) as unknown:
            return _settle(fact, unknown, needs)
        case stop if isinstance(stop, StopFact):
            _, stops = needs.stops.get(fact.subject.id, (0, Stops()))
            needs.stops[fact.subject.id] = fact.sequence, stops.after(stop, by=fact.by, at=fact.at)
        case IncidentCancelled() | IncidentStoodDown():
            needs.ended[fact.subject.id] = fact.sequence
        case MessageAuthorised(message=later) if later.purpose is Purpose.WITHDRAWAL and later.follows:
            needs.withdrawn[later.follows] = fact.sequence
        case HoldPlaced() | HoldLifted() as held:
            needs.holds[fact.subject.id] = _held(fact, needs).after(held)
        case AmplifiedPostChanged(credit=credit):
            needs.holds[fact.subject.id] = _held(fact, needs).without(credit.post_id)
        case _:
            pass
    return []


async def _publish(fact: Fact, claimed: DeliveryClaimed, needs: Needs) -> Sequence[Command]:
    """Check a last time, send within the claim's time, and report what is known about it."""
    if stop := _stopped(fact, claimed, needs):
        return [_report(fact, needs, "unsent", stop)]
    dispatch = claimed.dispatch
    held_by_now = dispatch.holds.joined(_held(fact, needs))
    outcome, answer = await _attempt(claimed, dispatch.model_copy(update={"holds": held_by_now}), needs)
    return [_report(fact, needs, outcome, answer)]


def _held(fact: Fact, needs: Needs) -> Holds:
    return needs.holds.get(fact.subject.id, Holds())


def _stopped(fact: Fact, claimed: DeliveryClaimed, needs: Needs) -> str | None:
    """What people stopped after the claim, while the work waited; what came before it was judged with the claim."""
    message = claimed.dispatch.message
    if needs.ended.get(fact.subject.id, 0) > fact.sequence and message.purpose not in MAY_FOLLOW_THE_END:
        return "the incident is over: nothing new goes out about it"
    if needs.withdrawn.get(message.id, 0) > fact.sequence:
        return "these words were withdrawn before they were sent"
    sequence, stops = needs.stops.get(fact.subject.id, (0, Stops()))
    if sequence < fact.sequence:
        return None
    return stopped(stops, message, delivery_id=claimed.delivery_id)


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
