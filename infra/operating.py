"""What an operator asks a ground by its address, beside what workers and doors do with it."""

import shutil

from faust.utils.urls import urllist
from yarl import URL

from infra.driver import DoorLog
from infra.kafka_log import Access, KafkaDoor, KafkaLogSettings, settings_of
from infra.kafka_log.admin import KafkaAdmin
from infra.log import BadAddress, LogError
from infra.sqlite_log import SqliteDoor
from infra.transports import path_of


def scheme_of(url: str) -> str:
    """The kind of ground that an address names: `sqlite` or `kafka`."""
    scheme, mark, _ = url.partition("://")
    if scheme not in {"sqlite", "kafka"} or not mark:
        raise BadAddress("This address names no ground: write sqlite:///file.db or kafka://host:9092.")
    return scheme


def admin_of(url: str) -> KafkaAdmin:
    """The operator's way to the cluster of an address; raises `LogError` where the address is no cluster's."""
    if scheme_of(url) != "kafka":
        raise LogError("The embedded log has no cluster to look after: its worker makes what it needs.")
    return KafkaAdmin(_kafka(url))


def door_of(url: str, group: str) -> DoorLog:
    """A door that needs nothing to be there but the log; `group` are the workers it asks for."""
    if scheme_of(url) == "kafka":
        return DoorLog(KafkaDoor(_kafka(url), group=group))
    return DoorLog(SqliteDoor(path_of(URL(url))))


def _kafka(url: str) -> KafkaLogSettings:
    return settings_of(urllist(url), worker="operator", access=Access())


def has_log(url: str) -> bool:
    """Whether there is a log to copy; of a cluster nothing is known before it is asked."""
    return scheme_of(url) != "sqlite" or path_of(URL(url)).is_file()


def free_bytes(url: str) -> int:
    """How much room the disk under an embedded log has."""
    folder = path_of(URL(url)).resolve().parent
    return shutil.disk_usage(folder).free
