"""Anchors in a file, best on another machine's disk: lines of JSON that are only ever added."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from agents.ports import NotSent
from streams.record.anchors import Anchor


@dataclass(frozen=True, slots=True)
class FilePlace:
    """The port `AnchorPlace` on a file; its folder must be there, so that a disk that is not mounted is noticed."""

    path: Path

    async def note(self, anchor: Anchor) -> str:
        """Add a line; it is on the disk when this returns."""
        append(self.path, anchor)
        return f"noted in {self.path}"


def append(path: Path, anchor: Anchor) -> None:
    """Add the anchor as a line, unless it is the last one already; `NotSent` if the file cannot be written."""
    line = anchor.model_dump_json().encode() + b"\n"
    try:
        _begin(path)
        # For the service's own user, whatever the umask; an older file is closed to others too.
        with os.fdopen(os.open(path, os.O_RDWR | os.O_APPEND), "ab+") as file:
            with suppress(PermissionError):
                os.fchmod(file.fileno(), 0o600)
            last = _last(file.fileno(), len(line))
            if last != line:
                # If a full disk cut the last line short, end it, so that this one is a line of its own.
                file.write(line if last[-1:] in {b"", b"\n"} else b"\n" + line)
                file.flush()
                os.fsync(file.fileno())
    except PermissionError:
        do = f"have it given to the user of the service (chown), or look whose {path.parent} is"
        raise NotSent(f"{path} is closed to this user: {do}") from None
    except OSError as error:
        raise NotSent(f"{path} cannot be written ({error.strerror}): see that its disk is there") from None


def _begin(path: Path) -> None:
    """Make the file where there is none; root gives it to the owner of its folder, as the timer needs."""
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            if os.geteuid() == 0:
                folder = path.parent.stat()
                os.fchown(descriptor, folder.st_uid, folder.st_gid)
        finally:
            os.close(descriptor)


def _last(descriptor: int, size: int) -> bytes:
    """The last bytes of a file."""
    with suppress(OSError):
        return os.pread(descriptor, size, max(0, os.fstat(descriptor).st_size - size))
    return b""
