"""What somebody with an editor does to the record is found."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.entrypoints.commanding import INCIDENT, opened
from tests.scenarios.kill_bench import Service

FACT_ROWS = """SELECT place, value FROM record
    WHERE instr(CAST(value AS TEXT), '"id":"fact-')
    AND instr(CAST(value AS TEXT), '"subject":{"kind":"incident","id":"inc-cli"}')
    AND NOT instr(CAST(value AS TEXT), '"answered"') ORDER BY place"""


@pytest.fixture(scope="module")
def on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("damage")
    with opened(folder, f"sqlite:////{folder}/log.db") as running:
        yield running


@pytest.mark.parametrize("damage", ["changed", "dropped", "cut off", "swapped"])
def test_a_damaged_record_is_found_with_its_place(on: Service, tmp_path: Path, damage: str) -> None:
    """One fact's bytes changed, one deleted, the last one deleted, two exchanged: `log verify` names each."""
    copy = tmp_path / "copy.db"
    assert on.run("backup", str(copy), "--log", on.log_url).returncode == 0
    whole = on.run("log", "verify", "--log", f"sqlite:////{copy}")
    assert whole.returncode == 0, whole.stderr
    spoil(copy, damage)
    spoilt = on.run("log", "verify", "--log", f"sqlite:////{copy}")
    assert spoilt.returncode == 1
    assert INCIDENT in spoilt.stderr


def spoil(path: Path, damage: str) -> None:
    """Do to the file what somebody with an editor could do."""
    with closing(sqlite3.connect(path)) as opened, opened as file:
        rows = file.execute(FACT_ROWS).fetchall()
        (second, two), (third, three), last = rows[1], rows[2], rows[-1][0]
        match damage:
            case "changed":
                file.execute("UPDATE record SET value = ? WHERE place = ?", (two.replace(b"fire", b"fine"), second))
            case "dropped":
                file.execute("DELETE FROM record WHERE place = ?", (second,))
            case "cut off":
                file.execute("DELETE FROM record WHERE place = ?", (last,))
            case _:
                file.execute("UPDATE record SET value = ? WHERE place = ?", (three, second))
                file.execute("UPDATE record SET value = ? WHERE place = ?", (two, third))
    file.close()
