"""Are these still the files that were opened? One that was deleted or replaced takes what is written along with it."""

from pathlib import Path

from infra.log import LogBroken
from infra.sqlite_log.file.ownership import files_of

WATCHED = ("", "-wal", ".lock")


class FileWatch:
    """Remembers the files of an open log, each from the first time that it was there; used by one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._files = [one for one in files_of(path) if one.name.removeprefix(path.name) in WATCHED]
        self._seen: dict[Path, tuple[int, int]] = {}

    def trouble(self) -> LogBroken | None:
        """Why nothing may be written any more: a file of the log is not in its place. None if all are."""
        for file in self._files:
            try:
                found = file.stat()
            except OSError:
                here = None
            else:
                here = (found.st_dev, found.st_ino)
            before = self._seen.get(file)
            if before is not None and here != before:
                return LogBroken(
                    f"{file} was {'replaced' if here else 'removed'} while this worker ran, so no order is taken any "
                    f"more: put the file back, or restore the log {self._path} from a backup, then start the worker."
                )
            if before is None and here is not None:
                self._seen[file] = here
        return None
