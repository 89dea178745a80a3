"""Orders about deliveries, and the passing of time."""

from collections.abc import Iterable, Sequence

from streams.decisions.accounts import gate
from streams.decisions.authority.order import Order
from streams.decisions.desk.order_kind import OrderKind
from streams.decisions.desk.who_else import with_powers
from streams.decisions.register import change_orders
from streams.decisions.release import by_hand, delivery_orders
from streams.subjects.outgoing import Outgoing
from streams.subjects.register_log import RegisterLog
from streams.values import Power
from streams.words.delivery import ClaimDelivery, DoneByHand, RecordOutcome, ResolveDelivery
from streams.words.facts import FactBody
from streams.words.orders import Giver, Tick


def _tick(order: Order, body: Tick) -> Sequence[FactBody]:
    if isinstance(order.state, RegisterLog):
        return change_orders.lapsed(order)
    if not isinstance(order.state, Outgoing):
        return []
    # What an account that was shut holds is not asked for again in the same judgement.
    return gate.holds(order) or [*delivery_orders.tick(order, body), *by_hand.lapsed(order)]


def _could_resolve(order: Order, body: ResolveDelivery | DoneByHand) -> Iterable[str]:
    return with_powers(order, [Power.RESOLVE_DELIVERY], channels=[order.incident.deliveries[body.delivery_id].channel])


ROWS = (
    OrderKind(
        body=ClaimDelivery,
        words="claim delivery",
        given_by=(Giver.PUBLISHING,),
        moves=None,
        answer=delivery_orders.claim,
    ),
    OrderKind(
        body=RecordOutcome,
        words="record outcome",
        given_by=(Giver.PUBLISHING,),
        moves=None,
        answer=delivery_orders.record,
    ),
    OrderKind(
        body=ResolveDelivery,
        words="resolve delivery",
        moves=None,
        answer=delivery_orders.resolve,
        who_could=_could_resolve,
        command="resolve",
    ),
    OrderKind(
        body=DoneByHand,
        words="done by hand",
        moves=None,
        answer=by_hand.done,
        who_could=_could_resolve,
        command="done-by-hand",
    ),
    OrderKind(
        body=Tick,
        words="tick",
        about=None,
        given_by=(Giver.CLOCK,),
        moves=None,
        answer=_tick,
    ),
)
