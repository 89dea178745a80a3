"""Orders that stop, hold back, and start again."""

from collections.abc import Iterable

from streams.decisions.authority.order import Order
from streams.decisions.authority.power_for import power_for
from streams.decisions.desk.order_kind import OrderKind
from streams.decisions.desk.who_else import with_any, with_powers
from streams.decisions.lifecycle import DECLARED, ONCE_DECLARED, ONCE_OPEN, stay_in
from streams.decisions.stops import hold_orders, partner_orders, stop_orders
from streams.decisions.stops.stop_orders import MAY_STOP
from streams.values import Power
from streams.words.holds import LiftHold, PlaceHold
from streams.words.orders import Giver
from streams.words.stops import (
    CancelRelease,
    Freeze,
    ReleaseHeld,
    Resume,
    ResumePartner,
    ReturnDraft,
    StopPartner,
    WithdrawDraft,
)


def _could_return(order: Order, body: ReturnDraft) -> Iterable[str]:
    draft = order.incident.drafts[body.message_id]
    writer = order.register.called(order.incident.drafted_by[draft.id])
    return [one for one in with_powers(order, [power_for(draft)], channels=draft.channels) if one != writer]


def _could_withdraw(order: Order, body: WithdrawDraft) -> Iterable[str]:
    author = order.incident.drafted_by[body.message_id]
    return [order.register.called(author), *with_powers(order, [Power.WITHDRAW])]


def _could_cancel(order: Order, body: CancelRelease) -> Iterable[str]:
    channels = order.incident.messages[body.message_id].channels
    return [one for channel in channels for one in with_powers(order, MAY_STOP, channels=[channel])]


def _could_release_held(order: Order, body: ReleaseHeld) -> Iterable[str]:
    delivery = order.incident.deliveries[body.delivery_id]
    return with_powers(order, [power_for(order.incident.messages[delivery.message_id])], channels=[delivery.channel])


ROWS = (
    OrderKind(
        body=ReturnDraft,
        words="return draft",
        moves=ONCE_DECLARED,
        answer=stop_orders.return_draft,
        who_could=_could_return,
        command="return-draft",
    ),
    OrderKind(
        body=WithdrawDraft,
        words="withdraw draft",
        moves=ONCE_DECLARED,
        answer=stop_orders.withdraw_draft,
        who_could=_could_withdraw,
        command="withdraw-draft",
    ),
    OrderKind(
        body=CancelRelease,
        words="cancel release",
        moves=ONCE_DECLARED,
        answer=stop_orders.cancel_release,
        who_could=_could_cancel,
        command="cancel-release",
    ),
    OrderKind(
        body=Freeze,
        words="freeze",
        moves=ONCE_OPEN,
        answer=stop_orders.freeze,
        who_could=with_any(*MAY_STOP),
        command="freeze",
    ),
    OrderKind(
        body=Resume,
        words="resume",
        moves=ONCE_OPEN,
        answer=stop_orders.resume,
        who_could=with_any(Power.RELEASE_HOLDING),
        command="resume",
    ),
    OrderKind(
        body=ReleaseHeld,
        words="release held",
        moves=ONCE_DECLARED,
        answer=stop_orders.release_held,
        who_could=_could_release_held,
        command="release-held",
    ),
    OrderKind(
        body=StopPartner,
        words="stop partner",
        about=None,
        given_by=(Giver.AMPLIFICATION, Giver.PERSON),
        moves=stay_in(DECLARED),
        answer=partner_orders.stop_partner,
        who_could=with_any(*partner_orders.MAY_STOP_PARTNER),
        command="stop-partner",
    ),
    OrderKind(
        body=ResumePartner,
        words="resume partner",
        about=None,
        moves=stay_in(DECLARED),
        answer=partner_orders.resume_partner,
        who_could=with_any(*partner_orders.MAY_RESUME),
        command="resume-partner",
    ),
    OrderKind(
        body=PlaceHold,
        words="place hold",
        moves=ONCE_OPEN,
        answer=hold_orders.place,
        who_could=with_any(Power.WITHDRAW, Power.LIFT_HOLD),
        command="hold",
    ),
    OrderKind(
        body=LiftHold,
        words="lift hold",
        moves=ONCE_OPEN,
        answer=hold_orders.lift,
        who_could=hold_orders.could_lift,
        command="lift",
    ),
)
