"""Whatever is altered in a piece of evidence is found, with its place; what nobody could find needs an anchor."""

import re
from random import Random

from streams.record.anchors import anchor_of
from tests.builders import LIVE, NOW
from tests.evidence_kit import Night, exported, first_found, found, night
from tests.streams.record.alterations import BYTES, CONTENT, rechained, resealed

PLACE = re.compile(r"^(line \d+|the last line|fact \S+ of incident \S+|order \S+|register \S+): ")


def test_every_altered_byte_and_every_line_dropped_moved_or_repeated_is_found(alterations: int) -> None:
    """Two in three of all alterations."""
    content, rng = night().exported(), Random(1)
    for number in range(alterations - 2 * (alterations // 6)):
        alter = BYTES[number % len(BYTES)]
        changed = alter(rng, content)
        said = first_found(changed)
        assert changed == content or (said and PLACE.match(said)), (number, alter.__name__, said)


def test_whatever_is_altered_inside_a_container_that_fits_again_is_found(alterations: int) -> None:
    """A fact, an order or a register changed, dropped, repeated or moved, or a signature under another order."""
    items, rng = night().items(), Random(2)
    content = exported(items)
    for number in range(alterations // 6):
        alter = CONTENT[number % len(CONTENT)]
        changed = resealed(rng, items, alter)
        said = first_found(changed)
        assert changed == content or (said and PLACE.match(said)), (number, alter.__name__, said)


def test_a_chain_that_was_made_to_fit_again_is_found_by_judging_again(alterations: int) -> None:
    """Nothing is told from elsewhere, and yet what a fact says must follow from its order."""
    items, rng = night().items(), Random(3)
    for number in range(alterations // 6):
        said = first_found(rechained(rng, items))
        assert said, number
        assert PLACE.match(said), (number, said)


def test_an_end_that_was_cut_off_with_its_orders_is_found_by_an_anchor_alone() -> None:
    """That is what anchors are for: the shorter record is whole in itself."""
    one = night()
    anchor = anchor_of(LIVE, [fact.model_dump(mode="json") for fact in one.facts], at=NOW)
    cause = one.facts[-1].cause
    shorter = Night(
        one.register,
        one.incident,
        [order for order in one.orders if order.id != cause],
        [fact for fact in one.facts if fact.cause != cause],
        one.registers,
    )
    assert found(shorter.exported()) == []
    (said,) = found(shorter.exported(), anchor)
    assert said.startswith(f"fact {len(one.facts)} of incident inc-1: it is not here any more")
    assert found(one.exported(), anchor) == []
    assert "it was changed" in found(one.exported(), anchor.model_copy(update={"heads": {}}))[0]
