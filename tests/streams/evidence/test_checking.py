"""An evidence file is checked with nothing but itself; whatever is not as it was is named with its place."""

from tests.evidence_kit import found, night


def test_a_whole_night_holds_together_and_gives_the_same_bytes_again() -> None:
    """Two registers, signed and unsigned orders, a refusal, receipts: nothing to find."""
    one = night()
    assert found(one.exported()) == []
    assert one.exported() == night().exported()
    assert {fact.body.kind for fact in one.facts} >= {"command_refused", "line_drafted", "delivery_confirmed"}
    assert len(one.registers) == 2
