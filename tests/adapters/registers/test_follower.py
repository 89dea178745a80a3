"""`FileRegisters`: what was saved a second ago holds, and what cannot be read changes nothing."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from agents.adapters.registers import FileRegisters, UnusableRegisters
from agents.adapters.registers.files import LISTS
from streams.words.register.entries import Register
from tests.adapters.breaking import Break, copied
from tests.adapters.breaks import FIRE, PEOPLE
from tests.adapters.registers.rota_folder import AUTUMN, WEEKLY, calendar, put, with_calendar

ROLE = Break(PEOPLE, "role: chair", "role: chair of the board", "", "")
SPOILT = Break(PEOPLE, "role: chair", "role: [chair", "", "")


class Played:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


def test_a_change_holds_a_second_later(folder: Path) -> None:
    elapsed = Played()
    registers = FileRegisters(folder, elapsed=elapsed)
    before = registers()
    ROLE.apply(folder)
    elapsed.seconds = 0.9
    assert registers() is before
    elapsed.seconds = 1.0
    assert registers().people["gwilym.heddfan"].role == "chair of the board"
    assert registers().version() != before.version()


def test_nothing_changed_is_not_read_again(folder: Path) -> None:
    elapsed = Played()
    registers = FileRegisters(folder, elapsed=elapsed)
    before = registers()
    elapsed.seconds = 5.0
    assert registers() is before


def test_what_cannot_be_read_leaves_the_last_good_ones_in_force(folder: Path) -> None:
    """The log names file, line and fault; the next good change holds again."""
    elapsed = Played()
    registers = FileRegisters(folder, elapsed=elapsed)
    before = registers()
    SPOILT.apply(folder)
    elapsed.seconds = 1.0
    with capture_logs() as logs:
        assert registers() is before
    [logged] = logs
    assert logged["log_level"] == "warning"
    assert logged["faults"][0].startswith("register/people.yaml:")
    Break(PEOPLE, "role: [chair", "role: chairman", "", "").apply(folder)
    elapsed.seconds = 2.0
    assert registers().people["gwilym.heddfan"].role == "chairman"


def test_an_expired_template_does_not_hold_up_the_register(folder: Path) -> None:
    """It is refused when somebody releases it; meanwhile everything else holds."""
    elapsed = Played()
    registers = FileRegisters(folder, elapsed=elapsed)
    Break(FIRE, "expires_at: 2028", "expires_at: 2026", "", "").apply(folder)
    elapsed.seconds = 1.0
    approval = registers().templates["fire"].approval
    assert approval
    assert approval.expires_at.year == 2026


def test_added_and_removed_templates_are_seen(folder: Path) -> None:
    elapsed = Played()
    registers = FileRegisters(folder, elapsed=elapsed)
    (folder / FIRE).unlink()
    elapsed.seconds = 1.0
    assert "fire" not in registers().templates


def test_a_first_read_that_fails_names_every_fault(folder: Path) -> None:
    SPOILT.apply(folder)
    (folder / "register/channels.yaml").unlink()
    with pytest.raises(UnusableRegisters, match=r"channels.yaml:1: (.|\n)*people.yaml:\d+: ") as raised:
        FileRegisters(folder)
    assert len(raised.value.faults) == 2


def _without_calendar(folder: Path) -> None:
    (folder / "register/calendars/comms.ics").unlink()


SPOILS: dict[str, Callable[[Path], None]] = {
    "a calendar of nobody": lambda folder: put(folder, calendar()),
    "a calendar of strangers": lambda folder: put(folder, calendar([*WEEKLY[:-1], "SUMMARY:somebody.else"])),
    "a calendar that is over": lambda folder: put(folder, calendar([*WEEKLY[:-2], "SUMMARY:Lowri Penfynach"])),
    "a calendar that is cut off": lambda folder: put(folder, calendar(WEEKLY)[:-30]),
    "no calendar": _without_calendar,
    "a copy that was never fetched": lambda folder: Break(
        "register/rotas.yaml", "comms.ics", "https://rota.example/comms.ics", "", ""
    ).apply(folder),
    "a broken list": SPOILT.apply,
    "a good change": ROLE.apply,
    "a rota without its calendar": lambda folder: (folder / "register/rotas.yaml").unlink(),
}


@pytest.mark.parametrize("spoil", SPOILS.values(), ids=SPOILS)
def test_a_restart_gives_and_takes_no_power_that_a_running_service_refuses(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    """After the same change both judge by the same register and name the same faults."""
    folder = with_calendar(tmp_path, calendar(WEEKLY))
    elapsed = Played()
    running = FileRegisters(folder, elapsed=elapsed, now=lambda: AUTUMN)
    before = running()
    spoil(folder)
    elapsed.seconds = 1.0
    after = running()
    with capture_logs() as logs:
        restarted = FileRegisters(folder, now=lambda: AUTUMN, last_good=lambda: before)
    assert restarted().version() == after.version()
    assert restarted.faults == running.faults
    assert bool(restarted.faults) is (after is before)
    assert [one["log_level"] for one in logs] == ["error"] * bool(restarted.faults)


EDITS: Mapping[str, tuple[str, str, Callable[[Register], object], object]] = {
    "responders": (
        "name: Ardudwy Council",
        "name: Vale Council",
        lambda one: one.responders["council"].name,
        "Vale Council",
    ),
    "steps": ("due_minutes: 240", "due_minutes: 200", lambda one: one.steps["handover"].due_minutes, 200),
    "attention": ("pages: never", "pages: in-hours", lambda one: one.attention["matter"].pages, "in-hours"),
    "checks": (
        "commerce, ours: warning",
        "commerce, ours: refusal",
        lambda one: one.checks["commerce"].ours,
        "refusal",
    ),
}


@pytest.mark.parametrize("kind", EDITS)
def test_the_rules_for_pages_and_checks_are_followed_like_everything_else(kind: str, folder: Path) -> None:
    """An edit holds while the worker runs; a file that cannot be used is refused aloud, and the last rules stay."""
    old, new, read, wanted = EDITS[kind]
    file, elapsed = folder / f"register/{kind}.yaml", Played()
    registers = FileRegisters(folder, elapsed=elapsed)
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    elapsed.seconds = 1.0
    followed = registers()
    assert read(followed) == wanted
    file.write_text("- {id: nothing-of-that-name}\n", "utf-8")
    elapsed.seconds = 2.0
    with capture_logs() as logs:
        assert registers() is followed
    assert [line for one in logs for line in one["faults"] if line.startswith(f"register/{kind}.yaml:1")]


@pytest.mark.parametrize("kind", sorted(LISTS))
def test_a_list_of_the_register_that_cannot_be_read_changes_nothing(kind: str, folder: Path) -> None:
    elapsed = Played()
    registers = FileRegisters(folder, elapsed=elapsed)
    before = registers()
    (folder / f"register/{kind}.yaml").write_text("- [", "utf-8")
    elapsed.seconds = 1.0
    with capture_logs() as logs:
        assert registers() is before
    assert [one["log_level"] for one in logs] == ["warning"]
