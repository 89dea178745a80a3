"""The note beside the register that says when the last offline pack was made, and whether it is still true."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from agents.entrypoints.cli.options import zone_of
from streams.moments import told_in
from streams.words.register.entries import Register
from streams.words.register.kept import OLD_PACK

NOTE = OLD_PACK
"""The file in the register's folder that says when the last pack was made, and of which register."""


def old_pack(folder: Path, known: Register, *, now: datetime) -> Sequence[str]:
    """The note's place, if it can be read and the pack is too old; else nothing."""
    try:
        _, too_old_at, _ = _read(folder, known)
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [NOTE] if too_old_at <= now else []


def _read(folder: Path, known: Register | None) -> tuple[datetime, datetime, str]:
    """When the last pack was made, from when on it is too old, and of which register; what goes wrong is raised.

    Where the register gives a pack fewer days than it did, those count.
    """
    note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
    made_at, too_old_at = (datetime.fromisoformat(note[name]) for name in ("made_at", "too_old_at"))
    if known:
        too_old_at = min(too_old_at, made_at + timedelta(days=known.pack_lasts_days))
    return made_at, too_old_at, str(note["version"])


def told_of_pack(folder: Path, known: Register | None, *, now: datetime) -> tuple[bool, str]:
    """Whether the last pack for live is still true, and a sentence about it.

    `folder` holds the register's files, `known` is the register in force, None if it cannot be told.
    """
    zone = zone_of(known)
    make = "make and print another with `holdingline pack`"
    try:
        made_at, too_old_at, version = _read(folder, known)
    except FileNotFoundError:
        return True, "no offline pack was made on this machine: see `holdingline pack`"
    except (OSError, ValueError, KeyError, TypeError) as error:
        return False, f"the note of the offline pack, {folder / NOTE}, cannot be read ({error}): {make}"
    made = f"the offline pack was made {told_in(zone, made_at)}"
    if too_old_at <= now:
        return False, f"{made}, {(now - made_at).days} days ago, and is too old: {make}"
    if known and version != known.version():
        return False, f"{made}, and the register has changed since: {make}"
    return True, f"{made}, and is good until {told_in(zone, too_old_at)}"
