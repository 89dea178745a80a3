"""Stops: one person who may withdraw or release can stop alone; to start again takes more."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from streams.decisions.authority.order import Order
from streams.decisions.authority.power_for import power_for
from streams.decisions.authority.powers import may, may_on_all, who_could
from streams.decisions.stops.shut_accounts import shut
from streams.decisions.verdict import Allowed, Refused, Verdict, any_of
from streams.decisions.wording.renderer import quote
from streams.moments import minute_in, second_in
from streams.subjects.incident import Incident
from streams.subjects.outgoing import Outgoing
from streams.values import Power, Purpose
from streams.why import because, each_why, kept
from streams.words.delivery import SETTLED, Delivery, DeliveryRefused, DeliveryState
from streams.words.facts import FactBody
from streams.words.release import Message
from streams.words.stops import (
    CancelRelease,
    DraftReturned,
    DraftWithdrawn,
    Freeze,
    HeldReleased,
    IncidentFrozen,
    IncidentResumed,
    ReleaseCancelled,
    ReleaseHeld,
    Resume,
    ReturnDraft,
    Stop,
    Stops,
    WithdrawDraft,
)

MAY_STOP = (Power.WITHDRAW, Power.RELEASE_HOLDING, Power.SIGN_OFF_LINE)
"""Any one of these powers is enough to freeze an incident or cancel a release."""
PASSES_A_FREEZE = frozenset({Purpose.WITHDRAWAL, Purpose.CORRECTION})
NOT_SENT = (DeliveryState.ASKED, DeliveryState.UNSENT)


def return_draft(order: Order, body: ReturnDraft) -> Sequence[FactBody]:
    """Return a draft: anybody who could sign it off may, out of turn too. Its author withdraws it instead."""
    draft = order.incident.drafts.get(body.message_id)
    if draft is None:
        return order.refused(gone(order, body.message_id))
    act, author = order.act(power_for(draft)), order.incident.drafted_by[draft.id]
    if author == order.command.by:
        able = who_could(act, order.register, channels=draft.channels, but=author)
        return order.refused(
            because("own-draft-returned", "who wrote a draft does not return it: withdraw it"), who_could=able
        )
    verdict = may_on_all(order.command.by, act, channels=draft.channels, register=order.register, but=author)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    return [DraftReturned(message_id=draft.id, reason=body.reason, rule=verdict.rule)]


def withdraw_draft(order: Order, body: WithdrawDraft) -> Sequence[FactBody]:
    """Withdraw a draft: its author may, or anybody with the power to withdraw."""
    if body.message_id not in order.incident.drafts:
        return order.refused(gone(order, body.message_id))
    if order.incident.drafted_by[body.message_id] == order.command.by:
        return [DraftWithdrawn(message_id=body.message_id, reason=body.reason, rule=None)]
    verdict = may(order.command.by, order.act(Power.WITHDRAW), register=order.register)
    if isinstance(verdict, Refused):
        author = order.register.called(order.incident.drafted_by[body.message_id])
        return order.refused(*verdict.reasons, who_could=any_of(Refused((), [author]), verdict))
    return [DraftWithdrawn(message_id=body.message_id, reason=body.reason, rule=verdict.rule)]


def gone(order: Order, message_id: str) -> str:
    """Why this draft does not wait for sign-off: who signed it or stopped it, if somebody did."""
    stop, yes = order.incident.stops.drafts.get(message_id), order.incident.authorisations.get(message_id)
    if yes:
        form, who = "draft {draft} was signed off by {person} at {time}: nothing more is to be done", yes.person
        at = second_in(order.zone, yes.at)
        draft = quote(order.incident.messages[message_id])
        return because("draft-signed-off", form, draft=draft, person=order.register.called(who), time=at)
    if stop is None:
        return because(
            "no-draft", "no draft {draft} waits for sign-off: look at the incident's status", draft=message_id
        )
    form = "this draft was {became} by {person} at {time} ({reason}): hand in a new one"
    return because("draft-stopped", form, became=stop.what, **_stopped(stop, order))


def cancel_release(order: Order, body: CancelRelease) -> Sequence[FactBody]:
    """Cancel what was not sent yet. What is public, or may be, stays so, and the answer says so."""
    incident = order.incident
    message = incident.messages.get(body.message_id)
    if message is None:
        form = "no message {message} was released: look at the incident's status"
        return order.refused(because("no-release", form, message=body.message_id))
    if stop := incident.stops.releases.get(message.id):
        form = "release {message} was {became} by {person} at {time} ({reason}): nothing more is to be done"
        told = because("release-stopped", form, message=quote(message), became=stop.what, **_stopped(stop, order))
        return order.refused(told)
    waiting = [one for one in incident.deliveries.values() if one.message_id == message.id]
    if all(one.state in SETTLED for one in waiting):
        able = who_could(order.act(Power.WITHDRAW), order.register, channels=message.channels)
        form = "nothing of {message} is on its way any more: release a withdrawal if it is public"
        return order.refused(because("nothing-on-its-way", form, message=quote(message)), who_could=able)
    verdict = may_stop(order, message.channels)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    too_late = (*beyond(waiting), *public(waiting))
    cancelled = ReleaseCancelled(
        message_id=message.id,
        reason=body.reason,
        rule=verdict.rule,
        beyond=too_late,
        beyond_why=each_why(too_late),
    )
    form, called = "the release was cancelled by {person}: {reason}", order.register.called(order.command.by)
    reason = because("release-cancelled-by", form, person=called, reason=body.reason)
    return [cancelled, *(not_sent(one.id, reason) for one in waiting if one.state in NOT_SENT)]


def not_sent(delivery_id: str, reason: str) -> DeliveryRefused:
    """The end of a delivery for a reason of the rules."""
    return DeliveryRefused(delivery_id=delivery_id, **kept(reason))


def freeze(order: Order, body: Freeze) -> Sequence[FactBody]:
    """Freeze the incident; one person is enough."""
    if stop := order.incident.stops.frozen:
        form = "the incident is frozen by {person} at {time} ({reason}): nothing more is to be done"
        return order.refused(because("frozen-already", form, **_stopped(stop, order)))
    verdict = may_stop(order, [None])
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    too_late = tuple(beyond(_pending(order.incident)))
    why = each_why(too_late)
    return [IncidentFrozen(reason=body.reason, rule=verdict.rule, beyond=too_late, beyond_why=why)]


def resume(order: Order, body: Resume) -> Sequence[FactBody]:
    """End the freeze: it takes the power to release, and nothing that waited goes out by itself."""
    if order.incident.stops.frozen is None:
        return order.refused(because("not-frozen", "the incident is not frozen: look at its status"))
    verdict = may(order.command.by, order.act(Power.RELEASE_HOLDING), register=order.register)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    held = tuple(dict.fromkeys(one.id for one in [*_pending(order.incident), *order.incident.held_back]))
    return [IncidentResumed(reason=body.reason, rule=verdict.rule, held=held)]


def release_held(order: Order, body: ReleaseHeld) -> Sequence[FactBody]:
    """Release a held delivery: anybody who could release these words on this channel may. If unsent, it goes now."""
    incident = order.incident
    held = incident.held_back
    delivery = next((one for one in held if one.id == body.delivery_id), None)
    if delivery is None:
        names = ", ".join(one.id for one in held) or "none"
        form = "no delivery {delivery} is held: those that are: {known}"
        return order.refused(because("none-held", form, delivery=body.delivery_id, known=names))
    message = incident.messages[delivery.message_id]
    if stopped := frozen(order, message.purpose):
        return [stopped.fact(body.kind)]
    if reason := shut(delivery.channel, order.register):
        able = who_could(order.act(Power.RELEASE_HOLDING), order.register, channels=[delivery.channel])
        return order.refused(reason, who_could=able)
    act = order.act(power_for(message))
    verdict = may_on_all(order.command.by, act, channels=[delivery.channel], register=order.register)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    released = HeldReleased(delivery_id=delivery.id, rule=verdict.rule)
    if delivery.state is not DeliveryState.UNSENT:
        return [released]
    return [released, delivery.ask_again()]


def frozen(order: Order, purpose: Purpose) -> Refused | None:
    """Why words of this purpose cannot be released now, with who could resume; None if no freeze forbids it."""
    stop = order.incident.stops.frozen
    if stop is None or purpose in PASSES_A_FREEZE:
        return None
    able = who_could(order.act(Power.RELEASE_HOLDING), order.register)
    form = "the incident is frozen by {person} at {time} ({reason}): "
    form += "only a withdrawal or correction goes out until it is resumed"
    return Refused([because("frozen", form, **_stopped(stop, order))], able)


def cancelled(order: Order, message_id: str) -> Refused | None:
    """Why no further attempt is made at a message; None if its release was not cancelled."""
    stop = order.outgoing.stops.releases.get(message_id)
    if stop is None:
        return None
    form = "the release was {became} by {person} at {time} ({reason})"
    return Refused([because("release-was", form, became=stop.what, **_stopped(stop, order))])


def waits(incident: Outgoing, delivery: Delivery) -> str | None:
    """Why no attempt at this delivery may begin until a person says so; None if one may, or if it is settled."""
    if delivery.message_id in incident.stops.releases:
        return None
    if delivery.is_task:
        return because("by-hand-waits", "a person puts these words there by hand: see `holdingline inbox`")
    return stopped(incident.stops, incident.messages[delivery.message_id], delivery_id=delivery.id)


def stopped(stops: Stops, message: Message, *, delivery_id: str) -> str | None:
    """Why this delivery is not sent now because a person stopped it; None if no one did."""
    if message.id in stops.releases:
        return because("release-cancelled", "the release was cancelled")
    if stops.frozen and stops.frozen.what == "held" and message.purpose not in PASSES_A_FREEZE:
        form = "the planned post is held ({reason}): plan it again, or drop it"
        return because("planned-held", form, reason=stops.frozen.reason)
    if stops.frozen and message.purpose not in PASSES_A_FREEZE:
        return because("frozen-waits", "the incident is frozen: resume it, then release this delivery")
    if delivery_id in stops.held:
        return because("held-waits", "it is held until a person says what becomes of it: release or cancel it")
    return None


def _pending(incident: Incident) -> list[Delivery]:
    """Every delivery that a freeze holds: not settled, not cancelled, no withdrawal or correction."""
    return [
        one
        for one in incident.deliveries.values()
        if one.state not in SETTLED
        and one.message_id not in incident.stops.releases
        and incident.messages[one.message_id].purpose not in PASSES_A_FREEZE
    ]


def beyond(deliveries: Sequence[Delivery]) -> Iterator[str]:
    """The deliveries that cannot be stopped any more, in words."""
    for one in deliveries:
        if one.state is DeliveryState.SENDING:
            form = "{channel}: it is being sent now and may become public (delivery {delivery})"
            yield because("beyond-sending", form, channel=one.channel, delivery=one.id)
        elif one.state is DeliveryState.UNKNOWN:
            form = "{channel}: unknown, it may be public: look at the channel (delivery {delivery})"
            yield because("beyond-unknown", form, channel=one.channel, delivery=one.id)


def public(deliveries: Sequence[Delivery]) -> Iterator[str]:
    """The deliveries that are public already, in words, with what may be done about them."""
    for one in deliveries:
        if one.state is DeliveryState.CONFIRMED:
            form = "{channel}: it is public: decide whether to correct or withdraw it (message {message})"
            yield because("beyond-public", form, channel=one.channel, message=one.message_id)


def may_stop(order: Order, channels: Sequence[str | None]) -> Verdict:
    """A yes by any of the powers that stop, on any of these channels; None means any channel."""
    acts = [replace(order.act(power), channel=channel) for power in MAY_STOP for channel in channels]
    refusals: list[Refused] = []
    for act in acts:
        verdict = may(order.command.by, act, register=order.register)
        if isinstance(verdict, Allowed):
            return verdict
        refusals.append(verdict)
    reasons = dict.fromkeys(reason for one in refusals for reason in one.reasons)
    return Refused(tuple(reasons), any_of(*refusals))


def _stopped(stop: Stop, order: Order) -> Mapping[str, str]:
    """By whom, when and why, for the gaps of a reason."""
    called, time = order.register.called(stop.by), minute_in(order.zone, stop.at)
    return {"person": called, "time": time, "reason": stop.reason}
