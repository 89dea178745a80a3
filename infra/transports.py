"""The schemes of a broker URL: one transport each, which says what log stands under it.

Faust finds them by the entry points `faust.transports`, or by `register_transports()` where nothing is installed.
"""

import asyncio
from pathlib import Path

from faust.transport.drivers import TRANSPORTS
from yarl import URL

from infra.driver import DoorLog, Transport
from infra.log import Log, LogError
from infra.sqlite_log import SqliteDoor, SqliteLog, SqliteLogSettings, backup


class SqliteTransport(Transport):
    """`sqlite:///var/trust.db` is a file in the working directory, `sqlite:////srv/trust.db` one from the root."""

    record_bytes_max = SqliteLogSettings().record_bytes_max

    def new_log(self, url: URL, *, door: bool) -> Log:
        path = path_of(url)
        return DoorLog(SqliteDoor(path)) if door else SqliteLog(path)


def path_of(url: URL) -> Path:
    """The file that a `sqlite://` URL names; raises `ValueError` where it names none or a host."""
    name = url.path.removeprefix("/")
    if url.host or not name:
        raise ValueError(f"{url} names no file: write sqlite:///relative.db or sqlite:////absolute.db.")
    return Path(name)


async def back_up(url: str, target: Path) -> None:
    """Copy the log of an URL to a file while its worker runs; `LogError` where that cannot be done."""
    parsed = URL(url)
    if parsed.scheme != "sqlite":
        raise LogError(f"{parsed.scheme} has backups of its own: this one is for the embedded log.")
    await asyncio.to_thread(backup, path_of(parsed), target)


def register_transports() -> None:
    """Make the schemes known to Faust; calling it again changes nothing."""
    TRANSPORTS.aliases["sqlite"] = "infra.transports:SqliteTransport"
