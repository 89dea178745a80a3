"""Look-alikes: an account that looks like a partner's or ours is noted, until a person says what was done about it."""

from collections.abc import Sequence

from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import may
from streams.decisions.stops.partner_orders import MAY_STOP_PARTNER
from streams.decisions.verdict import Allowed, Refused, any_of
from streams.why import because
from streams.words.facts import FactBody
from streams.words.register.partners import LookAlikeNoted, LookAlikesSettled, NoteLookAlike, SettleLookAlikes


def note(order: Order, body: NoteLookAlike) -> Sequence[FactBody]:
    """Note the account once, however often it posts."""
    known = order.log.look_alikes.get(body.imitates, ())
    if any((one.account_id, one.domain) == (body.account_id, body.domain) for one in known):
        return []
    return [LookAlikeNoted(**body.model_dump(exclude={"kind"}))]


def settle(order: Order, body: SettleLookAlikes) -> Sequence[FactBody]:
    """Settle all look-alikes of one partner, or ours: one person is enough, who may amplify or stop words."""
    waiting = order.log.look_alikes
    if body.imitates not in waiting:
        names = ", ".join(waiting) or "none"
        form = "no account is known that looks like {name}: choose one of these: {known}"
        return order.refused(because("no-look-alike", form, name=body.imitates, known=names))
    refused = list[Refused]()
    for power in MAY_STOP_PARTNER:
        verdict = may(order.command.by, order.act(power), register=order.register)
        if isinstance(verdict, Allowed):
            return [LookAlikesSettled(imitates=body.imitates, reason=body.reason, rule=verdict.rule)]
        refused.append(verdict)
    reasons = dict.fromkeys(reason for one in refused for reason in one.reasons)
    return [Refused([*reasons], any_of(*refused)).fact(body.kind)]
