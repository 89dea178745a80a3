"""Orders about deliveries, and the passing of time."""

from collections.abc import Iterable, Sequence

from streams.decisions.accounts import gate
from streams.decisions.authority.order import Order
from streams.decisions.desk.order_kind import Answer, OrderKind
from streams.decisions.desk.who_else import with_powers
from streams.decisions.plans import plan_orders, server_posts
from streams.decisions.register import change_orders
from streams.decisions.release import by_hand, delivery_orders, take_backs
from streams.subjects.incident import Incident
from streams.subjects.outgoing import Outgoing
from streams.subjects.plan import Plan
from streams.subjects.register_log import RegisterLog
from streams.values import Power
from streams.words.delivery import ClaimDelivery, DeliveryOrder, DoneByHand, RecordOutcome, ResolveDelivery
from streams.words.facts import FactBody
from streams.words.orders import Giver, Tick


def _of_words(answer: Answer) -> Answer:
    """The answer on a subject whose words go out; a refusal on any other."""

    def answered(order: Order, body: DeliveryOrder) -> Sequence[FactBody]:
        if isinstance(order.state, Outgoing):
            return answer(order, body)
        called = order.state.subject.called
        return order.refused(f"no words go out on {called}: give the order to the incident or post that it is about")

    return answered


def _tick(order: Order, body: Tick) -> Sequence[FactBody]:
    if isinstance(order.state, RegisterLog):
        return change_orders.lapsed(order)
    if isinstance(order.state, Plan):
        return plan_orders.tick(order, body)
    if not isinstance(order.state, Incident):
        return []
    # What an account that was shut holds is not asked for again in the same judgement.
    due = [*delivery_orders.tick(order, body), *by_hand.lapsed(order), *take_backs.expired(order)]
    return gate.holds(order) or [*due, *server_posts.tick(order)]


def _could_resolve(order: Order, body: ResolveDelivery | DoneByHand) -> Iterable[str]:
    return with_powers(order, [Power.RESOLVE_DELIVERY], channels=[order.outgoing.deliveries[body.delivery_id].channel])


ROWS = (
    OrderKind(
        body=ClaimDelivery,
        words="claim delivery",
        given_by=(Giver.PUBLISHING,),
        about=None,
        moves=None,
        answer=_of_words(delivery_orders.claim),
    ),
    OrderKind(
        body=RecordOutcome,
        words="record outcome",
        given_by=(Giver.PUBLISHING,),
        about=None,
        moves=None,
        answer=_of_words(delivery_orders.record),
    ),
    OrderKind(
        body=ResolveDelivery,
        words="resolve delivery",
        about=None,
        moves=None,
        answer=_of_words(delivery_orders.resolve),
        who_could=_could_resolve,
        command="resolve",
    ),
    OrderKind(
        body=DoneByHand,
        words="done by hand",
        about=None,
        moves=None,
        answer=_of_words(by_hand.done),
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
