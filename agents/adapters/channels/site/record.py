"""The site's record: one file for each published dispatch; everything public is rendered from it.

It is written first. It lies beside the public folder, not in it: it names who signed off.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic_core import from_json, to_json

from agents.adapters.channels.site.posts import Published, anchor
from agents.ports import NotSent
from streams.words.delivery import Dispatch

SUFFIX = ".json"


def place(folder: Path, dispatch: Dispatch) -> Path:
    """The file of a dispatch; its name depends on the key alone."""
    return folder / f"{anchor(dispatch)}{SUFFIX}"


def read(folder: Path) -> Mapping[str, Published]:
    """Every dispatch of the record by its key; `NotSent` if one cannot be read, since the page would lack it."""
    return {one.dispatch.key: one for one in map(_read_one, sorted(folder.glob(f"[!.]*{SUFFIX}")))}


def _read_one(file: Path) -> Published:
    """Older records hold the dispatch alone: then the moment of the yes is the nearest that is known."""
    try:
        content = from_json(file.read_bytes())
        if isinstance(content, dict) and "dispatch" not in content:
            dispatch = Dispatch.model_validate_json(to_json(content))
            return Published(at=dispatch.authorisation.at, dispatch=dispatch)
        return Published.model_validate_json(to_json(content))
    except ValueError:
        advice = "restore it from the backup, or move it out of the folder"
        raise NotSent(f"record {file.name} of the site cannot be understood: {advice}") from None


def write(published: Published) -> bytes:
    """The bytes of a record."""
    return f"{published.model_dump_json(indent=1)}\n".encode()
