"""`FileRegisters`: what was saved a second ago holds, and what cannot be read changes nothing."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from agents.adapters.registers import FileRegisters, UnusableRegisters
from tests.adapters.breaking import Break, copied
from tests.adapters.breaks import FIRE, PEOPLE

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
