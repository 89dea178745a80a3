"""Pictures in the data folder: what kind of file each is, and its content when a channel sends it."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from agents.ports import NotSent
from streams.words.register.entries import PictureType, StillPicture

FOLDER = Path("messages", "pictures")
BYTES_MAX = 16_000_000
Pictures = Callable[[StillPicture], bytes]
"""Answers with the content of a picture exactly as it was approved; `NotSent` if it is not there any more."""
BEGINNINGS: Mapping[bytes, PictureType] = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_RIFF, _WEBP = b"RIFF", b"WEBP"


def type_of(content: bytes) -> PictureType | None:
    """What kind of picture this is, by how it begins; None if it is none that we know."""
    if content[:4] == _RIFF and content[8:12] == _WEBP:
        return "image/webp"
    return next((kind for beginning, kind in BEGINNINGS.items() if content.startswith(beginning)), None)


def pictures_of(data: Path) -> Pictures:
    """The pictures of a data folder."""

    def content_of(picture: StillPicture) -> bytes:
        path = data / FOLDER / picture.file
        lost = f"the picture {picture.file} is not in the folder any more as it was approved: put that file back"
        if not path.is_file() or not path.resolve().is_relative_to(data.resolve()):
            raise NotSent(lost)
        with path.open("rb") as opened:
            content = opened.read(BYTES_MAX + 1)
        if hashlib.sha256(content).hexdigest() != picture.digest:
            raise NotSent(lost)
        return content

    return content_of


def no_pictures(picture: StillPicture) -> bytes:
    """For a channel that was given no folder."""
    raise NotSent(f"this channel was given no folder with the picture {picture.file}: set it up with one")
