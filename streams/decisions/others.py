"""Others: who else could give an order now, where nobody can tell that the person whom it names gave it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from streams import commands
from streams.changes import ChangeOrder
from streams.decisions import changing, holding_back
from streams.decisions.authority import who_could
from streams.decisions.order import Order
from streams.decisions.powers import POWER_FOR
from streams.decisions.releasing import prepared
from streams.decisions.searching import could_decide, could_say_yes
from streams.decisions.stopping import MAY_STOP
from streams.decisions.verdict import Refused
from streams.holds import LiftHold, PlaceHold
from streams.stopping import CancelRelease, Freeze, ReleaseHeld, Resume, ReturnDraft, WithdrawDraft
from streams.values import Power

POWERS_OF: Mapping[type, Sequence[Power]] = {
    commands.Declare: (Power.DECLARE,),
    commands.StandDown: (Power.STAND_DOWN,),
    commands.Cancel: (Power.STAND_DOWN,),
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


def _release(order: Order, body: commands.Release) -> Iterable[str]:
    message = prepared(order, body)
    return () if isinstance(message, Refused) else could_say_yes(order, message, but=None)


def _draft_line(order: Order, body: commands.DraftLine) -> Iterable[str]:
    return _with(order, [Power.DRAFT_LINE], body.channels)


def _sign_off(order: Order, body: commands.SignOff) -> Iterable[str]:
    if draft := order.incident.drafts.get(body.message_id):
        return could_say_yes(order, draft, but=order.incident.drafted_by[draft.id])
    return could_decide(order, order.incident.searches[body.message_id])


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


def _resolve(order: Order, body: commands.ResolveDelivery) -> Iterable[str]:
    return _with(order, [Power.RESOLVE_DELIVERY], [order.incident.deliveries[body.delivery_id].channel])


def _amplify(order: Order, body: commands.Amplify) -> Iterable[str]:
    return _with(order, [Power.AMPLIFY], order.register.partners[body.credit.partner].channels)


def _change(order: Order, body: ChangeOrder) -> Iterable[str]:
    del body
    return changing.could_give(order)


def _with(order: Order, powers: Iterable[Power], channels: Sequence[str] = ()) -> list[str]:
    """Everybody with any of these powers on all of these channels."""
    body, acts = order.command.body, [order.act(power) for power in powers]
    if isinstance(body, commands.Declare):
        acts = [replace(act, type=body.type, level=body.level) for act in acts]
    return [one for act in acts for one in who_could(act, order.register, channels=channels)]


_ABLE: Mapping[type, Callable[[Order, Any], Iterable[str]]] = {
    commands.Release: _release,
    commands.DraftLine: _draft_line,
    commands.SignOff: _sign_off,
    commands.ResolveDelivery: _resolve,
    ReturnDraft: _return_draft,
    WithdrawDraft: _withdraw_draft,
    CancelRelease: _cancel_release,
    ReleaseHeld: _release_held,
    LiftHold: holding_back.could_lift,
    commands.Amplify: _amplify,
    **dict.fromkeys(get_args(ChangeOrder), _change),
}
"""For the other orders, who could give them."""
