"""`holdingline feeds pin`, as a person of the trust uses it; and who is told that nothing hears a partner."""

import json
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from agents.adapters.registers import data_folder, load
from agents.adapters.registers.source import parse
from tests.adapters.feeds.parsing.invented import SENDER, alert, atom, entry
from tests.entrypoints.commanding import run

HOW = "Their duty officer read it out to us on the telephone number of their own site."
FILE = "register/partners.yaml"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing of it."""

    def log_message(self, *given: object) -> None:
        del given


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The address of two feeds of a partner."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "cap.xml").write_text(alert(), encoding="utf-8")
    (folder / "news.xml").write_text(atom(entry()), encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    trust = tmp_path / "trust"
    shutil.copytree(data_folder(), trust)
    return trust


def pinned(folder: Path, partner: str, address: str, *given: str) -> tuple[int, str]:
    log = f"sqlite:///{folder}/none.db"
    code, said, complained = run(
        *("feeds", "pin", partner, address, "--evidence", HOW, "--register", str(folder), "--log", log), *given
    )
    return code, said + complained


def test_what_was_found_is_shown_and_nothing_is_written(folder: Path, site: str) -> None:
    before = (folder / FILE).read_bytes()
    code, said = pinned(folder, "police", f"{site}/cap.xml")
    assert code == 0, said
    for one in (
        f"their sender is {SENDER}",
        "LOOK AGAIN: 127.0.0.1 is not on",
        "- kind: cap",
        "put it there with --write",
    ):
        assert one in said
    assert (folder / FILE).read_bytes() == before


def test_written_it_is_at_the_partners_entry_and_the_rest_stays(folder: Path, site: str) -> None:
    """A second one stands before the first; both are heard, `check` finds no fault, and remarks of people stay."""
    before = (folder / FILE).read_text(encoding="utf-8")
    for address, partner in (("cap.xml", "police"), ("news.xml", "police")):
        code, said = pinned(folder, partner, f"{site}/{address}", "--write")
        assert code == 0, said
        assert "not founded" in said
    after = (folder / FILE).read_text(encoding="utf-8")
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []
    accounts = load(folder).partners["police"].accounts
    assert [one.kind for one in accounts] == ["atom", "cap"]
    assert {one.evidence for one in accounts} == {HOW}
    code, said, complained = run("check", str(folder), "--log", f"sqlite:///{folder}/none.db")
    assert (code, said.splitlines()[0]) == (0, "no faults"), complained
    code, said, _ = run("feeds", "test", "--register", str(folder))
    assert said.count("it answers:") == 2


def test_what_is_pinned_already_is_refused_with_whose_it_is(folder: Path, site: str) -> None:
    assert pinned(folder, "police", f"{site}/cap.xml", "--write")[0] == 0
    before = (folder / FILE).read_bytes()
    code, said = pinned(folder, "police", f"{site}/cap.xml", "--write")
    assert (code, "pinned to Ardudwy Police already, and heard: nothing is to be done" in said) == (1, True)
    code, said = pinned(folder, "fire", f"{site}/cap.xml", "--write")
    assert (code, "pinned to Ardudwy Police already: one account, one partner" in said) == (1, True)
    assert (folder / FILE).read_bytes() == before


def test_an_entry_that_is_written_on_one_line_is_left_to_a_person(folder: Path, site: str) -> None:
    """The lines to put there by hand are shown."""
    entries = parse((folder / FILE).read_text(encoding="utf-8"), FILE).value
    (folder / FILE).write_text(json.dumps(entries), encoding="utf-8")
    code, said = pinned(folder, "police", f"{site}/cap.xml", "--write")
    assert code == 1
    assert "put the printed lines there by hand" in said
    assert "- kind: cap" in said


def test_a_partner_that_is_not_registered_and_evidence_that_is_blank_are_refused(folder: Path, site: str) -> None:
    code, said = pinned(folder, "coastguard", f"{site}/cap.xml")
    assert (code, "has no partner coastguard: add its entry" in said) == (1, True)
    code, said, complained = run("feeds", "pin", "police", site, "--evidence", " ", "--register", str(folder))
    assert (code, "no reason is given" in complained) == (1, True), said


def test_a_partner_that_no_feed_hears_is_named_until_it_is_pinned(folder: Path, site: str) -> None:
    log = f"sqlite:///{folder}/none.db"
    for names in (
        ["Ardudwy Ambulance Service", "Ardudwy Police", "Ardudwy Fire and Rescue"],
        ["Ardudwy Ambulance Service"],
    ):
        for command in (("check", str(folder)), ("doctor", "--register", str(folder))):
            _, said, complained = run(*command, "--log", log)
            told = said + complained
            assert [one for one in names if f"no feed hears {one}: pin an account" not in told] == []
            assert told.count("no feed hears") == len(names)
        for partner, address in (("police", "cap.xml"), ("fire", "news.xml")):
            pinned(folder, partner, f"{site}/{address}", "--write")
