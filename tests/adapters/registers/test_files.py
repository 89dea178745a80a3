"""The example folder becomes a register."""

from agents.adapters.registers import data_folder
from agents.adapters.registers.checks import check
from agents.adapters.registers.files import files
from agents.adapters.registers.source import parse
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


def test_no_reader_changes_what_was_read() -> None:
    """A text is parsed once, and every reader is given the same."""
    texts = {path: path.read_text("utf-8") for path in files(data_folder()) if path.suffix == ".yaml" and path.exists()}
    shared = {path: parse(text, f"{path.parent.name}/{path.name}") for path, text in texts.items()}
    check(data_folder(), NOW)
    for path, text in texts.items():
        again = parse(text, f"{path.parent.name}/{path.name}")
        assert again is shared[path]
        assert again == parse.__wrapped__(text, again.file)
