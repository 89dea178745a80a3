"""The schemes of a broker URL: one transport each, which says what log stands under it.

Faust finds them by the entry points `faust.transports`, or by `register_transports()` where nothing is installed.
"""

from pathlib import Path

from faust.transport.drivers import TRANSPORTS
from yarl import URL

from infra.driver import DoorLog, Transport
from infra.log import Log
from infra.sqlite_log import SqliteDoor, SqliteLog, SqliteLogSettings


class SqliteTransport(Transport):
    """`sqlite:///var/trust.db` is a file in the working directory, `sqlite:////srv/trust.db` one from the root."""

    record_bytes_max = SqliteLogSettings().record_bytes_max

    @classmethod
    def new_log(cls, url: URL, *, door: bool) -> Log:
        path = path_of(url)
        return DoorLog(SqliteDoor(path)) if door else SqliteLog(path)


def path_of(url: URL) -> Path:
    """The file that a `sqlite://` URL names; raises `ValueError` where it names none or a host."""
    name = url.path.removeprefix("/")
    if url.host or not name:
        raise ValueError(f"{url} names no file: write sqlite:///relative.db or sqlite:////absolute.db.")
    return Path(name)


def register_transports() -> None:
    """Make the schemes known to Faust; calling it again changes nothing."""
    TRANSPORTS.aliases["sqlite"] = "infra.transports:SqliteTransport"
