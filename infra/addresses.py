"""What the address of a log says: `sqlite:///trust.db` is a file, `kafka://one:9092,two:9092` a cluster."""

import re
from pathlib import Path
from urllib.parse import parse_qs

from yarl import URL

from infra.log import BadAddress

ALONE = "sqlite"
"""The scheme of the embedded log, which only one process may hold."""
SCHEMES = frozenset({ALONE, "kafka"})
PARTITIONS = "partitions"
"""What an address calls the number of partitions of topics that several workers share."""
SPREAD = 4
WORKER_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


def scheme_of(url: str) -> str:
    """The kind of ground that an address names: `sqlite` or `kafka`."""
    scheme, mark, _ = url.partition("://")
    if scheme not in SCHEMES or not mark:
        raise BadAddress("This address names no ground: write sqlite:///file.db or kafka://host:9092.")
    return scheme


def path_of(url: URL) -> Path:
    """The file that a `sqlite://` URL names; raises `BadAddress` if it names a host or no file."""
    name = url.path.removeprefix("/")
    if url.host or not name:
        raise BadAddress(f"{url} names no file: write sqlite:///relative.db or sqlite:////absolute.db.")
    return Path(name)


def beside(url: str, name: str) -> str:
    """The address of a second worker's log.

    An embedded log is held by one process, so it is a file beside the first; on Kafka all workers share one log.
    """
    return f"{url}-{name}" if url.startswith(f"{ALONE}:") else url


def spread_of(url: str) -> int:
    """How many partitions a topic has that several workers share: the embedded log has one worker, and so one.

    On Kafka as many as `partitions=` in the address says, and four if it says nothing.
    """
    if not url.startswith("kafka:"):
        return 1
    said = parse_qs(url.partition("?")[2]).get(PARTITIONS, [str(SPREAD)])[-1]
    if not said.isdigit() or int(said) < 1:
        raise BadAddress(f"{PARTITIONS}={said} is no number of partitions: write a whole number, or leave it out.")
    return int(said)


def with_worker(url: str, name: str, *, given: bool) -> str:
    """The address for a worker of this name; a ground that has one worker only needs no name and gets none.

    A name in the address wins over a name that no person has `given`. Raises `BadAddress` if a person has given a
    second one, or if the name has signs other than letters, digits, dots, dashes and underscores.
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
