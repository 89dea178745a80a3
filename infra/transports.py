"""The schemes of a broker URL: one transport each, which says what log stands under it.

Faust finds them by the entry points `faust.transports`, or by `register_transports()` where nothing is installed.
"""

import asyncio
import re
from pathlib import Path
from typing import Any

from faust.transport.drivers import TRANSPORTS
from yarl import URL

from infra.driver import DoorLog, Transport
from infra.kafka_log import Access, KafkaDoor, KafkaLog, KafkaLogSettings, settings_of
from infra.log import BadAddress, Log, LogError
from infra.sqlite_log import SqliteDoor, SqliteLog, SqliteLogSettings, backup

WORKER_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")

OWN_SCHEMES = {"kafka": "holdingline-kafka"}
"""Schemes that Faust knows otherwise, and what it knows ours by."""


class SqliteTransport(Transport):
    """`sqlite:///var/trust.db` is a file in the working directory, `sqlite:////srv/trust.db` one from the root."""

    record_bytes_max = SqliteLogSettings().record_bytes_max

    def new_log(self, url: URL, *, door: bool) -> Log:
        path = path_of(url)
        return DoorLog(SqliteDoor(path)) if door else SqliteLog(path)


class KafkaTransport(Transport):
    """`kafka://one:9092,two:9092?replication=3&insync=2`; who we are is Faust's `broker_credentials`."""

    record_bytes_max = KafkaLogSettings().record_bytes_max

    def new_log(self, url: URL, *, door: bool) -> Log:
        del url  # The first broker only.
        app: Any = self.app
        access = access_of(app.conf.broker_credentials)
        settings = settings_of(self.url, worker=app.ground.worker, access=access)
        if door:
            return DoorLog(KafkaDoor(settings, group=app.conf.id))
        # Faust's own assignor deals the partitions, so that its tables, routes and leader work with several workers.
        return KafkaLog(settings, assignor=lambda: app.assignor)


def broker_url(url: str) -> str:
    """What Faust is told where settings say `url`: its own `kafka://` is a driver that loses events."""
    scheme, mark, rest = url.partition("://")
    return f"{OWN_SCHEMES.get(scheme, scheme)}{mark}{rest}"


def with_worker(url: str, name: str, *, given: bool) -> str:
    """The address for a worker of this name; a ground that has one worker only needs no name and gets none.

    A name that stands in the address already wins over one that was not `given` by a person; `BadAddress` where
    two were given, or where the name holds more than letters, digits, dots, dashes and underscores.
    """
    if not WORKER_NAME.fullmatch(name):
        raise BadAddress(f"{name!r} cannot name a worker: write up to 100 letters, digits, dots, dashes, underscores.")
    address, _, query = url.partition("?")
    if not url.startswith("kafka:"):
        return url
    if any(part.startswith("worker=") for part in query.split("&")):
        if given:
            raise BadAddress(f"The address names a worker already: leave worker= out of it, or do not name {name!r}.")
        return url
    return f"{address}?{query}{'&' if query else ''}worker={name}"


def access_of(credentials: Any) -> Access:
    """Faust's credentials in the words of the Kafka log."""
    if credentials is None:
        return Access()
    mechanism = getattr(credentials, "mechanism", None)
    return Access(
        protocol=credentials.protocol.value,
        mechanism=mechanism.value if mechanism is not None else Access().mechanism,
        username=getattr(credentials, "username", None),
        password=getattr(credentials, "password", None),
        ssl_context=getattr(credentials, "context", None) or getattr(credentials, "ssl_context", None),
    )


def path_of(url: URL) -> Path:
    """The file that a `sqlite://` URL names; raises `BadAddress` where it names none or a host."""
    name = url.path.removeprefix("/")
    if url.host or not name:
        raise BadAddress(f"{url} names no file: write sqlite:///relative.db or sqlite:////absolute.db.")
    return Path(name)


async def back_up(url: str, target: Path) -> None:
    """Copy the log of an URL to a file while its worker runs; `LogError` where that cannot be done."""
    parsed = URL(url)
    if parsed.scheme != "sqlite":
        raise LogError(f"{parsed.scheme} has backups of its own: this one is for the embedded log.")
    await asyncio.to_thread(backup, path_of(parsed), target)


def register_transports() -> None:
    """Make the schemes known to Faust, also in place of its own `kafka://`; calling it again changes nothing."""
    TRANSPORTS.aliases["sqlite"] = "infra.transports:SqliteTransport"
    for scheme in ("kafka", OWN_SCHEMES["kafka"]):
        TRANSPORTS.aliases[scheme] = "infra.transports:KafkaTransport"
