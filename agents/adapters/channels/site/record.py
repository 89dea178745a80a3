"""The site's record: one file for each published dispatch; everything public is rendered from it.

It is written first. It lies beside the public folder, not in it: it names who signed off.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from agents.adapters.channels.site.posts import anchor
from agents.ports import NotSent
from streams.words.delivery import Dispatch

SUFFIX = ".json"


def place(folder: Path, dispatch: Dispatch) -> Path:
    """The file of a dispatch; its name depends on the key alone."""
    return folder / f"{anchor(dispatch)}{SUFFIX}"


def read(folder: Path) -> Mapping[str, Dispatch]:
    """Every dispatch of the record by its key; `NotSent` if one cannot be read, since the page would lack it."""
    return {dispatch.key: dispatch for dispatch in map(_read_one, sorted(folder.glob(f"[!.]*{SUFFIX}")))}


def _read_one(file: Path) -> Dispatch:
    try:
        return Dispatch.model_validate_json(file.read_bytes())
    except ValidationError:
        advice = "restore it from the backup, or move it out of the folder"
        raise NotSent(f"record {file.name} of the site cannot be understood: {advice}") from None


def write(dispatch: Dispatch) -> bytes:
    """The bytes of a record."""
    return f"{dispatch.model_dump_json(indent=1)}\n".encode()
