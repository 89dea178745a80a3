"""`holdingline feeds test --recording`: what would become of each post, with no network, and nothing published."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from agents.adapters.registers import data_folder
from tests.adapters.registers.test_feed_accounts import ACCOUNT, RIGHT
from tests.entrypoints.commanding import run

AT = "2026-11-18T22:35:00+00:00"
RECORDED = data_folder() / "exercises/recordings/ambulance-2.xml"
CRASH = "Coach crash at Pont Ddu"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example with one account of fire, whose address nobody answers at."""
    trust = tmp_path / "trust"
    shutil.copytree(data_folder(), trust)
    partners = trust / "register/partners.yaml"
    account = ACCOUNT.format(**{**RIGHT, "kind": "atom", "address": "https://fire.example/feed"})
    account = account.partition("      credential")[0]
    partners.write_text(partners.read_text(encoding="utf-8").rstrip("\n") + account, encoding="utf-8")
    return trust


def said(folder: Path, *given: str) -> tuple[int, str]:
    log = f"sqlite:///{folder}/none.db"
    code, told, complained = run("feeds", "test", *given, "--register", str(folder), "--log", log)
    assert not (folder / "none.db").exists()
    return code, told + complained


def test_each_post_of_a_recording_is_judged_and_says_why_it_does_not_go_out(folder: Path) -> None:
    """With the partner's name before its words, as the public would read them."""
    code, told = said(folder, "--recording", str(RECORDED), "--at", AT, "--suppose", CRASH)
    assert code == 0, told
    assert "GOES OUT on site, email: Ardudwy Fire and Rescue: Our crews are at the coach crash" in told
    assert "does not go out: the en text holds a date of birth" in told
    assert "nothing was published" in told


def verdicts(folder: Path, posts: list[dict[str, Any]], *given: str) -> list[str]:
    """What would become of these posts of a control room's webhook, each in a word."""
    partners = folder / "register/partners.yaml"
    plain = partners.read_text(encoding="utf-8").replace("kind: atom", "kind: webhook")
    credential = "      credential: {secret: HOLDINGLINE_FEED_FIRE, mode: live}\n"
    partners.write_text(plain.rstrip("\n") + "\n" + credential, encoding="utf-8")
    file = folder / "posts.json"
    file.write_text(json.dumps([{"at": AT, **one} for one in posts]), encoding="utf-8")
    code, told = said(folder, "--recording", str(file), "--at", AT, "--json", *given)
    assert code == 0, told
    return [one["verdict"] for one in json.loads(told)["posts"]]


def test_posts_are_judged_one_after_another_as_the_service_would(folder: Path) -> None:
    """An edit after its post, the seventh of a rate of six, a drill of the partner's own."""
    first = {"post_id": "a", "text": "Crews are at the coach crash at Pont Ddu."}
    posts = [
        first,
        {**first, "change": "edited", "text": "Crews have left the coach crash at Pont Ddu."},
        {"post_id": "b", "text": "Lost: a dog."},
        {"post_id": "c", "text": "20 % off at the coach crash at Pont Ddu"},
        {"post_id": "d", "text": "The coach crash at Pont Ddu is over.", "status": "exercise"},
        *({"post_id": f"e{number}", "text": f"Coach crash at Pont Ddu: word {number}"} for number in range(7)),
    ]
    found = verdicts(folder, posts, "--suppose", CRASH)
    assert found[:5] == ["goes-out", "goes-out", "left-alone", "waits", "refused"]
    assert found[5:] == ["goes-out"] * 4 + ["waits"] * 3


def test_without_an_incident_nothing_goes_out_and_it_says_how_to_suppose_one(folder: Path) -> None:
    code, told = said(folder, "--recording", str(RECORDED), "--at", AT)
    assert (code, "suppose one with --suppose NAME" in told, "GOES OUT" in told) == (0, True, False)


def test_what_came_long_ago_would_not_go_out_now(folder: Path) -> None:
    _, told = said(folder, "--recording", str(RECORDED), "--suppose", CRASH)
    assert "does not go out: the message expired" in told


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("did:web:nobody.example", "--recording", str(RECORDED)), "name the account that the recording is of"),
        (("--recording", "gone.xml"), "gone.xml cannot be read"),
        (("--suppose", CRASH), "are about a recording: name one with --recording"),
        (("--recording", str(RECORDED), "--at", "tonight"), "is no moment"),
    ],
)
def test_what_is_missing_is_named(folder: Path, given: tuple[str, ...], sentence: str) -> None:
    code, told = said(folder, *given)
    assert (code, sentence in told) == (1, True), told
