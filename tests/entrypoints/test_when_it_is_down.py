"""`docs/when-it-is-down.md`, line by line: each command that stands there is given to a real service, as it stands."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.adapters.registers import data_folder
from tests.entrypoints.commanding import DECLARE, INCIDENT, opened
from tests.entrypoints.said_codes import Trust
from tests.examples import APPROVER, CHIEF
from tests.scenarios.kill_bench import Done

DOC = Path(__file__).parents[2] / "docs" / "when-it-is-down.md"
COMMANDS = re.findall(r"^    holdingline (.+)$", DOC.read_text("utf-8"), re.MULTILINE)
BY_HAND = "inc-by-hand"


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trust]:
    folder = tmp_path_factory.mktemp("down")
    with opened(folder, f"sqlite:////{folder}/log.db") as running:
        yield Trust(running).ready(CHIEF)


def written(command: str) -> str:
    """The one command of the page that begins so."""
    found: str
    (found,) = [one for one in COMMANDS if one.startswith(command)]
    return found


def given(trust: Trust, command: str, incident: str) -> Done:
    """A command of the page about this incident, in this folder, at an hour when its person may."""
    words = shlex.split(command.replace("INCIDENT", incident).replace("mared.cwmhelyg", CHIEF))
    if "--out" in words:
        words[words.index("--out") + 1] = str(trust.service.folder / "pack.html")
        words += ["--register", str(trust.service.folder / "register")]
    if "--said-to" in words:
        at = words.index("--as")
        return trust.said(*words[:at], by=words[at + 1], to=words[words.index("--said-to") + 1])
    return trust.service.run(*words, "--log", trust.service.log_url)


def declared(trust: Trust, name: str) -> str:
    """An incident of its own."""
    done = trust.service.order("declare", name, by=CHIEF, file=DECLARE)
    assert done.returncode == 0, done.stderr
    return name


def test_the_commands_of_the_page_are_those_that_are_tried_here() -> None:
    assert [one.split()[0] for one in COMMANDS] == [
        "pack",
        "release",
        "freeze",
        "stand-down",
        "open-case",
        "record-by-hand",
        "withdraw",
    ]


def test_the_pack_is_made(trust: Trust) -> None:
    done = given(trust, written("pack"), INCIDENT)
    assert done.returncode == 0, done.stderr
    assert (trust.service.folder / "pack.html").exists()


def test_a_release_a_freeze_and_the_end_are_said_on_the_telephone(trust: Trust) -> None:
    name = declared(trust, "inc-said")
    for command in (
        written('release INCIDENT fire --slot "place=Ysbyty Ardudwy" --slot time'),
        written("freeze"),
        written("stand-down"),
        written("open-case"),
    ):
        done = given(trust, command, name)
        assert done.returncode == 0, done.stderr
    assert trust.state(name).stops.frozen.by == CHIEF
    assert trust.state(name).status == "stood-down"


def test_what_was_put_up_by_hand_is_entered_and_withdrawn_where_it_was(trust: Trust) -> None:
    """By mail the machine says so itself; the post with a link waits for a person, with that link in the inbox."""
    name = declared(trust, BY_HAND)
    entered = given(trust, written("record-by-hand"), name)
    assert entered.returncode == 0, entered.stderr
    assert "PUT THERE BY HAND on site, email at" in entered.stdout
    status = trust.service.run("status", name, "--log", trust.service.log_url).stdout
    assert "by hand" in status
    assert "https://alerts.ardudwy-vale.example.org/by-hand" in status
    taken_back = given(trust, written("withdraw"), name)
    assert "Traceback" not in taken_back.stderr
    assert "REFUSED" not in taken_back.stderr + taken_back.stdout, taken_back.stderr
    inbox = trust.service.run("inbox", "--as", CHIEF, "--log", trust.service.log_url).stdout
    assert "https://alerts.ardudwy-vale.example.org/by-hand" in inbox
    assert f"done-by-hand {name}" in inbox
    kinds = [fact["body"]["kind"] for fact in trust.service.facts(name)]
    assert kinds[:2] == ["incident_declared", "message_reported"]
    evidence = trust.service.folder / "by-hand.jsonl"
    at = ("--as", APPROVER, "--log", trust.service.log_url)
    assert trust.service.run("evidence", name, "--out", str(evidence), *at).returncode == 0
    checked = trust.service.run("verify", str(evidence))
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_page_says_what_the_pack_says() -> None:
    """The pack sends its reader to this page."""
    pack = (data_folder() / "pages" / "pack.html.j2").read_text("utf-8")
    assert f"docs/{DOC.name}" in pack
