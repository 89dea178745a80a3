"""The files of a service that no log holds, in one archive: register, templates, calendars, pages, lists of recipients.

The archive names the SHA-256 of each file, so that a damaged one restores nothing.
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import StringConstraints, ValidationError

from agents.adapters.registers.files import read
from agents.adapters.registers.folder import LINKED, leads_out
from agents.entrypoints.cli.options import Misused
from infra.operating import hand_over
from streams.values import Frozen, Utc
from streams.words.register.entries import Register

PARTS = ("register", "messages", "pages", "wording", "exercises")
"""The folders of the data folder that are kept, with all that is in them."""
NAMED, OPTION_ENDING = "named", "_file"
"""An option of a channel or pager whose name ends so names a file; it is kept in this folder of the archive."""
LIST = "contents.json"
BYTES_MAX, FILES_MAX = 64 * 1024 * 1024, 5_000
OWN, OWN_FOLDER = 0o600, 0o700
DAMAGED = "{} is damaged ({}), so nothing was restored: take another backup"
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class KeptFile(Frozen):
    """One file of an archive. `path` is where a file outside of the data folder was, as the register names it."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
    sha256: Digest
    path: str | None = None

    def place(self, data: Path) -> Path:
        """Where it belongs; `Misused` if that is outside of the folders that an archive may fill."""
        if self.path is not None:
            return Path(self.path)
        parts = Path(self.name).parts
        if parts[:1] not in {(part,) for part in PARTS} or ".." in parts or leads_out(data / self.name, data):
            raise Misused(f"the backup has a file {self.name}, which belongs to no register: take another backup")
        return data / self.name


class ArchiveContents(Frozen):
    """What an archive holds. `logs` has the SHA-256 of each copied log by what is behind the backup's own name."""

    version: Literal[1] = 1
    made_at: Utc
    files: tuple[KeptFile, ...]
    logs: Mapping[str, Digest]


@dataclass(slots=True)
class Collected:
    """Every file to keep, by its name in the archive, with its path and content; and a sentence for each left out."""

    found: dict[str, tuple[Path, bytes]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def take(self, name: str, path: Path) -> None:
        """Read this file, or note why it is left out."""
        try:
            if not path.is_file():
                raise FileNotFoundError(0, "there is no such file")
            content = path.read_bytes()
        except OSError as error:
            self.left_out.append(f"{path} cannot be read ({error.strerror})")
            return
        if len(self.found) >= FILES_MAX or len(content) + sum(len(one) for _, one in self.found.values()) > BYTES_MAX:
            self.left_out.append(f"{path}: more than {FILES_MAX} files or {BYTES_MAX // 1024**2} MiB are not kept")
            return
        self.found[name] = (path, content)


def collect(data: Path, now: datetime) -> Collected:
    """Every file of this data folder, and those that its channels and pagers name; a link that leads out is left out.

    A broken register is kept as it is.
    """
    collected = Collected()
    for part in PARTS:
        for path in _files_in(data / part, collected, data=data, seen=set()):
            collected.take(str(path.relative_to(data)), path)
    for number, path in enumerate(_named_by(read(data, now).register), 1):
        collected.take(f"{NAMED}/{number}-{path.name}", path)
    return collected


def pack(target: Path, collected: Collected, *, logs: Mapping[str, str], now: datetime) -> None:
    """Write the archive for its owner only, in the place of one that is there; `Misused` if that fails."""
    files = [
        KeptFile(
            name=name,
            sha256=hashlib.sha256(content).hexdigest(),
            path=str(path) if name.startswith(f"{NAMED}/") else None,
        )
        for name, (path, content) in collected.found.items()
    ]
    contents = ArchiveContents(made_at=now, files=tuple(files), logs=logs)
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as tar:
        _add(tar, LIST, contents.model_dump_json(indent=2).encode(), now=now)
        for name, (_, content) in collected.found.items():
            _add(tar, name, content, now=now)
    try:
        _put(target, written.getvalue())
    except OSError as error:
        raise Misused(f"the backup {target} cannot be written: {error.strerror}") from None


def unpack(archive: Path) -> tuple[ArchiveContents, Mapping[str, bytes]]:
    """The list of an archive and each file by its name; `Misused` if one is not as the list says."""
    try:
        with tarfile.open(archive, mode="r:") as tar:
            contents = ArchiveContents.model_validate_json(_member(tar, LIST))
            files = {one.name: _member(tar, one.name) for one in contents.files}
    except FileNotFoundError:
        raise Misused(f"there is no {archive}: name a backup that `holdingline backup` made") from None
    except (OSError, tarfile.TarError, ValidationError, ValueError, LookupError) as error:
        raise Misused(DAMAGED.format(archive, type(error).__name__)) from None
    for one in contents.files:
        if hashlib.sha256(files[one.name]).hexdigest() != one.sha256:
            raise Misused(DAMAGED.format(archive, f"{one.name} is not as it was"))
    return contents, files


def put_back(one: KeptFile, content: bytes, *, data: Path, replace: bool) -> str:
    """Put a file in its place, or beside a file that is there and differs; a sentence says which.

    With `replace` it takes the place, and the file that was there is kept beside it.
    """
    place = one.place(data)
    try:
        _make_folder(place.parent)
        if not os.path.lexists(place):
            _put(place, content)
            return f"{place}: restored"
        there = place.read_bytes() if place.is_file() else b""
        if place.is_file() and there == content:
            return f"{place}: is there already"
        if not replace:
            beside = _beside(place, content, word="from-backup")
            _put(beside, content)
            return f"{place}: is there and differs, so the backup's is beside it, {beside.name}"
        before = _beside(place, there, word="before-restore")
        place.replace(before)
        _put(place, content)
    except OSError as error:
        raise Misused(f"{place} cannot be restored ({error.strerror}): mend that, and restore again") from None
    return f"{place}: restored, and the file that was there is {before.name}"


def _make_folder(folder: Path) -> None:
    """Make a folder, and those above it, for its owner only; if root makes them, for whose the folder above is."""
    missing = [one for one in (*reversed(folder.parents), folder) if not one.exists()]
    for one in missing:
        one.mkdir(exist_ok=True, mode=OWN_FOLDER)
        hand_over(one)


def _files_in(folder: Path, collected: Collected, *, data: Path, seen: set[Path]) -> Iterator[Path]:
    if not folder.is_dir() or folder.resolve() in seen:
        return
    if leads_out(folder, data):
        collected.left_out.append(f"{folder} {LINKED}")
        return
    seen.add(folder.resolve())
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            yield from _files_in(path, collected, data=data, seen=seen)
        elif leads_out(path, data):
            collected.left_out.append(f"{path} {LINKED}")
        else:
            yield path


def _named_by(register: Register) -> list[Path]:
    """The files that options of channels and pagers name, each once."""
    channels = [one.options for one in register.channels.values()]
    options = [*channels, *(one.options for one in register.pagers.values())]
    named = (Path(path) for one in options for name, path in one.items() if name.endswith(OPTION_ENDING))
    return [*dict.fromkeys(named)]


def _add(tar: tarfile.TarFile, name: str, content: bytes, *, now: datetime) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = len(content), OWN, int(now.timestamp())
    tar.addfile(member, io.BytesIO(content))


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    """The content of a plain file in the archive; a link or a device in its place is an error."""
    member = tar.getmember(name)
    file = tar.extractfile(member) if member.isreg() and member.size <= BYTES_MAX else None
    if file is None:
        raise ValueError(name)
    return file.read()


def _beside(place: Path, content: bytes, *, word: str) -> Path:
    """A name that no part of the service reads, the same for the same content."""
    return place.with_name(f"{place.name}.{word}-{hashlib.sha256(content).hexdigest()[:8]}")


def _put(place: Path, content: bytes) -> None:
    """Write a whole file that only its owner may open, in one step; a link in its place is replaced, not followed."""
    part = place.with_name(f"{place.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, OWN), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        hand_over(part)
        part.replace(place)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
