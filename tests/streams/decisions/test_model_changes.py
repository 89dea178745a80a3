"""A model search over changes of power: no sequence of three moves lets one person alone change who may what."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from streams.decisions.authority.order import Order
from streams.decisions.desk import order_table
from streams.decisions.register import change_orders
from streams.decisions.verdict import Allowed
from streams.words.facts import FactBody
from streams.words.register.changes import ConfirmChange
from tests.builders import NOW
from tests.changing import CHAIR, CHIEF
from tests.model.keepers import MOVES, beginnings, searched

MOVES_MAX = 3
STATES_MIN = {"before the founding": 25, "once founded": 500, "with a deputy": 200, "two are left": 200}


@pytest.mark.parametrize("name", STATES_MIN)
def test_nobody_changes_a_power_alone(name: str) -> None:
    """Whoever proposes, confirms and withdraws, in whatever order, with time passing between."""
    assert len(MOVES) == 33
    *_, (states, broken) = searched(beginnings()[name], moves_max=MOVES_MAX)
    assert broken == []
    assert states >= STATES_MIN[name]


def proposed_by_another(order: Order, body: ConfirmChange) -> Sequence[FactBody]:
    """The chair's own yes to what the chair proposed, judged as one to what the chief executive did."""
    waiting = {name: one.model_copy(update={"by": CHIEF}) for name, one in order.log.changes.waiting.items()}
    changes = order.log.changes.model_copy(update={"waiting": waiting})
    return change_orders.confirm(replace(order, state=order.log.model_copy(update={"changes": changes})), body)


def judged_as_proposed_by_another(patch: pytest.MonkeyPatch) -> None:
    changed = replace(order_table.ORDERS[ConfirmChange], answer=proposed_by_another)
    patch.setattr(order_table, "ORDERS", {**order_table.ORDERS, ConfirmChange: changed})


ANYBODY = Allowed("any", CHAIR, NOW + timedelta(days=1))
BROKEN: Mapping[str, Callable[[pytest.MonkeyPatch], None]] = {
    "people confirm what they proposed": judged_as_proposed_by_another,
    "people confirm a change of their own entry": lambda patch: patch.setattr(change_orders, "_about", lambda _: None),
    "anybody confirms": lambda patch: patch.setattr(change_orders, "_may", lambda _: ANYBODY),
    "what waits counts for ever": lambda patch: patch.setattr(change_orders, "_overtaken", lambda *_: ()),
    "one person is left": lambda patch: patch.setattr(change_orders, "KEEPERS_MIN", 1),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_rule_about_changes_that_is_broken_on_purpose_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the same bound."""
    begins = beginnings()["two are left"]
    BROKEN[name](monkeypatch)
    assert any(broken for _, broken in searched(begins, moves_max=MOVES_MAX))
