"""The picture of a template: its file is read with the register, so that an approval covers its content."""

import hashlib
from pathlib import Path

from agents.adapters.pictures import BYTES_MAX, FOLDER, type_of
from agents.adapters.registers.faults import Fault
from agents.adapters.registers.folder import LINKED, leads_out
from agents.adapters.registers.source import FileSource
from streams.words.register.entries import StillPicture, Template

VIDEOS = ("mp4", "mov", "webm", "avi", "mkv", "m4v")


def with_picture(template: Template, source: FileSource, *, folder: Path, faults: list[Fault]) -> Template | None:
    """The template with its picture as the file is; None, and a fault, where the file cannot be used."""
    if template.picture is None:
        return template
    read = _read(template.picture, folder)
    if isinstance(read, str):
        faults.append(source.fault(("picture", "file"), read))
        return None
    return template.model_copy(update={"picture": read})


def _read(picture: StillPicture, folder: Path) -> StillPicture | str:
    """The picture with what its file says, or a sentence about what is wrong with that."""
    path, named = folder / FOLDER / picture.file, f"the picture {picture.file}"
    if picture.file.rpartition(".")[2] in VIDEOS:
        return f"{named} is a video, which needs captions and which no channel here sends: use a still picture"
    if leads_out(path, folder):
        return f"{named} {LINKED}"
    if not path.is_file():
        return f"{named} is not there: put the file into {FOLDER.as_posix()}"
    try:
        with path.open("rb") as opened:
            content = opened.read(BYTES_MAX + 1)
    except OSError as error:
        return f"{named} cannot be read ({error.strerror}): mend its permissions"
    if len(content) > BYTES_MAX:
        return f"{named} is larger than {BYTES_MAX} bytes: make it smaller"
    kind = type_of(content)
    if kind is None:
        return f"{named} is no PNG, JPEG, GIF or WebP: convert it"
    known = {"media_type": kind, "size_bytes": len(content), "digest": hashlib.sha256(content).hexdigest()}
    return picture.model_copy(update=known)
