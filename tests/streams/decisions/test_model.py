"""A model search over the rules: whatever people do within the bound, in whatever order, no rule is broken.

The bound: in each of 36 worlds (night, day and bank holiday; nobody, the first and all of a chain away; no chain, a
chain, an ordered one, one with a delegation; incident levels 1 and 4 and signed orders in turn) every sequence of
three moves from the declaration, and of two from the states of `FURTHER` that lie further on in such a world.
The 49 moves are those of five people, of agents and of time; five edits of the register may come between any two.
That makes some 31,000 states and 133,000 orders, each judged by the law of `tests/model/law.py`.
"""

import pytest

from tests.model.moves import BEGINNINGS, EDITS, MOVES, beginning
from tests.model.mutants import MUTANTS
from tests.model.search import Found, search
from tests.model.worlds import WORLDS, World

DECLARED = "the incident is declared"
FURTHER = {
    "no chain": ("a channel was down", "a freeze is over"),
    "a chain": ("the first was silent", "a line is not out yet"),
    "an ordered chain": ("the first was silent", "all but the last were silent", "nobody knows whether it is public"),
    "a chain with a delegation": ("all but the last were silent", "a channel was down"),
}
STATES_MIN = {"nobody": 500, "the first": 500, "all": 200}
"""So many states are reached from a declaration in each world at least; where all are away, little can be done."""
FURTHER_MIN = {"nobody": 220, "the first": 220, "all": 90}
"""And so many from the states further on together."""
ORDERS_MIN = 1_500
REACHED = {"command_refused", "line_drafted", "draft_withdrawn", "incident_frozen", "hold_placed"}
REACHED_WITH_SOMEBODY = {"message_authorised", "delivery_claimed", "incident_stood_down", "release_cancelled"}


def moves_max(name: str) -> int:
    return 3 if name == DECLARED else 2


def searched(world: World, name: str) -> Found:
    """All that was found; nothing may be broken in it."""
    found = Found()
    for found in search(beginning(world, name), moves_max=moves_max(name)):
        assert found.broken == []
    return found


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_no_rule_is_broken_after_a_declaration(world: World) -> None:
    """No release without authority, no yes to one's own words, no edited content, no chain jumped, nothing twice."""
    found = searched(world, DECLARED)
    assert found.states >= STATES_MIN[world.gone]
    assert found.orders >= ORDERS_MIN
    assert REACHED | (REACHED_WITH_SOMEBODY if world.gone != "all" else set()) <= set(found.kinds)


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_no_rule_is_broken_further_on(world: World) -> None:
    """Where people were silent, a channel was down, or a freeze is over."""
    found = [searched(world, name) for name in FURTHER[world.asks]]
    assert sum(one.states for one in found) >= FURTHER_MIN[world.gone]


def test_the_bound_is_as_wide_as_it_says() -> None:
    """Every hour, absence and chain, both levels with and without signatures, and every move and edit."""
    assert len(WORLDS) == len(set(map(str, WORLDS))) == 36
    assert {(one.level, one.signs) for one in WORLDS} == {(1, False), (1, True), (4, False), (4, True)}
    assert (len(MOVES), len(EDITS)) == (49, 5)
    assert all(one.begins in {DECLARED, *FURTHER[one.world.asks]} for one in MUTANTS.values())
    assert {name for names in FURTHER.values() for name in names} | {DECLARED} == set(BEGINNINGS)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_rule_that_is_broken_on_purpose_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the same bound, in a world where the rules as they are break nothing."""
    mutant = MUTANTS[name]
    mutant.breaks(monkeypatch)
    begins = beginning(mutant.world, mutant.begins)
    assert any(found.broken for found in search(begins, moves_max=moves_max(mutant.begins)))
