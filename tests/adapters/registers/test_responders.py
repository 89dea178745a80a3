"""The responders and steps of a folder: what is wrong is named with its place, and neither file is needed."""

from datetime import timedelta
from pathlib import Path

import pytest

from agents.adapters.registers import load
from agents.adapters.registers.checks import check
from tests.adapters.breaking import copied
from tests.examples import NOW

RESPONDERS, STEPS = "register/responders.yaml", "register/steps.yaml"
BREAKS = {
    (RESPONDERS, "partner: police", "partner: navy"): "there is no partner navy",
    (RESPONDERS, "telephone: 01632 960760", "telephone: ask the duty officer"): "is nothing that phone can reach",
    (
        RESPONDERS,
        "email: press@ardudwy-council.example",
        "email: their press office",
    ): "is nothing that email can reach",
    (RESPONDERS, "{role: operations room, telephone: 01632 960760}", "{role: operations room}"): "give one of the two",
    (STEPS, "who: {en: loggist, cy: cofnodwr}", "who: {en: loggist}"): "the who of log is not written in cy",
    (STEPS, "due_minutes: 240", "due_minutes: soon"): "due_minutes must be a whole number",
    (STEPS, "- id: debrief", "- id: log"): "the id log is taken by",
}


@pytest.mark.parametrize(("place", "says"), BREAKS.items(), ids=BREAKS.values())
def test_what_is_wrong_is_named_at_its_file(tmp_path: Path, place: tuple[str, str, str], says: str) -> None:
    name, old, new = place
    folder = copied(tmp_path / "trust")
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), "utf-8")
    found = [one for one in check(folder, NOW) if one.file == name]
    assert any(says in one.sentence for one in found), found


def test_a_folder_may_do_without_both(tmp_path: Path) -> None:
    """A register from before reads as before, and its version is the same."""
    folder = copied(tmp_path / "trust")
    for name in (RESPONDERS, STEPS):
        (folder / name).unlink()
    register = load(folder, NOW + timedelta(0))
    assert (register.responders, register.steps) == ({}, {})
    assert not [one for one in check(folder, NOW) if one.file in {RESPONDERS, STEPS}]
    assert '"responders"' not in register.model_dump_json()
