"""The log on one SQLite file: for one worker, durable, without a server.

`SqliteLog` is the worker's side and implements the port `infra.log`; `SqliteDoor` is the way in for other processes;
`backup` copies a log while its worker runs, `check` reads a copy through.
"""

from infra.sqlite_log.backup import backup, check
from infra.sqlite_log.door import SqliteDoor
from infra.sqlite_log.keeper import Tidied
from infra.sqlite_log.log import SqliteLog
from infra.sqlite_log.settings import SqliteLogSettings

__all__ = ["SqliteDoor", "SqliteLog", "SqliteLogSettings", "Tidied", "backup", "check"]
