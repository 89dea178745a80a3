"""Others: who else could give an order now, where nobody can tell that the person whom it names gave it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from streams.decisions.authority.order import Order
from streams.decisions.authority.power_for import POWER_FOR
from streams.decisions.authority.powers import who_could
from streams.decisions.authority.turns import could_decide, could_say_yes
from streams.decisions.register import change_orders
from streams.decisions.release.release_orders import prepared
from streams.decisions.stops import hold_orders
from streams.decisions.stops.stop_orders import MAY_STOP
from streams.decisions.verdict import Refused
from streams.values import Power
from streams.words.delivery import ResolveDelivery
from streams.words.holds import LiftHold, PlaceHold
from streams.words.incident import Cancel, Declare, StandDown
from streams.words.register.changes import ChangeOrder
from streams.words.release import Amplify, DraftLine, Release, SignOff
from streams.words.stops import CancelRelease, Freeze, ReleaseHeld, Resume, ReturnDraft, WithdrawDraft

POWERS_OF: Mapping[type, Sequence[Power]] = {
    Declare: (Power.DECLARE,),
    StandDown: (Power.STAND_DOWN,),
    Cancel: (Power.STAND_DOWN,),
    PlaceHold: (Power.WITHDRAW, Power.LIFT_HOLD),
    Freeze: MAY_STOP,
    Resume: (Power.RELEASE_HOLDING,),
}
"""The powers of which any one suffices, for orders that are about no message and nobody in particular."""


def who_else(order: Order) -> Sequence[str]:
    """Everybody, with role, but the one whom the order names; nothing else may be wrong with the order."""
    body, named = order.command.body, order.register.called(order.command.by)
    able = _ABLE[type(body)](order, body) if type(body) in _ABLE else _with(order, POWERS_OF.get(type(body), ()))
    return [one for one in dict.fromkeys(able) if one != named]


def _release(order: Order, body: Release) -> Iterable[str]:
    message = prepared(order, body)
    return () if isinstance(message, Refused) else could_say_yes(order, message, but=None)


def _draft_line(order: Order, body: DraftLine) -> Iterable[str]:
    return _with(order, [Power.DRAFT_LINE], body.channels)


def _sign_off(order: Order, body: SignOff) -> Iterable[str]:
    if draft := order.incident.drafts.get(body.message_id):
        return could_say_yes(order, draft, but=order.incident.drafted_by[draft.id])
    return could_decide(order, search) if (search := order.search(body.message_id)) else ()


def _return_draft(order: Order, body: ReturnDraft) -> Iterable[str]:
    draft = order.incident.drafts[body.message_id]
    writer = order.register.called(order.incident.drafted_by[draft.id])
    return [one for one in _with(order, [POWER_FOR[draft.purpose]], draft.channels) if one != writer]


def _withdraw_draft(order: Order, body: WithdrawDraft) -> Iterable[str]:
    author = order.incident.drafted_by[body.message_id]
    return [order.register.called(author), *_with(order, [Power.WITHDRAW])]


def _cancel_release(order: Order, body: CancelRelease) -> Iterable[str]:
    channels = order.incident.messages[body.message_id].channels
    return [one for channel in channels for one in _with(order, MAY_STOP, [channel])]


def _release_held(order: Order, body: ReleaseHeld) -> Iterable[str]:
    delivery = order.incident.deliveries[body.delivery_id]
    return _with(order, [POWER_FOR[order.incident.messages[delivery.message_id].purpose]], [delivery.channel])


def _resolve(order: Order, body: ResolveDelivery) -> Iterable[str]:
    return _with(order, [Power.RESOLVE_DELIVERY], [order.incident.deliveries[body.delivery_id].channel])


def _amplify(order: Order, body: Amplify) -> Iterable[str]:
    return _with(order, [Power.AMPLIFY], order.register.partners[body.credit.partner].channels)


def _change(order: Order, body: ChangeOrder) -> Iterable[str]:
    del body
    return change_orders.could_give(order)


def _with(order: Order, powers: Iterable[Power], channels: Sequence[str] = ()) -> list[str]:
    """Everybody with any of these powers on all of these channels."""
    body, acts = order.command.body, [order.act(power) for power in powers]
    if isinstance(body, Declare):
        acts = [replace(act, type=body.type, level=body.level) for act in acts]
    return [one for act in acts for one in who_could(act, order.register, channels=channels)]


_ABLE: Mapping[type, Callable[[Order, Any], Iterable[str]]] = {
    Release: _release,
    DraftLine: _draft_line,
    SignOff: _sign_off,
    ResolveDelivery: _resolve,
    ReturnDraft: _return_draft,
    WithdrawDraft: _withdraw_draft,
    CancelRelease: _cancel_release,
    ReleaseHeld: _release_held,
    LiftHold: hold_orders.could_lift,
    Amplify: _amplify,
    **dict.fromkeys(get_args(ChangeOrder), _change),
}
"""For the other orders, who could give them."""
