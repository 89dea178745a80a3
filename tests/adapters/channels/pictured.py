"""A small picture as a file of a data folder, and a dispatch that has it."""

import hashlib
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from streams.words.delivery import Dispatch
from streams.words.register.entries import StillPicture
from tests.adapters.channels.dispatches import dispatch


@dataclass
class Brought:
    """A picture as a vendor has it."""

    content: bytes
    shows: str = ""


ALT = {"en": "A map: Gate Two is open.", "cy": "Map: mae Porth Dau ar agor."}


def png(side: int = 8) -> bytes:
    """A square of one grey."""
    rows = b"".join(b"\0" + bytes([60]) * side for _ in range(side))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def picture(content: bytes | None = None, **changes: object) -> StillPicture:
    """The picture as the register's files have it."""
    content = png() if content is None else content
    plain = {"file": "gates.png", "alternative_text": ALT, "credit": "Northgate estates", "consent": "shows no person"}
    known = {"size_bytes": len(content), "digest": hashlib.sha256(content).hexdigest()}
    return StillPicture.model_validate({**plain, **known, **changes})


def put(data: Path, content: bytes | None = None) -> Path:
    """The file in its place in a data folder."""
    place = data / "messages" / "pictures" / "gates.png"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(png() if content is None else content)
    return place


def pictured(name: str = "first", one: StillPicture | None = None) -> Dispatch:
    """A dispatch of a message with this picture."""
    plain = dispatch(name)
    return plain.model_copy(update={"message": plain.message.model_copy(update={"picture": one or picture()}).sealed()})
