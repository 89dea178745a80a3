"""When an order's signature is missing or wrong: who else could give it."""

from collections.abc import Iterable, Sequence

from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import who_could
from streams.decisions.desk.order_kind import OrderKind, WhoCould
from streams.values import Power
from streams.words.orders import CommandBody


def who_else(order: Order, kind: OrderKind) -> Sequence[str]:
    """Names and roles of the others who could give this order. Call it only for an order that is valid but unproven."""
    named = order.register.called(order.command.by)
    return [one for one in dict.fromkeys(kind.who_could(order, order.command.body)) if one != named]


def with_any(*powers: Power) -> WhoCould:
    """Names everybody with any of these powers in the incident: for orders that are about no message or channel."""

    def able(order: Order, body: CommandBody) -> Iterable[str]:
        del body
        return with_powers(order, powers)

    return able


def with_powers(order: Order, powers: Iterable[Power], *, channels: Sequence[str] = ()) -> list[str]:
    """Everybody with any of these powers on all of these channels."""
    return [one for power in powers for one in who_could(order.act(power), order.register, channels=channels)]
