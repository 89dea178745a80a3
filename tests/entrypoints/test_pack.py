"""`holdingline pack` as a trust has it: the page, what is never on it, and who says when it is too old."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agents.adapters.clocks import SystemClock
from agents.entrypoints.pack_note import NOTE, old_pack
from tests import builders
from tests.adapters.breaking import copied
from tests.adapters.channels.test_site_seen import seen
from tests.browser import on_a_phone
from tests.entrypoints.commanding import INCIDENT, opened, run
from tests.examples import CHIEF
from tests.scenarios.kill_bench import Service, wait_until

NUMBER, NEWSDESK, PRESS_DESK = "01632 960001", "newsdesk@paper.example", "01632 960710"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The trust's own files."""
    return copied(tmp_path / "register")


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running service whose incident has a message out."""
    folder = tmp_path_factory.mktemp("pack")
    with opened(folder, f"sqlite:////{folder}/log.db") as running:
        yield running


def page_of(folder: Path, out: Path, *more: str) -> str:
    code, said, complained = run("pack", "--out", str(out), "--register", str(folder), *more)
    assert code == 0, complained
    assert str(out) in said
    return out.read_text("utf-8")


def test_telephone_numbers_and_addresses_are_on_the_printed_copy_only(folder: Path, tmp_path: Path) -> None:
    log = ("--log", f"sqlite:////{tmp_path}/none.db")
    assert NUMBER not in (page := page_of(folder, tmp_path / "screen.html", *log))
    assert NEWSDESK not in page
    assert PRESS_DESK not in page
    assert "Ardudwy Police" in page
    assert "samira.dastwick@" not in page
    assert NUMBER in (paper := page_of(folder, tmp_path / "paper.html", "--telephones", *log))
    assert NEWSDESK in paper
    assert PRESS_DESK in paper
    assert (tmp_path / "paper.html").stat().st_mode & 0o077 == 0


def test_the_page_needs_nothing_but_itself(folder: Path, tmp_path: Path) -> None:
    """No script, no other file, no address that is loaded: it opens and prints without a network."""
    page = page_of(folder, tmp_path / "pack.html", "--telephones", "--log", f"sqlite:////{tmp_path}/none.db")
    for loaded in ("<script", "<link", "<img", "src=", "@import", "url("):
        assert loaded not in page
    assert 'href="' not in page.replace('href="#', "")
    assert '<blockquote lang="cy"' in page


def test_what_is_public_promised_and_waiting_is_on_the_page(night: Service, tmp_path: Path) -> None:
    page = page_of(night.folder / "register", tmp_path / "pack.html", "--log", night.log_url)
    assert "Block C fire" in page
    assert "There is a fire at Ysbyty Ardudwy" in page
    assert "https://" in page.split('id="state"')[1].split('id="people"')[0]
    assert "next update due by" in page
    drafted = night.order("freeze", INCIDENT, "<b>wrong & hostile</b>", by=CHIEF)
    assert drafted.returncode == 0
    again = page_of(night.folder / "register", tmp_path / "again.html", "--log", night.log_url)
    assert "<b>wrong" not in again


def test_doctor_and_status_say_when_the_pack_is_too_old_or_of_another_register(night: Service, tmp_path: Path) -> None:
    register = night.folder / "register"
    at = ("--log", night.log_url, "--register", str(register))

    def told() -> tuple[str, str]:
        _, out, complained = run("doctor", *at)
        (line,) = [one for one in (out + complained).splitlines() if "offline pack" in one]
        code, status, _ = run("status", *at)
        assert code == 0
        return line, status

    page_of(register, tmp_path / "pack.html", "--log", night.log_url)
    line, status = told()
    assert line.startswith("ok")
    assert "offline pack" not in status
    note = json.loads((register / NOTE).read_text())
    old = (SystemClock().now() - timedelta(minutes=1)).isoformat()
    (register / NOTE).write_text(json.dumps({**note, "too_old_at": old}))
    wait_until(lambda: "WAITS  the register: the offline pack is too old: make and print" in told()[1], "it waits")
    line, status = told()
    assert line.startswith("PROBLEM")
    assert "is too old: make and print another" in line
    assert status.count("offline pack") == 1, "it is said once"
    page_of(register, tmp_path / "pack.html", "--log", night.log_url)
    wait_until(lambda: "offline pack" not in told()[1], "another one was made")
    (register / NOTE).write_text(json.dumps({**note, "version": "another"}))
    line, status = told()
    assert "the register has changed since" in line
    assert status.startswith("WAITS  the offline pack was made")
    (register / NOTE).write_text("no note")
    assert "cannot be read" in told()[0]


def test_a_pack_has_as_many_days_as_the_register_gives_it_now(tmp_path: Path) -> None:
    """A pack that was made for longer is too old by then; without a note there is none that could be old."""
    made, days = SystemClock().now(), timedelta(days=1)
    assert old_pack(tmp_path, builders.register(), now=made) == []
    note = {"made_at": made.isoformat(), "too_old_at": (made + 14 * days).isoformat(), "version": "v1"}
    (tmp_path / NOTE).write_text(json.dumps(note))
    assert old_pack(tmp_path, builders.register(), now=made + 13 * days) == []
    assert old_pack(tmp_path, builders.register(pack_lasts_days=13), now=made + 13 * days) == [NOTE]
    assert old_pack(tmp_path, builders.register(pack_lasts_days=20), now=made + 14 * days) == [NOTE]


def test_a_drills_pack_says_so_and_is_not_taken_for_the_real_one(folder: Path, tmp_path: Path) -> None:
    log = ("--log", f"sqlite:////{tmp_path}/none.db")
    page = page_of(folder, tmp_path / "drill.html", "--mode", "training", *log)
    assert "EXERCISE, training: nothing on this page is for the public" in page
    assert not (folder / NOTE).exists()


def test_the_pack_fits_a_phone_and_keeps_nobody_out(night: Service, tmp_path: Path) -> None:
    """With an incident and every text in both languages."""
    page = tmp_path / "pack.html"
    page_of(night.folder / "register", page, "--telephones", "--log", night.log_url)

    async def look() -> None:
        async with on_a_phone() as tab:
            await seen(tab, page, "pack")

    asyncio.run(look())
