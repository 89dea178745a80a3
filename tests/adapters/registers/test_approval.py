"""Approving a template: a second person with the power, for exactly the text that is there."""

from datetime import timedelta
from pathlib import Path

import pytest

import agents
from agents.adapters.registers import approve, as_yaml, data_folder, hashes, load
from streams.decisions.authority.freshness import template_faults
from streams.decisions.verdict import Refused
from streams.words.register.entries import Approval
from tests.adapters.breaking import Break, copied
from tests.adapters.breaks import FIRE
from tests.examples import APPROVER, CHIEF, NOW, WRITER, example_register


def test_the_hashes_of_the_example_are_those_that_were_approved() -> None:
    approvals = {f"messages/{one.id}.yaml": one.approval for one in example_register().templates.values()}
    assert hashes(data_folder()) == {file: one.content_hash for file, one in approvals.items() if one}


def test_an_edited_template_is_approved_anew_by_pasting_five_lines(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    Break(FIRE, "Mae tân", "Mae tân mawr", "", "").apply(folder)
    edited = load(folder)
    assert template_faults(edited.templates["fire"], edited, now=NOW)
    approval = approve(edited, "fire", by=APPROVER, at=NOW)
    assert isinstance(approval, Approval)
    text = (folder / FIRE).read_text(encoding="utf-8")
    (folder / FIRE).write_text(text.partition("approval:")[0] + as_yaml(approval) + "\n", encoding="utf-8")
    renewed = load(folder)
    assert template_faults(renewed.templates["fire"], renewed, now=NOW) is None
    assert template_faults(renewed.templates["fire"], renewed, now=NOW + timedelta(days=366))


@pytest.mark.parametrize(
    ("template", "by", "says"),
    [
        ("fire", CHIEF, "has no power to approve-template"),
        ("fire", WRITER, "has no power to approve-template"),
        ("infectious-disease", APPROVER, "a second person has to approve it"),
        ("unknown", APPROVER, "there is no template unknown"),
    ],
)
def test_nobody_else_approves(template: str, by: str, says: str) -> None:
    refused = approve(example_register(), template, by=by, at=NOW)
    assert isinstance(refused, Refused)
    assert says in refused.reasons[0]


def test_the_data_folder_is_the_configured_one_then_our_own_then_the_neighbour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In site-packages a neighbour called `templates` would be somebody else's."""
    package = tmp_path / "agents"
    package.mkdir()
    (tmp_path / "templates").mkdir()
    monkeypatch.setattr(agents, "__file__", str(package / "__init__.py"))
    assert data_folder() == tmp_path / "templates"
    (package / "_templates").mkdir()
    assert data_folder() == package / "_templates"
    assert data_folder(tmp_path) == tmp_path
