"""Calendars that are fetched, from a real server on the loopback: a good copy is kept, and serves when that fails."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from agents.adapters.registers import check, load
from agents.adapters.registers.rota.fetcher import CalendarUnreachable, fetch, fetch_calendars
from agents.adapters.registers.source import BYTES_MAX
from streams.words.register.entries import Shift
from tests.adapters.registers.calendar_server import CalendarServer, calendar_server
from tests.adapters.registers.rota_folder import AUTUMN, OTHER_WEEKS, WEEKLY, calendar, with_calendar

BOTH = calendar(WEEKLY, OTHER_WEEKS)
LATER = AUTUMN + timedelta(hours=3)


def pointed(to: Path, server: CalendarServer) -> Path:
    """The example, with its communications rota at the server's address."""
    folder = with_calendar(to, BOTH)
    entry = f"- {{rota: comms-on-call, calendar: '{server.url}', who: summary}}\n"
    (folder / "register/rotas.yaml").write_text(entry, encoding="utf-8")
    return folder


@pytest.fixture
async def server() -> AsyncIterator[CalendarServer]:
    async with calendar_server(BOTH) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, server: CalendarServer) -> Path:
    return pointed(tmp_path, server)


def on_call(folder: Path) -> Sequence[Shift]:
    return [shift for shift in load(folder, AUTUMN).rota if shift.rota == "comms-on-call"]


def told(folder: Path, after: timedelta = timedelta(hours=3)) -> Sequence[str]:
    return [fault.sentence for fault in check(folder, AUTUMN + after) if fault.file == "register/rotas.yaml"]


async def test_a_calendar_is_fetched_and_kept(folder: Path) -> None:
    assert on_call(folder) == []
    assert await fetch_calendars(folder, AUTUMN) == []
    assert {shift.person for shift in on_call(folder)} == {"lowri.penfynach", "hari.okonwell"}
    assert told(folder) == []


async def test_a_redirect_is_followed_a_few_times_only(server: CalendarServer) -> None:
    """Not to an address that is not encrypted, nor round in a circle."""
    async with calendar_server("elsewhere") as other:
        server.leads_to = other.url
        assert await fetch(server.url) == b"elsewhere"
        other.leads_to = server.url
        with pytest.raises(CalendarUnreachable, match="more than 3 times"):
            await fetch(server.url)
    server.leads_to = "http://calendar.example.org/rota.ics"
    with pytest.raises(CalendarUnreachable, match="not encrypted"):
        await fetch(server.url)


@pytest.mark.parametrize(
    "url",
    ["http://calendar.example.org/a", "file:///etc/passwd", "ftp://127.0.0.1/a", "https://", "://", "http://[::1"],
)
async def test_an_address_that_is_not_encrypted_is_not_asked(url: str) -> None:
    with pytest.raises(CalendarUnreachable):
        await fetch(url, seconds_max=2.0)


BAD_DAYS = {
    "an error": ({"status": 500}, "answers with status 500"),
    "a sign-in page": ({"text": "<html>Sign in</html>"}, "breaks the rules of iCalendar"),
    "an empty page": ({"text": ""}, "breaks the rules of iCalendar"),
    "a calendar that was emptied": ({"text": calendar()}, "puts nobody on call"),
    "too much": ({"text": BOTH + "x" * BYTES_MAX}, f"larger than {BYTES_MAX // 1024} KiB"),
}


@pytest.mark.parametrize(("change", "reason"), BAD_DAYS.values(), ids=BAD_DAYS)
async def test_on_a_bad_day_the_last_good_copy_serves_and_its_age_is_told(
    folder: Path, server: CalendarServer, change: dict[str, object], reason: str
) -> None:
    await fetch_calendars(folder, AUTUMN)
    before = on_call(folder)
    for name, value in change.items():
        setattr(server, name, value)
    [trouble] = await fetch_calendars(folder, LATER)
    assert reason in trouble
    assert on_call(folder) == before != []
    [fault] = told(folder)
    assert reason in fault
    assert "the copy of 14 October 2026 13:00 serves" in fault
    server.status, server.text = 200, BOTH
    assert await fetch_calendars(folder, LATER) == []
    assert told(folder) == []


async def test_a_server_that_does_not_answer_is_given_up(folder: Path, server: CalendarServer) -> None:
    await fetch_calendars(folder, AUTUMN)
    server.released.clear()
    [trouble] = await fetch_calendars(folder, LATER, seconds_max=0.2)
    server.released.set()
    assert "takes longer than 0.2 seconds" in trouble
    assert on_call(folder) != []


async def test_a_server_that_is_gone_leaves_the_copy(tmp_path: Path) -> None:
    async with calendar_server(BOTH) as server:
        folder = pointed(tmp_path, server)
        await fetch_calendars(folder, AUTUMN)
    [trouble] = await fetch_calendars(folder, LATER)
    assert "no connection" in trouble
    assert "rota.ics" not in trouble
    assert on_call(folder) != []


async def test_a_copy_that_nobody_renews_is_told_after_a_day(folder: Path) -> None:
    await fetch_calendars(folder, AUTUMN)
    [late] = told(folder, timedelta(days=2))
    assert "the copy of 14 October 2026 13:00 serves; fetch it again" in late


async def test_what_is_kept_already_need_not_be_fetched_at_the_start(folder: Path, server: CalendarServer) -> None:
    await fetch_calendars(folder, AUTUMN, missing_only=True)
    await fetch_calendars(folder, AUTUMN, missing_only=True)
    assert server.asked == 1


async def test_a_calendar_that_has_not_changed_is_not_written_again(folder: Path) -> None:
    """So the registers are not read again either."""
    await fetch_calendars(folder, AUTUMN)
    [copy] = (folder / "register/calendars").glob("comms-on-call-*.ics")
    before = copy.stat().st_mtime_ns
    await fetch_calendars(folder, LATER)
    assert copy.stat().st_mtime_ns == before
