"""The example folder becomes a register."""

from streams.decisions.authority.freshness import template_faults
from tests.examples import NOW, example_register


def test_the_example_is_read_whole() -> None:
    register = example_register()
    assert len(register.people) >= 10
    assert len(register.templates) >= 8
    assert set(register.channels) == {"site", "email"}
    assert {partner.category for partner in register.partners.values()} == {"ambulance", "police", "fire"}


def test_every_template_of_the_example_is_approved() -> None:
    """After an edit a template has to be approved again: `holdingline check` shows the hash to copy."""
    register = example_register()
    assert [one.id for one in register.templates.values() if template_faults(one, register, now=NOW)] == []
