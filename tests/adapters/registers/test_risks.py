"""The risk register of a folder: what is wrong is named with its place; the file is not needed, and stops nothing."""

from datetime import date
from pathlib import Path

import pytest

from agents.adapters.registers import load
from agents.adapters.registers.checks import check
from streams.words.register.entries import Register, version_of
from tests.adapters.breaking import copied
from tests.examples import NOW

RISKS = "register/risks.yaml"
ONE = """
- id: wrong-account
  what: {en: Somebody uses the wrong account., cy: Rhywun yn defnyddio'r cyfrif anghywir.}
  channels: [site, email]
  before: {likelihood: 3, impact: 3}
  mitigations:
    - {does: {en: Another person reads it., cy: Mae person arall yn ei ddarllen.}, safeguard: second-yes}
  after: {likelihood: 1, impact: 3}
  owner: communications manager
  review_on: 2028-11-30
- id: whole
  what: {en: Nobody answers., cy: Nid oes neb yn ateb.}
  before: {likelihood: 2, impact: 2}
  after: {likelihood: 2, impact: 2}
  owner: lowri.penfynach
  review_on: 2026-01-14
"""
BREAKS = {
    ("likelihood: 3", "likelihood: 6"): "likelihood is “6”: give 1 (rare) to 5 (almost certain)",
    ("impact: 3}\n  mitigations", "impact: 0}\n  mitigations"): "give 1 (negligible) to 5 (catastrophic)",
    ("after: {likelihood: 1, impact: 3}", "after: {likelihood: 4, impact: 3}"): "12 after its mitigations and 9 before",
    ("after: {likelihood: 2, impact: 2}", "after: {likelihood: 1, impact: 2}"): "another score afterwards and no mitig",
    ("owner: lowri.penfynach", "owner: nobody.known"): "is no person of the register and no role there: name one",
    ("owner: communications manager", "owner: astronaut"): "is no person of the register and no role there: name one",
    ("channels: [site, email]", "channels: [site, email, post]"): "there is no channel post: add it to channels.yaml",
    ("review_on: 2026-01-14", "review_on: 2026-01-13"): "due for review since 2026-01-13: see that it is right",
    (", cy: Nid oes neb yn ateb.}", "}"): "what could happen, in whole, is not written in cy: add it",
    (", cy: Mae person arall yn ei ddarllen.}", "}"): "what is done about wrong-account is not written in cy: add it",
    ("safeguard: second-yes", "safeguard: prayer"): "safeguard is “prayer”",
}


def written(folder: Path, text: str) -> Path:
    """A copy of the example with this risk register."""
    (copied(folder) / RISKS).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(("change", "says"), BREAKS.items(), ids=BREAKS.values())
def test_what_is_wrong_is_named_at_its_file(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    assert change[0] in ONE
    folder = written(tmp_path / "trust", ONE.replace(*change))
    found = [one for one in check(folder, NOW) if one.file == RISKS]
    assert any(says in one.sentence for one in found), found


def test_a_whole_risk_register_has_no_fault_on_the_day_of_its_review(tmp_path: Path) -> None:
    folder = written(tmp_path / "trust", ONE)
    assert not [one for one in check(folder, NOW) if "risk" in one.sentence or one.file == RISKS]


def test_an_account_without_an_assessment_is_named_and_so_is_the_activity(tmp_path: Path) -> None:
    folder = written(tmp_path / "trust", ONE.replace("[site, email]", "[site]").partition("- id: whole")[0])
    told = {one.file: one.sentence for one in check(folder, NOW)}
    assert "no risk of email is assessed: write one into risks.yaml" in told["register/channels.yaml"]
    assert "no risk of the activity as a whole is assessed" in told[RISKS]
    assert "no release waits for it" in told["register/channels.yaml"]


def test_a_folder_may_do_without_the_list_and_its_register_keeps_its_version(tmp_path: Path) -> None:
    """A register that was kept before there were risks is read with the version that it had."""
    folder = copied(tmp_path / "trust")
    assert load(folder, NOW).risks
    (folder / RISKS).unlink()
    register = load(folder, NOW)
    assert register.risks == {}
    assert "risks" not in register.model_dump_json()
    assert not [one for one in check(folder, NOW) if "risk" in one.sentence]
    assert Register.model_validate_json(register.model_dump_json()).version() == version_of(register.model_dump_json())


def test_a_register_whose_risks_are_overdue_and_extreme_can_be_used(tmp_path: Path) -> None:
    """A worker reads it as every other: people see to the risk, and the first word waits for none of it."""
    grave = ONE.replace("{likelihood: 2, impact: 2}", "{likelihood: 5, impact: 5}").replace("2026-01-14", "2020-01-01")
    register = load(written(tmp_path / "trust", grave), NOW, judges=True)
    assert register.risks["whole"].review_on == date(2020, 1, 1)
