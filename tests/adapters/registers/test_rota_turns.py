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


EMPTYING = {
    "no event": calendar(),
    "turns of last year": calendar([*WEEKLY[:3], "SUMMARY:Lowri Penfynach"]),
    "names of others": calendar([*WEEKLY[:-1], "SUMMARY:Lowri P."]),
    "a cancelled series": calendar([*WEEKLY, "STATUS:CANCELLED"]),
}


@pytest.mark.parametrize("text", EMPTYING.values(), ids=EMPTYING)
def test_a_calendar_takes_nobody_off_a_rota_while_we_run(tmp_path: Path, text: str) -> None:
    """The last good one stays in force, and the log says which calendar it was; a start is not stopped by it."""
    seconds = [0.0]
    folder = with_calendar(tmp_path, BOTH)
    registers = FileRegisters(folder, elapsed=lambda: seconds[0], now=lambda: AUTUMN)
    before = registers()
    put(folder, text)
    seconds[0] = 1.0
    with capture_logs() as logs:
        assert registers() is before
    assert "the calendar of comms-on-call takes everybody off it" in logs[0]["faults"][0]
    assert on_call(load(folder, AUTUMN), AUTUMN) == []
    assert any("comms.ics puts nobody on call in these weeks" in fault.sentence for fault in told(folder))


def test_a_rota_without_its_calendar_is_one_finding(tmp_path: Path) -> None:
    """And not one for each power and each chain that hangs on it."""
    folder = with_calendar(tmp_path, calendar([*WEEKLY[:2], "DTSTART;TZID=Ours:20260706T090000"]))
    found = [fault for fault in check(folder, AUTUMN) if "comms-on-call" in fault.sentence]
    assert [(fault.file, fault.line) for fault in found] == [("register/rotas.yaml", 1)]


def test_a_name_is_found_however_its_accents_and_capitals_are_written(tmp_path: Path) -> None:
    folder = with_calendar(tmp_path, BOTH)
    people = folder / "register/people.yaml"
    people.write_text(people.read_text(encoding="utf-8").replace("Lowri Penfynach", "Lowri Penf\u00fdnach"), "utf-8")
    put(folder, calendar([*WEEKLY[:-1], "SUMMARY:LOWRI  Penfy\u0301nach"], OTHER_WEEKS))
    assert on_call(load(folder, datetime(2026, 10, 26, 12, tzinfo=UTC)), datetime(2026, 10, 26, 12, tzinfo=UTC)) == [
        LOWRI
    ]


@pytest.mark.parametrize("who", ["summary", "attendee"])
def test_an_event_that_may_mean_two_people_gives_power_to_neither(tmp_path: Path, who: str) -> None:
    """Two people of one name, or with one mailbox: each would be in power."""
    attendee = "ATTENDEE:mailto:beca.tirglas@ardudwy-vale.example.org"
    folder = with_calendar(tmp_path, calendar([*WEEKLY, attendee]), who=who)
    people = folder / "register/people.yaml"
    text = people.read_text(encoding="utf-8").replace("Hari Okonwell", "Lowri Penfynach")
    text = text.replace("dilys.maenhir@ardudwy", "beca.tirglas@ardudwy")
    people.write_text(text, encoding="utf-8")
    with pytest.raises(UnusableRegisters, match=r"line 4: “Lowri Penfynach” may mean [a-z.]+ and [a-z.]+: name one"):
        load(folder, AUTUMN)


def test_a_turn_without_a_length_is_refused_and_a_note_without_one_counts_for_nobody(tmp_path: Path) -> None:
    moment = "DTSTART;TZID=Europe/London:20261013T090000"
    folder = with_calendar(tmp_path, calendar(WEEKLY, OTHER_WEEKS, ["UID:note", moment, "SUMMARY:Send the rota"]))
    assert load(folder, AUTUMN).rota == load(with_calendar(tmp_path / "without", BOTH), AUTUMN).rota
    put(folder, calendar(WEEKLY, OTHER_WEEKS, ["UID:note", moment, "SUMMARY:Lowri Penfynach"]))
    with pytest.raises(UnusableRegisters, match="line 20: the turn “Lowri Penfynach” has no length: give it an end"):
        load(folder, AUTUMN)


def test_a_calendar_as_bytes_may_begin_with_a_mark_and_cut_a_letter_between_two_lines(tmp_path: Path) -> None:
    folder = with_calendar(tmp_path, BOTH)
    people = folder / "register/people.yaml"
    people.write_text(people.read_text(encoding="utf-8").replace("Lowri Penfynach", "Lowri Penf\u00fdnach"), "utf-8")
    content = calendar(WEEKLY).replace("Penfynach", "Penf\u00fdnach").encode()
    cut = content.replace(b"\xc3\xbd", b"\xc3\r\n \xbd")
    (folder / "register/calendars/comms.ics").write_bytes(b"\xef\xbb\xbf" + cut)
    at = datetime(2026, 10, 26, 12, tzinfo=UTC)
    assert on_call(load(folder, at), at) == [LOWRI]


def test_a_calendar_whose_changes_would_not_be_seen_is_refused(tmp_path: Path) -> None:
    """Only files that end in `.ics` are looked at for changes."""
    folder = with_calendar(tmp_path, BOTH)
    (folder / "register/calendars/comms.ics").rename(folder / "register/calendars/comms.ical")
    entry = "- {rota: comms-on-call, calendar: comms.ical, who: summary}\n"
    (folder / "register/rotas.yaml").write_text(entry, encoding="utf-8")
    with pytest.raises(UnusableRegisters, match=r"comms\.ical does not end in \.ics: give the file a name that does"):
        load(folder, AUTUMN)
