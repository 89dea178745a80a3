"""Who may open which file."""

import os
import pwd
import sqlite3
from pathlib import Path

import pytest

from infra.log import LogInUse, LogUnusable
from infra.sqlite_log import SqliteDoor, SqliteLog, SqliteLogSettings
from infra.sqlite_log.file.connections import connect_writer
from infra.sqlite_log.file.schema import MIGRATIONS, upgrade
from infra.sqlite_log.trouble import translated
from tests.contracts.log.grounds import draft
from tests.infra.sqlite_log.kit import LETTERS, held_values, opened, start


async def test_a_second_worker_is_refused(tmp_path: Path) -> None:
    """The error names the file and the process, and the first worker goes on."""
    path = tmp_path / "log"
    worker = start("copier.py", path)
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        with pytest.raises(LogInUse, match=rf"\(process {worker.pid}\) holds the log file {path}"):
            await SqliteLog(path).open()
        assert worker.poll() is None
    finally:
        worker.kill()
        worker.communicate()


async def test_the_lock_goes_with_its_holder(tmp_path: Path) -> None:
    """After kill -9 the next worker starts at once; no file has to be removed."""
    path = tmp_path / "log"
    worker = start("copier.py", path)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n"
    worker.kill()
    worker.communicate()
    async with opened(path) as log:
        await log.append([draft(LETTERS)])


async def test_a_second_log_of_one_process_is_refused_too(tmp_path: Path) -> None:
    """Also under another name for the same file; and the refusal does not break the first one's hold."""
    path, other = tmp_path / "log", tmp_path / "other-name"
    async with opened(path) as log:
        other.symlink_to(path)
        for name in (path, other):
            with pytest.raises(LogInUse):
                await SqliteLog(name).open()
        await log.append([draft(LETTERS)])
    async with opened(other) as log:
        assert len(await held_values(log)) == 1


async def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    """A mistyped path does not cost anyone their file."""
    path = tmp_path / "minutes.txt"
    path.write_text("Minutes of the meeting.\n" * 200)
    for ground in (SqliteLog(path), SqliteDoor(path)):
        with pytest.raises(LogUnusable, match=str(path)):
            await ground.open()
    assert path.read_text() == "Minutes of the meeting.\n" * 200


async def test_a_database_that_is_no_log_is_refused_and_kept(tmp_path: Path) -> None:
    """Another program's tables are not taken for a log, nor are ours added to them."""
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (id INTEGER)")
    connection.close()
    before = path.read_bytes()
    for ground in (SqliteLog(path), SqliteDoor(path)):
        with pytest.raises(LogUnusable, match="not a log"):
            await ground.open()
    assert path.read_bytes() == before


async def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    """Damage inside the file is found when it is opened, before anything is written on top of it."""
    path = tmp_path / "log"
    async with opened(path) as log:
        await log.append([draft(LETTERS, b"x" * 500) for _ in range(500)])
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 8192)
    with pytest.raises(LogUnusable, match="damaged"):
        await SqliteLog(path).open()


async def test_damage_beyond_the_size_that_is_checked_is_met_by_the_reader(tmp_path: Path) -> None:
    """A file too large to be checked at the start is still never read wrongly: the read fails with a sentence."""
    path = tmp_path / "log"
    async with opened(path) as log:
        await log.append([draft(LETTERS, b"x" * 500) for _ in range(500)])
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 8192)
    log = SqliteLog(path, settings=SqliteLogSettings(open_check_bytes_max=0))
    await log.open()
    with pytest.raises(LogUnusable, match="damaged"):
        await held_values(log)
    await log.close()


async def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """The worker makes a file, not a folder: a typo in the path would hide the old log."""
    with pytest.raises(LogUnusable, match="absent does not exist: make it"):
        await SqliteLog(tmp_path / "absent" / "log").open()


async def test_a_door_needs_a_log(tmp_path: Path) -> None:
    """A door never makes a file: where there is none, or an empty one, it says what to do."""
    path = tmp_path / "log"
    with pytest.raises(LogUnusable, match=f"no log file {path}"):
        await SqliteDoor(path).open()
    assert not path.exists()
    path.touch()
    with pytest.raises(LogUnusable, match="no log yet"):
        await SqliteDoor(path).open()


async def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    """An older release must not write into tables it does not know; it says which version it met."""
    path = tmp_path / "log"
    async with opened(path):
        pass
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO schema_version VALUES (99, 0)")
    connection.commit()
    connection.close()
    for ground in (SqliteLog(path), SqliteDoor(path)):
        with pytest.raises(LogUnusable, match="schema version 99"):
            await ground.open()


def test_an_older_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    """Each missing step is taken once, and the records stay."""
    path = tmp_path / "log"
    connection = connect_writer(path, SqliteLogSettings())
    newer = (*MIGRATIONS, ("ALTER TABLE topic ADD COLUMN note TEXT",), ("CREATE TABLE extra (id INTEGER)",))
    upgrade(connection, path, migrations=newer)
    upgrade(connection, path, migrations=newer)
    versions = [row[0] for row in connection.execute("SELECT version FROM schema_version ORDER BY version")]
    assert versions == list(range(1, len(newer) + 1))
    assert connection.execute("SELECT note FROM topic").fetchall() == []
    connection.close()


def test_a_failing_upgrade_changes_nothing(tmp_path: Path) -> None:
    """All missing steps are one transaction: a worker that dies in the middle finds the old tables."""
    path = tmp_path / "log"
    connection = connect_writer(path, SqliteLogSettings())
    broken = (*MIGRATIONS, ("CREATE TABLE extra (id INTEGER)", "CREATE TABLE topic (again TEXT)"))
    with pytest.raises(sqlite3.OperationalError):
        upgrade(connection, path, migrations=broken)
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
    assert "extra" not in tables
    assert connection.execute("SELECT max(version) FROM schema_version").fetchone() == (len(MIGRATIONS),)
    connection.close()


def test_a_log_of_another_user_is_named_with_that_user(tmp_path: Path) -> None:
    """A person who types a command on the server learns as whom to run it."""
    path = Path("/")
    if os.geteuid() == 0:
        path = tmp_path / "log"
        path.touch()
        os.chown(path, pwd.getpwnam("nobody").pw_uid, -1)
    owner = path.owner()
    told = f"belongs to the user {owner}: run this as that user .sudo -u {owner}."
    with pytest.raises(LogUnusable, match=told), translated(path):
        sqlite3.connect(tmp_path).execute("SELECT 1")
