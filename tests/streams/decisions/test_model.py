"""A model search over the rules: whatever people do within the bound, in whatever order, no rule is broken.

The bound: in each of 36 worlds (night, day and bank holiday; nobody, the first and all of a chain away; no chain, a
chain, an ordered one, one with a delegation; incident levels 1 and 4 and signed orders in turn) every sequence of
three moves from the declaration, and of two from each state of `BEGINNINGS` that lies further on in such a world.
The moves are those of five people, of agents and of time; the register may be edited between any two of them.
"""

import pytest

from tests.model.moves import BEGINNINGS, EDITS, MOVES, beginning
from tests.model.mutants import MUTANTS
from tests.model.search import Found, search
from tests.model.worlds import WORLDS, World

DECLARED = "the incident is declared"
SILENT = ("the first was silent", "all but the last were silent")
STOPPED = ("a channel was down", "nobody knows whether it is public", "a freeze is over")
FURTHER = {
    "no chain": STOPPED,
    "a chain": SILENT,
    "an ordered chain": (*SILENT, *STOPPED),
    "a chain with a delegation": SILENT,
}
STATES_MIN = {"nobody": 350, "the first": 350, "all": 90}
"""So many states are reached from a declaration at least; where all are away, little can be done."""
FURTHER_MIN = {"nobody": 160, "the first": 160, "all": 60}
"""And so many from the states further on together."""
ORDERS_MIN = 750
REACHED = {"command_refused", "line_drafted", "draft_withdrawn", "incident_frozen"}
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
    assert (len(MOVES), len(EDITS)) == (44, 5)
    assert {name for names in FURTHER.values() for name in names} | {DECLARED} == set(BEGINNINGS)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_rule_that_is_broken_on_purpose_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the same bound, in a world where the rules as they are break nothing."""
    mutant = MUTANTS[name]
    mutant.breaks(monkeypatch)
    begins = beginning(mutant.world, mutant.begins)
    assert any(found.broken for found in search(begins, moves_max=moves_max(mutant.begins)))
