"""Where a name alone is enough, those who run the service hear it; in a drill and where all sign they hear nothing."""

import pytest

from streams.telling.proof import unproven_orders
from streams.values import LIVE, TRAINING
from streams.words.register.entries import Register
from tests import builders, keyring
from tests.builders import COMMANDER, DRILL, WRITER

KEYED = {
    name: one.model_copy(update={"keys": (keyring.key(name),)}) for name, one in builders.people().items() if one.grants
}
SOME = {**builders.people(), COMMANDER: KEYED[COMMANDER]}


def told(register: Register, mode: str = LIVE) -> str:
    return "; ".join(unproven_orders(register, mode))


def test_who_needs_no_key_is_named_in_live() -> None:
    """Those who have a key sign, so their names alone give nothing."""
    words = told(builders.register(people=SOME))
    assert words.startswith("A NAME ALONE GIVES ANY ORDER")
    assert WRITER in words
    assert COMMANDER not in words


def test_where_all_must_sign_and_nobody_can_it_is_said() -> None:
    assert "no order counts in live" in told(builders.register(unsigned_orders="refused"))


@pytest.mark.parametrize("mode", [DRILL, TRAINING])
def test_a_drill_is_not_warned(mode: str) -> None:
    assert told(builders.register(), mode) == ""


def test_where_everybody_with_powers_has_a_key_nothing_is_said() -> None:
    assert told(builders.register(people=KEYED)) == ""
    assert told(builders.register(people=SOME, unsigned_orders="refused")) == ""
