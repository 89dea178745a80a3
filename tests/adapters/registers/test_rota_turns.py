"""A rota that is kept in a calendar: who is on call by it, who by a swap, and what is logged if it fails."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from agents.adapters.registers import Fault, FileRegisters, UnusableRegisters, check, load
from agents.adapters.registers.rota.turns import window
from streams.decisions.authority.powers import Act, may
from streams.decisions.verdict import Allowed
from streams.values import IncidentType, Power
from streams.words.register.entries import Register
from tests.adapters.registers.rota_folder import AUTUMN, HARI, LOWRI, OTHER_WEEKS, WEEKLY, calendar, put, with_calendar

BOTH = calendar(WEEKLY, OTHER_WEEKS)
SWAP = (
    f"- {{rota: comms-on-call, person: {HARI}, starts_at: 2026-10-13T18:00:00+01:00, "
    "ends_at: 2026-10-14T08:00:00+01:00, swap: true}"
)


def on_call(register: Register, at: datetime) -> list[str]:
    return sorted(
        shift.person
        for shift in register.rota
        if shift.rota == "comms-on-call" and shift.starts_at <= at < shift.ends_at
    )


def told(folder: Path) -> list[Fault]:
    return [fault for fault in check(folder, AUTUMN) if fault.file in ("register/rotas.yaml", "register/rota.yaml")]


def test_the_calendar_says_who_is_on_call(tmp_path: Path) -> None:
    """Two people take turns by the week; every hour of ten weeks has exactly one of them."""
    register = load(with_calendar(tmp_path, BOTH), AUTUMN)
    begins, ends = window(AUTUMN)
    hours = [begins + timedelta(hours=hour) for hour in range(int((ends - begins) / timedelta(hours=1)))]
    assert {len(on_call(register, hour)) for hour in hours} == {1}
    assert on_call(register, datetime(2026, 10, 26, 8, 59, tzinfo=UTC)) == [HARI]
    assert on_call(register, datetime(2026, 10, 26, 9, 0, tzinfo=UTC)) == [LOWRI]


def test_a_turn_of_the_calendar_gives_authority_until_it_ends(tmp_path: Path) -> None:
    register = load(with_calendar(tmp_path, BOTH), AUTUMN)
    at = datetime(2026, 10, 26, 8, 30, tzinfo=UTC)
    act = Act(Power.RELEASE_HOLDING, at, type=IncidentType.MAJOR, level=2, channel="site")
    verdict = may(HARI, act, register=register)
    assert isinstance(verdict, Allowed)
    assert verdict.until == datetime(2026, 10, 26, 9, 0, tzinfo=UTC)


def test_a_person_is_found_by_the_address_of_who_attends(tmp_path: Path) -> None:
    attended = [
        *WEEKLY[:-1],
        "SUMMARY:On call",
        "ATTENDEE;CN=Lowri:mailto:beca.tirglas@ardudwy-vale.example.org",
        "ATTENDEE:mailto:dilys.maenhir@ardudwy-vale.example.org",
    ]
    folder = with_calendar(tmp_path, calendar(attended), who="attendee")
    assert on_call(load(folder, AUTUMN), AUTUMN) == ["beca.tirglas", "dilys.maenhir"]


def test_a_swap_wins_over_the_calendar_and_over_nothing_else(tmp_path: Path) -> None:
    register = load(with_calendar(tmp_path, BOTH, swaps=SWAP), AUTUMN)
    others = load(with_calendar(tmp_path / "without", BOTH), AUTUMN)
    for hour in range(-24 * 5, 24 * 5):
        at = datetime(2026, 10, 13, 17, 0, tzinfo=UTC) + timedelta(hours=hour)
        assert on_call(register, at) == ([HARI] if 0 <= hour < 14 else on_call(others, at))
    assert [one for one in register.rota if one.rota != "comms-on-call"] == [
        one for one in others.rota if one.rota != "comms-on-call"
    ]


def test_an_event_that_names_nobody_counts_for_nobody_and_is_told(tmp_path: Path) -> None:
    leave = ["UID:x", "DTSTART;VALUE=DATE:20261020", "SUMMARY:Lowri away"]
    folder = with_calendar(tmp_path, calendar(WEEKLY, OTHER_WEEKS, leave))
    assert load(folder, AUTUMN).rota == load(with_calendar(tmp_path / "without", BOTH), AUTUMN).rota
    [fault] = told(folder)
    assert (fault.file, fault.line) == ("register/rotas.yaml", 1)
    assert "“Lowri away” on 20 October 2026 00:00" in fault.sentence


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("comms.ics", "breaks the rules of iCalendar"),
        ("other.ics", "there is no calendars/other.ics: put it into register/calendars/"),
        ("../rota.yaml", "is no plain name"),
    ],
)
def test_a_calendar_that_cannot_be_read_stops_the_registers(tmp_path: Path, name: str, sentence: str) -> None:
    folder = with_calendar(tmp_path, "<html></html>")
    entry = f"- {{rota: comms-on-call, calendar: {name}, who: summary}}\n"
    (folder / "register/rotas.yaml").write_text(entry, encoding="utf-8")
    with pytest.raises(UnusableRegisters, match=f"register/rotas.yaml:1: .*{sentence}"):
        load(folder, AUTUMN)


def test_a_calendar_that_breaks_while_we_run_empties_no_rota(tmp_path: Path) -> None:
    """The last good one stays in force, and the log says why."""
    seconds = [0.0]
    folder = with_calendar(tmp_path, BOTH)
    registers = FileRegisters(folder, elapsed=lambda: seconds[0], now=lambda: AUTUMN)
    before = registers()
    put(folder, "<html>Sign in</html>")
    seconds[0] = 1.0
    with capture_logs() as logs:
        assert registers() is before
    assert "register/rotas.yaml:1: the calendar of comms-on-call" in logs[0]["faults"][0]
    put(folder, calendar(WEEKLY))
    seconds[0] = 2.0
    assert on_call(registers(), AUTUMN) == [LOWRI]


def test_the_weeks_that_are_read_move_on_by_themselves(tmp_path: Path) -> None:
    """On a Monday the calendar is read again, though no file has changed; not before."""
    seconds, now = [0.0], [AUTUMN]
    registers = FileRegisters(with_calendar(tmp_path, BOTH), elapsed=lambda: seconds[0], now=lambda: now[0])
    before = registers()
    seconds[0], now[0] = 1.0, AUTUMN + timedelta(days=4)
    assert registers() is before
    seconds[0], now[0] = 2.0, AUTUMN + timedelta(days=5)
    assert max(shift.ends_at for shift in registers().rota if shift.rota == "comms-on-call") > max(
        shift.ends_at for shift in before.rota if shift.rota == "comms-on-call"
    )


def test_a_calendar_that_was_never_fetched_is_told_and_stops_nothing(tmp_path: Path) -> None:
    folder = with_calendar(tmp_path, BOTH)
    entry = "- {rota: comms-on-call, calendar: https://rota.example.org/private-7f3a/comms.ics}\n"
    (folder / "register/rotas.yaml").write_text(entry, encoding="utf-8")
    assert on_call(load(folder, AUTUMN), AUTUMN) == []
    [fault] = told(folder)
    assert "was never fetched from rota.example.org" in fault.sentence
    assert "private-7f3a" not in fault.sentence
