"""What an operator asks about a ground by its address, beside what workers and doors do with it."""

import asyncio
import hashlib
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from yarl import URL

from infra.addresses import ALONE, path_of, scheme_of
from infra.log import LogError

if TYPE_CHECKING:
    from infra.kafka_log.operator.admin import KafkaAdmin


def admin_of(url: str) -> "KafkaAdmin":
    """The operator's way to the cluster of an address; raises `LogError` if the address is no cluster's."""
    if scheme_of(url) != "kafka":
        raise LogError("The embedded log has no cluster to look after: its worker makes what it needs.")
    from infra.kafka_log import settings_of, urls_of  # noqa: PLC0415 - a command on the embedded log needs no aiokafka
    from infra.kafka_log.operator.admin import KafkaAdmin  # noqa: PLC0415 - as above

    return KafkaAdmin(settings_of(urls_of(url), worker="operator"))


def has_log(url: str) -> bool:
    """Whether there is a log to copy; a cluster is only known once it is asked, so its answer is yes."""
    return scheme_of(url) != "sqlite" or path_of(URL(url)).is_file()


def files_open_to_others(url: str) -> list[Path]:
    """Which files of an embedded log another user of this machine may open."""
    from infra.sqlite_log.file.ownership import open_to_others  # noqa: PLC0415 - most commands look at no rights

    return open_to_others(path_of(URL(url)).resolve())


def hand_over(file: Path) -> None:
    """Give what root wrote to the user and the group of its folder; a group that may read the folder may read it."""
    from infra.sqlite_log.file import ownership  # noqa: PLC0415 - as above

    ownership.hand_over(file, readable=True)


def free_bytes(url: str) -> int:
    """How much room the disk under an embedded log has."""
    folder = path_of(URL(url)).resolve().parent
    return shutil.disk_usage(folder).free


def refuse_own_files(urls: Collection[str], targets: Collection[Path]) -> None:
    """Raise `LogError` if one of these copies would replace a file of one of these embedded logs."""
    from infra.sqlite_log.backup import refuse_own_files as refuse  # noqa: PLC0415 - most commands copy nothing

    logs = [path_of(URL(url)) for url in urls if scheme_of(url) == ALONE]
    for target in targets:
        refuse(logs, target)


async def back_up(url: str, target: Path) -> None:
    """Copy the log of an address to a file while its worker runs; raises `LogError` if that cannot be done."""
    from infra.sqlite_log import backup  # noqa: PLC0415 - most commands copy nothing

    if scheme_of(url) != "sqlite":
        raise LogError(f"{scheme_of(url)} has backups of its own: this one is for the embedded log.")
    await asyncio.to_thread(backup, path_of(URL(url)), target)


def put_log_back(copy: Path, url: str, *, sha256: str) -> str:
    """Put a copy in the place of an embedded log that is not there; a sentence says what became of it.

    Raises `LogError` if the copy has another SHA-256, is damaged, or cannot be written.
    """
    from infra.sqlite_log.backup import restore  # noqa: PLC0415 - most commands copy nothing

    return restore(copy, path_of(URL(url)), sha256=sha256)


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file in hexadecimal digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
