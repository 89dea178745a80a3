"""Delivering: who may send and until when, what an outcome means, and what the passing of time brings.

A claim is a committed fact before anything is sent. A claim without a receipt becomes `unknown` when it lapses.
From `unknown` the way on is that of the channel's kind: it is sent again, read back, or a person looks.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from streams.decisions.accounts import gate
from streams.decisions.authority import freshness, signatures
from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import Act, may
from streams.decisions.channels import resolution
from streams.decisions.channels.kinds import kind_on
from streams.decisions.lifecycle import move_delivery
from streams.decisions.release import by_hand, channel_order, delegations
from streams.decisions.release.dispatches import dispatch_for
from streams.decisions.stops import partner_orders, stop_orders
from streams.decisions.verdict import Allowed, Refused, Verdict, reasons_of
from streams.decisions.wording.contents import held_back
from streams.decisions.wording.renderer import is_marked, quote
from streams.moments import second_in
from streams.subjects.outgoing import Outgoing
from streams.values import Power, Purpose, is_drill, sentence
from streams.why import Together, because, kept, together
from streams.words.delivery import (
    ClaimDelivery,
    Delivery,
    DeliveryAsked,
    DeliveryClaimed,
    DeliveryConfirmed,
    DeliveryPaced,
    DeliveryState,
    DeliveryUnknown,
    DeliveryUnsent,
    Dispatch,
    Receipt,
    RecordOutcome,
    Resolution,
    ResolveDelivery,
    Sight,
)
from streams.words.facts import FactBody
from streams.words.orders import Tick
from streams.words.register.entries import Register
from streams.words.release import Message

LAPSE_GRACE = timedelta(seconds=2)
HALF_MADE = because(
    "half-made",
    "the words that it should mend are or may be still there, and its own may be too: look at the channel",
)


def claim(order: Order, body: ClaimDelivery) -> Sequence[FactBody]:
    """Grant a claim once. Only hash, stops, holds and authority are judged again: nothing about the words is."""
    delivery = order.outgoing.deliveries.get(body.delivery_id)
    if delivery is None:
        form = "there is no delivery {delivery} to claim: look at the incident's status"
        return order.refused(because("none-to-claim", form, delivery=body.delivery_id))
    if delivery.state is DeliveryState.SENDING and (delivery.run, delivery.attempt) == (body.run, body.attempt):
        return []
    moved = move_delivery(delivery.state, "claim")
    if isinstance(moved, Refused) or body.attempt != _next_attempt(delivery):
        form = "attempt {attempt} at delivery {delivery} cannot be claimed: it is {state}"
        told = because("claim-not-now", form, attempt=body.attempt, delivery=delivery.id, state=delivery.state)
        return order.refused(told)
    if waits := stop_orders.waits(order.outgoing, delivery) or channel_order.turn(order, delivery):
        return _waiting(delivery, waits, order)
    dispatch = dispatch_for(order, delivery)
    verdict = _still(dispatch, order)
    if isinstance(verdict, Refused):
        return _hinder(delivery, verdict, order)
    return _granted(order, body, dispatch, until=verdict.until)


def claim_at_once(order: Order, asked: DeliveryAsked, *, run: str, is_judged: bool) -> Sequence[FactBody]:
    """Claim what was just asked for; empty if another delivery on the channel goes first.

    `is_judged` says that this judgement authorised the message: in the same state nothing is judged a second time.
    """
    incident = order.outgoing
    delivery = incident.deliveries[asked.delivery_id]
    if channel_order.waits_for(incident, delivery, register=order.register):
        return []
    body = ClaimDelivery(delivery_id=asked.delivery_id, attempt=asked.attempt, run=run)
    if is_judged and asked.channel in order.register.channels:
        until = incident.authorisations[asked.message_id].until
        return _granted(order, body, dispatch_for(order, delivery), until=until)
    return claim(order, body)


def _granted(order: Order, body: ClaimDelivery, dispatch: Dispatch, *, until: datetime) -> Sequence[FactBody]:
    """The claim, until the yes to its message ends at the latest; and the doubt about words that it mends."""
    incident = order.outgoing
    delivery = incident.deliveries[body.delivery_id]
    if put_off := gate.put_off(order, delivery):
        paced = put_off[0] if isinstance(put_off[0], DeliveryPaced) and delivery.may_be_public else None
        return _waiting(delivery, Together.made(paced.reason, paced.why), order) if paced else put_off
    claimed = DeliveryClaimed(
        delivery_id=delivery.id,
        attempt=body.attempt,
        run=body.run,
        until=min(_ends(delivery, order, attempt=body.attempt), until),
        dispatch=dispatch,
    )
    return [claimed, *(_doubt(one, order, mend=delivery) for one in channel_order.in_doubt(incident, delivery))]


def next_claim(order: Order, run: str) -> Sequence[FactBody]:
    """The claim of the first delivery that had to wait for another one and may go now."""
    delivery = channel_order.next_up(order.outgoing, order.register)
    if delivery is None:
        return []
    return claim(order, ClaimDelivery(delivery_id=delivery.id, attempt=delivery.attempt, run=run))


def stopped_by(order: Order, message: Message) -> Sequence[FactBody]:
    """What a withdrawal that was just authorised stops: its message where that is not public yet."""
    form = "{message} withdrew these words before they went out here"
    reason = because("withdrew-before", form, message=quote(message))
    return [stop_orders.not_sent(one.id, reason) for one in channel_order.withdrawn(order.outgoing, message)]


def unsent_for_good(order: Order, body: DeliveryUnsent) -> Sequence[FactBody]:
    """An attempt that did not publish is the last one if later words mend it, or if its release was cancelled."""
    delivery = order.outgoing.deliveries[body.delivery_id]
    cancelled = None if delivery.may_be_public else stop_orders.cancelled(order, delivery.message_id)
    reason = channel_order.mended(order.outgoing, delivery) or together(*reasons_of(cancelled))
    return [_ended(delivery, reason, order)] if reason else []


def _ends(delivery: Delivery, order: Order, *, attempt: int) -> datetime:
    """When a claim made now ends at the latest: the channel's time is over, the words expire, or their key does."""
    lasts = resolution.claim_lasts(attempt, order.register.channels[delivery.channel].deadline_seconds)
    ends = min(order.now + lasts, order.outgoing.messages[delivery.message_id].expires_at)
    kind = kind_on(delivery.channel, order.register)
    forgotten = resolution.key_ends(kind, delivery) if delivery.may_be_public else None
    return min(ends, forgotten) if forgotten else ends


def _doubt(first: Delivery, order: Order, *, mend: Delivery) -> DeliveryUnknown:
    """Words that may be public, or may still land, are looked at again once others mend them on their channel."""
    form = "{message} mends these words and did not wait for them: a copy of them may still land"
    unknown = _unknown(
        because("mend-went-first", form, message=channel_order.words(order, mend)), first, order, is_over=True
    )
    soon = unknown.absent_from or order.now + resolution.FIRST_LOOK
    due = min(one for one in (first.due_at, unknown.look_again_at or max(soon, order.now)) if one)
    return unknown.model_copy(update={"look_again_at": due})


def may_send(dispatch: Dispatch, register: Register, *, now: datetime) -> Verdict:
    """Whether this may leave at this very moment: hash, expiry, template, person, mark and holds, all looked at again.

    Nothing is guessed again: whether the words are finished was judged when they were ordered and signed.
    """
    message, authorisation = dispatch.message, dispatch.authorisation
    reasons = reasons_of(freshness.message_faults(message, authorisation, now=now, zone=register.hours.zone))
    if message.template:
        template = freshness.unchanged(message, register)
        if template is None:
            form = "template {template} is no longer what was released: release it again"
            reasons.append(because("template-no-longer", form, template=message.template))
        else:
            reasons += reasons_of(freshness.template_faults(template, register, now=now, purpose=message.purpose))
    if {is_marked(text) for _, _, text in message.written()} - {is_drill(dispatch.mode)}:
        form = "the exercise mark does not fit mode {mode}: release it again in its own mode"
        reasons.append(because("mark-misfit", form, mode=dispatch.mode))
    reasons.extend(held_back(message, register, holds=dispatch.holds))
    if message.credit and message.credit.post_id in dispatch.holds.changed:
        form = "{partner} edited or deleted this post since: leave it, or say it yourselves"
        reasons.append(because("post-changed-since", form, partner=message.credit.partner_name))
    reasons.extend(partner_orders.stopped_post(message, authorisation, register=register))
    if dispatch.channel not in register.channels:
        form = "channel {channel} is no longer on the register: release it on another"
        reasons.append(because("channel-gone", form, channel=dispatch.channel))
    if authorisation.key:
        unfit = signatures.key_faults(authorisation.key, authorisation.person, register=register, now=now)
        reasons += reasons_of(unfit)
    if authorisation.delegation:
        reasons += reasons_of(delegations.unlike(message, authorisation.delegation, register=register))
    verdict = _authority(dispatch, register, now=now)
    if isinstance(verdict, Refused):
        return Refused([*reasons, *verdict.reasons], verdict.who_could)
    return Refused(reasons) if reasons else verdict


def _authority(dispatch: Dispatch, register: Register, *, now: datetime) -> Verdict:
    """Whether the person whose yes let this out has the power still, by the rule of that yes."""
    message, authorisation = dispatch.message, dispatch.authorisation
    act = Act(authorisation.power, now, dispatch.incident_type, dispatch.incident_level, dispatch.channel)
    if authorisation.delegation:
        return delegations.stands(authorisation.delegation, act, channels=[dispatch.channel], register=register)
    if authorisation.standing and message.purpose is Purpose.WITHDRAWAL:
        # What a partner changed is taken back also if the person whose yes let it out is away, or has left.
        return Allowed(authorisation.rule, authorisation.person, authorisation.until)
    if message.purpose is Purpose.PLANNED:
        # It was let out for this time: the person need not be there now, and must have the power still.
        verdict = may(authorisation.person, replace(act, at=authorisation.at), register=register)
        return replace(verdict, until=authorisation.until) if isinstance(verdict, Allowed) else verdict
    return may(authorisation.person, act, register=register)


def _still(dispatch: Dispatch, order: Order) -> Verdict:
    """The same, that nobody cancelled or mended it, that it doubles nothing, and that the incident goes on."""
    delivery = order.outgoing.deliveries[dispatch.key]
    if stopped := stop_orders.cancelled(order, dispatch.message.id):
        return stopped
    if mended := channel_order.mended(order.outgoing, delivery):
        return Refused([mended])
    if delivery.may_be_public and _way(delivery, order) is not Resolution.SEND_AGAIN:
        return Refused([because("would-double", "{channel} would publish it twice", channel=delivery.channel)])
    if over := channel_order.over(order.outgoing, dispatch.message):
        return Refused([over])
    return may_send(dispatch, order.register, now=order.now)


def record(order: Order, body: RecordOutcome) -> Sequence[FactBody]:
    """Turn what the sender reports into a fact; a report about something settled changes nothing."""
    delivery = order.outgoing.deliveries.get(body.delivery_id)
    if delivery is None:
        form = "there is no delivery {delivery} to report on: look at the incident's status"
        return order.refused(because("none-to-report", form, delivery=body.delivery_id))
    late = body.outcome != "confirmed" and body.attempt != delivery.attempt
    if late or isinstance(move_delivery(delivery.state, resolution.MOVE_FOR[body.outcome]), Refused):
        return []
    reason = body.reason or because("no-reason", "no reason given")
    match body.outcome:
        case "confirmed":
            return _made(delivery, body, order)
        case "absent":
            return [] if _may_land(delivery, order) else [_unsent(delivery, reason, order.now)]
        case "unsent" if not delivery.may_be_public:
            return [_unsent(delivery, reason, order.now)]
        case "refused" if not delivery.may_be_public:
            return [stop_orders.not_sent(delivery.id, reason)]
        case "different" | "hidden" as sight:
            seen = delivery.model_copy(update={"sight": Sight(sight), "receipt": body.receipt})
            return [] if delivery.sight is seen.sight else [_unknown(reason, seen, order)]
        case _:
            return [_unknown(reason, delivery, order)]


def _made(delivery: Delivery, body: RecordOutcome, order: Order) -> Sequence[FactBody]:
    """It is public, except a mend of words that it could not find: it stays unknown until these are known to be gone.

    Only the word of its newest look counts then: an attempt or an earlier look knew less.
    """
    is_unknown = delivery.state is DeliveryState.UNKNOWN
    first = channel_order.found_by_receipt(order, delivery)
    if first and delivery.is_blind:
        form = "it is made, and whether the words of {message} are gone is not known yet"
        reason = because("made-not-known", form, message=channel_order.words(order, first))
        settled = delivery.model_copy(update={"tried_until": None})
        return [] if is_unknown else [_unknown(reason, settled, order)]
    if first and is_unknown and (body.looks or 0) != delivery.looks:
        return []
    left = by_hand.left_by(order, delivery)
    return [DeliveryConfirmed(delivery_id=delivery.id, receipt=body.receipt, left=left)]


def resolve(order: Order, body: ResolveDelivery) -> Sequence[FactBody]:
    """A person looked: the message is there, or may be sent again; neither is known while a copy may still land."""
    delivery = order.outgoing.deliveries.get(body.delivery_id)
    act = replace(order.act(Power.RESOLVE_DELIVERY), channel=delivery.channel if delivery else None)
    verdict = may(order.command.by, act, register=order.register)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    if delivery is None or delivery.state is not DeliveryState.UNKNOWN:
        form = "delivery {delivery} is not of unknown outcome: look at the incident's status"
        return order.refused(because("outcome-known", form, delivery=body.delivery_id))
    if body.attempt != delivery.attempt:
        form = "delivery {delivery} was tried again since (attempt {attempt}): look at the channel again"
        return order.refused(because("tried-again", form, delivery=delivery.id, attempt=delivery.attempt))
    first = channel_order.found_by_receipt(order, delivery) if body.public and delivery.is_blind else None
    if lands := (_may_land(first or delivery, order) if first or not body.public else None):
        form = "a copy may still land on {channel} until {time}: look again after that"
        return order.refused(because("may-land", form, channel=delivery.channel, time=second_in(order.zone, lands)))
    if body.public:
        seen = Receipt(words=body.evidence, url=body.url)
        left = by_hand.left_by(order, delivery)
        return [DeliveryConfirmed(delivery_id=delivery.id, receipt=seen, left=left)]
    return [_unsent(delivery, body.evidence, order.now)]


def _may_land(delivery: Delivery, order: Order) -> datetime | None:
    """Until when a copy may still land that nobody saw at the time of this order; None if none can."""
    proves = resolution.absent_from(kind_on(delivery.channel, order.register), delivery)
    return proves if proves and order.command.at < proves else None


def tick(order: Order, body: Tick) -> Sequence[FactBody]:
    """Whatever has fallen due for this incident's deliveries."""
    del body
    return [fact for delivery in order.outgoing.deliveries.values() for fact in _due(delivery, order)]


def is_due(incident: Outgoing, now: datetime) -> bool:
    """Whether a tick would change anything: lets a timer stay silent."""
    return any(
        delivery.due_at and _falls_due(delivery, delivery.due_at) <= now and not _is_held(incident, delivery)
        for delivery in incident.deliveries.values()
    )


def _falls_due(delivery: Delivery, due_at: datetime) -> datetime:
    return due_at + LAPSE_GRACE if delivery.state is DeliveryState.SENDING else due_at


def _is_held(incident: Outgoing, delivery: Delivery) -> bool:
    """Whether another attempt waits for a person, whatever time it is; claims lapse and looks go on all the same."""
    return delivery.state is DeliveryState.UNSENT and stop_orders.waits(incident, delivery) is not None


def _due(delivery: Delivery, order: Order) -> Sequence[FactBody]:
    is_due_now = delivery.due_at is not None and _falls_due(delivery, delivery.due_at) <= order.now
    if not is_due_now or _is_held(order.outgoing, delivery):
        return []
    if delivery.state is DeliveryState.SENDING:
        lapsed = because("claim-lapsed", "it was claimed, and no receipt came before the claim lapsed")
        return [_look(lapsed, delivery, order)]
    if delivery.state is DeliveryState.UNKNOWN:
        return [_look(Together.made(delivery.reason or "still unknown", delivery.why), delivery, order)]
    verdict = _still(dispatch_for(order, delivery), order)
    if isinstance(verdict, Refused):
        return _hinder(delivery, verdict, order)
    return [delivery.ask_again()]


def _hinder(delivery: Delivery, verdict: Refused, order: Order) -> Sequence[FactBody]:
    """What may be public already stays unknown: only the sending again is off."""
    reason = together(*verdict.reasons)
    if not delivery.may_be_public:
        return [_ended(delivery, reason, order)]
    begun = because("not-sendable-again", "it may be public and cannot be sent again")
    return [_unknown(together(begun, reason, between=": "), delivery, order)]


def _ended(delivery: Delivery, reason: str, order: Order) -> FactBody:
    """It is not tried again. A look that found a mend not done does not tell that its own words are not there."""
    is_half_made = (delivery.attempt > 1 or delivery.looks) and channel_order.found_by_receipt(order, delivery)
    return stop_orders.not_sent(delivery.id, together(HALF_MADE, reason) if is_half_made else reason)


def _waiting(delivery: Delivery, reason: str, order: Order) -> Sequence[FactBody]:
    """No claim for now; what may be public already is still looked at."""
    if delivery.may_be_public:
        begun = because("not-sent-again", "it may be public and is not sent again")
        return [_unknown(together(begun, reason, between=": "), delivery, order, is_over=True)]
    form = "attempt {attempt} at delivery {delivery} cannot be claimed: {why}"
    return order.refused(because("claim-waits", form, attempt=delivery.attempt, delivery=delivery.id, why=reason))


def _look(reason: str, delivery: Delivery, order: Order) -> DeliveryUnknown:
    """The time to look has come; nobody sends this attempt any more. A look needs no budget, and passes a freeze."""
    looked = delivery.model_copy(update={"looks": delivery.looks + 1})
    waits = stop_orders.waits(order.outgoing, delivery) or gate.put_off(order, delivery)
    return _unknown(reason, looked, order, is_over=bool(waits)).model_copy(update={"look_now": True})


def _unknown(reason: str, delivery: Delivery, order: Order, *, is_over: bool = False) -> DeliveryUnknown:
    """Not looked at at once: what was just sent may need a moment to show, and a broken channel is not hammered."""
    absent_from = resolution.absent_from(kind_on(delivery.channel, order.register), delivery)
    way = _way(delivery, order, is_over=is_over)
    return DeliveryUnknown(
        delivery_id=delivery.id,
        attempt=delivery.attempt,
        looks=delivery.looks,
        **kept(reason),
        look_again_at=resolution.next_look(delivery.looks, now=order.now, absent_from=absent_from, way=way),
        way=way,
        absent_from=absent_from,
        sight=delivery.sight,
        receipt=delivery.receipt if delivery.sight else None,
        dispatch=dispatch_for(order, delivery),
    )


def _way(delivery: Delivery, order: Order, *, is_over: bool = False) -> Resolution:
    mended = channel_order.mended(order.outgoing, delivery)
    is_over = bool(is_over or stop_orders.cancelled(order, delivery.message_id) or mended)
    return resolution.way_out(kind_on(delivery.channel, order.register), delivery, now=order.now, is_over=is_over)


def _unsent(delivery: Delivery, reason: str, now: datetime) -> DeliveryUnsent:
    due = now + resolution.retry_after(delivery.attempt)
    return DeliveryUnsent(delivery_id=delivery.id, attempt=delivery.attempt, reason=sentence(reason), retry_at=due)


def _next_attempt(delivery: Delivery) -> int:
    """A delivery that was asked for is claimed under its number; an unknown one under the next."""
    return delivery.attempt + 1 if delivery.state is DeliveryState.UNKNOWN else delivery.attempt
