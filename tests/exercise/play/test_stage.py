"""What an exercise changes in the register: a template may count as approved in it, by a person who could do it."""

from pathlib import Path

import pytest

from agents.exercise.play.stage import staged_register
from agents.exercise.script.loader import UnusableScenario, load
from agents.exercise.script.scenario import RegisterEdits
from streams.decisions.authority import freshness
from tests.adapters.breaking import copied
from tests.architecture.tree import ROOT

SCENARIO = load(ROOT / "templates/exercises/major-incident.yaml")


def test_a_template_counts_as_approved_in_an_exercise_that_says_so_and_the_files_stay(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    fire = folder / "messages/fire.yaml"
    written = fire.read_text(encoding="utf-8").partition("approval:")[0]
    fire.write_text(written, encoding="utf-8")
    for approved, is_usable in (((), False), (("fire",), True)):
        scenario = SCENARIO.model_copy(update={"register_changes": RegisterEdits(approved=approved)})
        register = staged_register(scenario, folder)
        found = freshness.template_faults(register.templates["fire"], register, now=scenario.start)
        assert (found is None) is is_usable
    assert fire.read_text(encoding="utf-8") == written


def test_a_template_that_only_its_owner_could_approve_cannot_be_played_as_approved(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    people = folder / "register/people.yaml"
    kept = [line for line in people.read_text(encoding="utf-8").splitlines() if "power: approve-template" not in line]
    people.write_text("\n".join([*kept, ""]), encoding="utf-8")
    scenario = SCENARIO.model_copy(update={"register_changes": RegisterEdits(approved=("fire",))})
    with pytest.raises(UnusableScenario, match="nobody but its owner may approve fire"):
        staged_register(scenario, folder)
