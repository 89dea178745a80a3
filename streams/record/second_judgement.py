"""Judging again: every order, by the register and at the moment of its facts, must give the facts that are stored."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from streams.decisions.authority.order import Order
from streams.decisions.desk.judge import judge
from streams.incident import Incident, fold
from streams.words.facts import CommandRefused, Fact
from streams.words.orders import Command
from streams.words.register.entries import Register

Orders = Mapping[str, Mapping[str, Command]]
"""Orders by identifier and hash: an order that was given again may be stored with another time."""


def find_misjudged(facts: Sequence[Fact], orders: Orders, *, registers: Mapping[str, Register]) -> Iterator[str]:
    """A sentence for each order whose facts are not what the rules give; the facts are as stored, in order."""
    if not facts:
        return
    incident = Incident(id=facts[0].incident_id, mode=facts[0].mode)
    rest = list(facts)
    while rest:
        together = list(takewhile(lambda fact: (fact.cause, fact.at) == (rest[0].cause, rest[0].at), rest))
        try:
            count, wrong = _judge(together, incident, orders=orders, registers=registers)
            for fact in rest[:count]:
                incident = fold(incident, fact)
        except Exception as error:  # noqa: BLE001 - rules rest on what cannot be in a record of ours: a finding, no crash
            count = len(together)
            wrong = f"{_place(rest[0])}: the rules cannot take it ({type(error).__name__}); it was changed or added"
        if wrong:
            yield wrong
        del rest[:count]


def _judge(
    stored: Sequence[Fact], incident: Incident, *, orders: Orders, registers: Mapping[str, Register]
) -> tuple[int, str | None]:
    """How many of these facts the order gives, and what is wrong with them; the order may have come twice."""
    first = stored[0]
    register = registers.get(first.register_version or "")
    given = orders.get(first.cause, {}).get(first.cause_hash or "")
    if register is None or given is None:
        return len(stored), None  # `checks` names a missing order or register.
    run = next((fact.body.run for fact in stored if hasattr(fact.body, "run")), "none")
    order = Order(given, incident, register, first.at)
    again, _ = judge(order, run=run, register_version=first.register_version or "")
    for one, other in zip(stored, again, strict=False):
        if _without_chain(one) != _without_chain(other):
            return len(stored), f"{_place(one)}: judged again, order {one.cause} gives {_told(other)}"
    if not again:
        return len(stored), f"{_place(first)}: judged again, order {first.cause} gives no such fact"
    if len(again) > len(stored):
        return len(stored), f"{_place(stored[-1])}: judged again, {_told(again[len(stored)])} would follow it"
    return len(again), None


def _without_chain(fact: Fact) -> Fact:
    """The fact without its place in the chain: a later release writes more fields, which changes the hash only."""
    return fact.model_copy(update={"previous": "", "hash": ""})


def _place(fact: Fact) -> str:
    return f"fact {fact.sequence} of incident {fact.incident_id}"


def _told(fact: Fact) -> str:
    body = fact.body
    if isinstance(body, CommandRefused):
        return f"a refusal ({'; '.join(body.reasons)})"
    return f"another {body.kind}"
