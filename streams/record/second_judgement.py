"""Judging again: every order, by the register and at the moment of its facts, must give the facts that are stored."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, takewhile, zip_longest
from typing import Any

from streams.decisions.authority.order import Order
from streams.decisions.authority.signatures import used_before
from streams.decisions.channels.budgets import AsStored
from streams.decisions.desk.judge import judge
from streams.decisions.plans.holding import declared_by
from streams.subjects.fold import begun, fold
from streams.subjects.past import Past
from streams.subjects.state import State
from streams.values import RULES_VERSION
from streams.words.facts import CommandRefused, Fact
from streams.words.orders import Command
from streams.words.register.entries import Register
from streams.words.register.sheets import SpokenProof

SINCE_VERSION_2 = frozenset({"verb", "target"})
"""Fields that facts of version 1 lack and that are judged again with another value than none."""
MADE = frozenset({"why", "beyond_why"})
"""How reasons were made, which older releases did not keep."""
Orders = Mapping[str, Mapping[str, Command]]
"""Orders by identifier and hash: an order that was given again may be stored with another time."""


def find_misjudged(facts: Sequence[Fact], orders: Orders, *, registers: Mapping[str, Register]) -> Iterator[str]:
    """A sentence for each order whose facts are not what the rules give; the facts are as stored, in order."""
    if not facts:
        return
    state = begun(facts[0].subject, facts[0].mode)
    rest = list(facts)
    while rest:
        if rest[0].sequence != state.sequence + 1:
            return  # A fact is missing, which the chain shows; what it changed is unknown to all that follow.
        together = list(takewhile(lambda fact: (fact.cause, fact.at) == (rest[0].cause, rest[0].at), rest))
        try:
            count, wrong = _judge(together, state, orders=orders, registers=registers)
            for fact in rest[:count]:
                state = fold(state, fact)
        except Exception as error:  # noqa: BLE001 - rules may fail on a record that we never write: a finding, no crash
            count = len(together)
            wrong = f"{_place(rest[0])}: the rules cannot take it ({type(error).__name__}); it was changed or added"
        if wrong:
            yield wrong
        del rest[:count]


def _judge(
    stored: Sequence[Fact], state: State, *, orders: Orders, registers: Mapping[str, Register]
) -> tuple[int, str | None]:
    """How many of these facts the order gives, and what is wrong with them; the order may have come twice."""
    first = stored[0]
    register = registers.get(first.register_version or "")
    given = orders.get(first.cause, {}).get(first.cause_hash or "")
    if register is None or given is None:
        return len(stored), None  # `checks` names a missing order or register.
    run = next((fact.body.run for fact in stored if hasattr(fact.body, "run")), "none")
    declared = declared_by([fact.body for fact in stored])
    order = Order(given, state, register, first.at, _past_of(stored, given), declared, AsStored.of(stored))
    again, _ = judge(order, run=run, register_version=first.register_version or "")
    for one, other in zip(stored, again, strict=False):
        if _said(one, like=one) != _said(other, like=one):
            return len(stored), f"{_place(one)}: {_by_rules(one)}, order {one.cause} gives {_told(other)}"
    if not again:
        return len(stored), f"{_place(first)}: {_by_rules(first)}, order {first.cause} gives no such fact"
    if len(again) > len(stored):
        return len(stored), f"{_place(stored[-1])}: {_by_rules(first)}, {_told(again[len(stored)])} would follow it"
    return len(again), None


def _past_of(stored: Sequence[Fact], given: Command) -> Past:
    """What left the record; that a code was used in another incident is as it is stored, since no record has both."""
    reasons = [reason for one in stored if isinstance(one.body, CommandRefused) for reason in one.body.reasons]
    used = isinstance(given.proof, SpokenProof) and used_before(given.proof) in reasons
    return Past(elsewhere=lambda _: used)


def rules_of(facts: Sequence[Fact]) -> Iterator[str]:
    """A sentence for each stretch of one chain that other rules than those of this release judged."""
    for rules, stretch in groupby(facts, key=lambda fact: fact.rules_version):
        if rules != RULES_VERSION:
            first, *more = stretch
            last = f" to {more[-1].sequence}" if more else ""
            yield f"{_place(first)}{last}: judged by {_called(rules)}, these are {RULES_VERSION}"


def _by_rules(fact: Fact) -> str:
    """By which rules a fact was judged, as a reason begins: other rules alone may explain a difference."""
    if fact.rules_version == RULES_VERSION:
        return "judged again"
    return f"judged by {_called(fact.rules_version)}, these are {RULES_VERSION}; judged again by these"


def _called(rules: str | None) -> str:
    return f"rules {rules}" if rules else "rules from before they had a version"


def _said(fact: Fact, *, like: Fact) -> Any:  # noqa: ANN401 - any JSON
    """What a fact says, its place in the chain apart, and no more than the fact that it is compared with could say."""
    said = fact.model_dump(mode="json", exclude={"version", "rules_version", "previous", "hash"})
    if isinstance(fact.body, CommandRefused) and isinstance(like.body, CommandRefused):
        # Older releases did not keep how a reason was made, or not of every reason.
        said["body"]["why"] = [one for one, kept in zip_longest(fact.body.why, like.body.why) if kept]
    else:
        said = _as_far(said, like.model_dump(mode="json"), later=MADE)
    if like.written_as != 1:
        return said
    return _as_far(said, like.model_dump(mode="json", exclude_unset=True), later=SINCE_VERSION_2)


def _as_far(said: Any, older: Any, *, later: frozenset[str]) -> Any:  # noqa: ANN401 - any JSON
    """The JSON without the `later` fields that the older one lacks."""
    if not isinstance(said, dict) or not isinstance(older, dict):
        return said
    return {
        name: _as_far(value, older.get(name), later=later)
        for name, value in said.items()
        if name in older or name not in later
    }


def _place(fact: Fact) -> str:
    return f"fact {fact.sequence} of {fact.subject.called}"


def _told(fact: Fact) -> str:
    body = fact.body
    if isinstance(body, CommandRefused):
        return f"a refusal ({'; '.join(body.reasons)})"
    return f"another {body.kind}"
