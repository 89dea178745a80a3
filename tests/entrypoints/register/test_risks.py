"""`holdingline risks`, and what `check` and `doctor` say of the risk register."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from agents.adapters.clocks import SystemClock
from agents.adapters.registers import data_folder
from tests.entrypoints.commanding import run

MISSING = "no risk of the accounts and of the activity is assessed: write register/risks.yaml; no release waits for it"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example trust."""
    return Path(shutil.copytree(data_folder(), tmp_path / "trust"))


def changed(folder: Path, old: str, new: str) -> None:
    file = folder / "register" / "risks.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_each_risk_is_shown_with_its_scores_what_is_done_and_whose_it_is(folder: Path) -> None:
    code, said, _ = run("risks", "--register", str(folder))
    assert code == 0
    first, *_ = said.splitlines()
    assert first.startswith("account-taken-over: "), "the gravest comes first"
    for one in (
        "about Incident pages of the trust's website",
        "about the activity as a whole",
        "before: likelihood 3 x impact 5 = 15 (extreme)",
        "after: likelihood 2 x impact 4 = 8 (high)",
        "(the service: a drill reaches no live channel)",
        "its owner is Dilys Maenhir (emergency preparedness manager); to be reviewed by 30 Nov 2028",
        "its owner is communications manager",
    ):
        assert one in said
    assert "no release waits for it" not in said, "nothing is amiss"


def test_what_is_amiss_stands_before_the_risks_and_says_that_no_release_waits(folder: Path) -> None:
    changed(folder, "channels: [site, email]", "channels: [site]")
    changed(folder, "2028-11-30", "2021-11-30")
    changed(folder, "before: {likelihood: 2, impact: 5}", "before: {likelihood: 5, impact: 5}")
    changed(folder, "after: {likelihood: 1, impact: 5}", "after: {likelihood: 4, impact: 5}")
    code, said, _ = run("risks", "--register", str(folder))
    assert code == 0
    for one in (
        "risk drill-goes-public stays extreme after its mitigations, with a score of 20: its owner, Dilys Maenhir",
        "OVERDUE: wrong-account was to be reviewed by 30 Nov 2021; no release waits for it",
        "NOT ASSESSED: account email; no release waits for it",
        "OVERDUE since 30 Nov 2021",
    ):
        assert one in said
    answer = json.loads(run("risks", "--json", "--register", str(folder))[1])
    assert (answer["unassessed"], answer["activity_assessed"]) == (["email"], True)
    assert {one["overdue"] for one in answer["risks"]} == {True}
    assert answer["risks"][0]["after"] == {"likelihood": 4, "impact": 5, "score": 20, "band": "extreme"}
    code, _, complained = run("check", "--register", str(folder))
    assert code == 1
    assert "wrong-account is due for review since 2021-11-30" in complained
    assert "no risk of email is assessed" in complained
    assert "risk drill-goes-public stays extreme" in complained


def test_a_review_that_comes_soon_and_a_safeguard_that_is_off_are_told_beforehand(folder: Path) -> None:
    """By `risks`, `check` and `doctor` alike; neither is a fault of the files."""
    soon = SystemClock().now().date() + timedelta(days=20)
    changed(folder, "2028-11-30", f"{soon}")
    rules = folder / "register" / "attention.yaml"
    rules.write_text(rules.read_text("utf-8").replace("{id: story, pages: now}", "{id: story, pages: never}"), "utf-8")
    lines = [
        f"risk wrong-account is to be reviewed by {soon:%d %B %Y}: its owner, ",
        "risk wrong-word-stands counts on the safeguard stories, which is not switched on: no person is paged for",
    ]
    for command in ("risks", "check", "doctor"):
        _, said, complained = run(command, "--register", str(folder))
        assert [one for one in lines if one not in said + complained] == []


def test_a_trust_without_a_risk_register_is_told_so_and_has_no_fault(folder: Path, tmp_path: Path) -> None:
    """It was right before there was one."""
    (folder / "register" / "risks.yaml").unlink()
    where = ("--register", str(folder), "--log", f"sqlite:///{tmp_path}/none.db")
    assert MISSING in run("risks", "--register", str(folder))[1]
    code, said, complained = run("check", *where)
    assert (code, complained) == (0, "")
    assert MISSING in said
    _, said, complained = run("doctor", *where)
    assert f"ok       risks     {MISSING}" in said + complained
