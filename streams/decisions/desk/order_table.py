"""The table of orders, and by it the desk's answer to a command: facts, or one fact that refuses it with reasons."""

from collections.abc import Mapping, Sequence

from streams.decisions.authority import freshness, signatures
from streams.decisions.authority.order import Order
from streams.decisions.desk.order_kind import OrderKind
from streams.decisions.desk.rows import DOMAINS
from streams.decisions.desk.who_else import who_else
from streams.decisions.lifecycle import stuck
from streams.decisions.verdict import Refused
from streams.values import THE_REGISTER, Subject, SubjectKind
from streams.why import because
from streams.words.facts import CommandRefused, FactBody
from streams.words.listening.watch import THE_WATCH

ORDERS: Mapping[type, OrderKind] = {kind.body: kind for domain in DOMAINS for kind in domain.ROWS}
"""Every order there is, by the type of its body. What is not here is no order."""
STATE_BYTES_MAX = 640 * 1024
"""An incident's state is one record, and a log takes a mebibyte; the rest is for yeses, receipts and stopping."""


def answer(order: Order) -> Sequence[FactBody]:
    """Judge a command against the incident, the registers and the hour; an order answered before gives nothing."""
    given, state, kind = order.command, order.state, ORDERS[type(order.command.body)]
    if state.has_heard(given.id) or order.past.has_heard(given.id):
        return []
    if given.mode != state.mode:
        form = "this order is of mode {mode} and this worker of mode {ours}: give it where it belongs"
        return order.refused(because("other-mode", form, mode=given.mode, ours=state.mode))
    if given.seen is not None and given.seen > state.sequence:
        form = (
            "the order was given in view of fact {seen}, and there are {known}: look at the status, then give it again"
        )
        return order.refused(because("seen-ahead", form, seen=given.seen, known=state.sequence))
    if misplaced := _misplaced(given.subject, kind):
        return [misplaced.fact(given.body.kind)]
    if unproven := signatures.unproven(order, by_machines=kind.by_machines, unsaid=kind.why_unsaid):
        refused = Refused(unproven.reasons, _others(order, kind)).fact(given.body.kind)
        return [refused.model_copy(update={"wrong_code": signatures.wrong_code(order)})]
    return _answer(order, kind)


def once_proven(order: Order) -> Sequence[FactBody]:
    """What the order would be answered with if its person proves it; for a look ahead, and written nowhere."""
    return _answer(order, ORDERS[type(order.command.body)])


def _misplaced(subject: Subject, kind: OrderKind) -> Refused | None:
    """Why this order cannot be about the subject that it names; None if it can."""
    if subject.kind is SubjectKind.REGISTER and subject != THE_REGISTER:
        form = "there is one register, and {subject} is not it: name the register"
        return Refused([because("one-register", form, subject=subject.key)])
    if subject.kind is SubjectKind.WATCH and subject != THE_WATCH:
        form = "there is one watch, and {subject} is not it: name {wanted}"
        return Refused([because("one-watch", form, subject=subject.key, wanted=THE_WATCH.key)])
    if kind.about in {None, subject.kind}:
        return None
    wanted = kind.about if kind.about in {SubjectKind.REGISTER, SubjectKind.WATCH} else f"{kind.about} that it is for"
    return Refused([f"cannot {kind.words} on {subject.called}: give the order to the {wanted}"])


def _others(order: Order, kind: OrderKind) -> Sequence[str] | None:
    """Who else could give this very order; None where more is wrong with it than that it is not proven."""
    wrong = next((one for one in _answer(order, kind) if isinstance(one, CommandRefused)), None)
    return (wrong.who_could if wrong else who_else(order, kind)) or None


def _answer(order: Order, kind: OrderKind) -> Sequence[FactBody]:
    """The answer to an order that its person really gave."""
    given, state = order.command, order.state
    if kind.moves is not None:
        if refused := stuck(state, kind.moves, words=kind.words):
            return [refused.fact(given.body.kind)]
        if stale := freshness.stale_order(given.at, order.now):
            return [stale.fact(given.body.kind)]
    if kind.grows and len(state.model_dump_json().encode()) > STATE_BYTES_MAX:
        form = "the state of {subject} has more than {most} bytes: declare another incident for what is new, and mend, "
        form += "stop and end here what went out"
        return order.refused(because("state-full", form, subject=state.id, most=STATE_BYTES_MAX))
    return kind.answer(order, given.body)
