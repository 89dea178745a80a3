"""`holdingline templates`: what is ready to be said, each text with the slots to fill."""

import json

import pytest

from agents.adapters.registers import data_folder, load
from streams.decisions.wording.slot_values import choices_of, filled
from streams.values import Purpose
from tests.entrypoints.commanding import run

REGISTER = load(data_folder())
DRILL = ("--mode", "training")
"""The approvals of the example are in its files alone, which counts in drills."""


def test_each_template_is_listed_with_its_first_words_and_its_slots() -> None:
    code, said, complained = run("templates")
    assert (code, complained) == (0, "")
    for template in REGISTER.templates.values():
        assert f"{template.id}: {template.title}" in said
        first = Purpose.HOLDING if Purpose.HOLDING in template.texts else next(iter(template.texts))
        assert all(f"  {first} {language}: {text}" in said for language, text in template.texts[first].items())
        assert all(f"  --slot {name}=...  {slot.about} (" in said for name, slot in template.slots.items())


@pytest.mark.parametrize("name", list(REGISTER.templates))
def test_one_template_is_shown_with_every_text(name: str) -> None:
    said = run("templates", name)[1]
    template = REGISTER.templates[name]
    for purpose, texts in template.texts.items():
        assert all(f"  {purpose} {language}: {text}" in said for language, text in texts.items())
    (shown,) = json.loads(run("templates", name, "--json")[1])
    assert shown["id"] == name


def test_each_template_says_who_owns_it_who_approved_it_and_when_it_is_reviewed() -> None:
    """In the list, and where one is shown alone."""
    for template in REGISTER.templates.values():
        owner, approval = REGISTER.called(template.owner), template.approval
        assert approval
        approver = REGISTER.called(approval.by)
        for said in (run("templates", *DRILL)[1], run("templates", template.id, *DRILL)[1]):
            of_it = said.partition(f"{template.id}: {template.title}")[2]
            assert f"owned by {owner}, to be reviewed by {template.review_on:%d %B %Y}" in of_it
            assert f"approved by {approver} on {approval.at:%d %B %Y}, until {approval.expires_at:%d %B %Y}" in of_it


def test_what_is_shown_for_a_slot_is_what_it_takes() -> None:
    for template in REGISTER.templates.values():
        for name, slot in template.slots.items():
            for value in choices_of(slot, REGISTER):
                assert not filled(template, {name: value.removeprefix("like ")}, register=REGISTER).reasons


def test_a_template_that_is_not_there_is_answered_with_those_that_are() -> None:
    code, _, complained = run("templates", "earthquake")
    assert (code, complained.startswith("there is no template earthquake: choose one of ")) == (1, True)
