"""Texts in the person's own editor: one file with a part for each language and form."""

import asyncio
import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from agents.entrypoints.cli.lines.kept import write
from agents.entrypoints.cli.options import Misused

HEAD, NOTE = "=== ", "--- "
EDITORS = ("VISUAL", "EDITOR")
"""The variables that name a person's editor."""


def edited(path: Path, texts: Mapping[str, str], *, notes: Sequence[str]) -> Mapping[str, str]:
    """The texts by their headings, once the person has closed the editor; an empty one is left out.

    The file stays until its texts are handed in. `notes` are shown above the texts; `Misused` if no editor starts, or
    if a heading is none of these.
    """
    told = [f"{NOTE}{line}" for line in ("Write each text below its heading, and close the editor.", *notes)]
    parts = [f"{HEAD}{heading}\n{text}\n" for heading, text in texts.items()]
    write(path, "\n".join([*told, "", *parts]))
    asyncio.run(_opened(path))
    return _parted(path, texts)


def has_editor() -> bool:
    """Whether the person has named an editor."""
    return any(os.environ.get(name, "").strip() for name in EDITORS)


async def _opened(path: Path) -> None:
    named = next((found for name in EDITORS if (found := os.environ.get(name, "").strip())), "")
    try:
        words = shlex.split(named)
        editor = await asyncio.create_subprocess_exec(*(words or ["vi"]), str(path))
    except (OSError, ValueError) as error:
        raise Misused(f"the editor {named or 'vi'} does not start ({error}): set EDITOR, or use --no-editor") from None
    if await editor.wait():
        raise Misused(f"the editor ended with an error; what was typed is in {path}: give the command again")


def _parted(path: Path, known: Mapping[str, str]) -> Mapping[str, str]:
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith(NOTE):
            continue
        if line.startswith(HEAD):
            heading = line.removeprefix(HEAD).strip()
            if heading not in known:
                raise Misused(f"{path} has a heading {heading}: leave the headings as they were, {', '.join(known)}")
            lines = found.setdefault(heading, [])
        else:
            lines.append(line)
    texts = {heading: "\n".join(lines).strip() for heading, lines in found.items()}
    return {heading: text for heading, text in texts.items() if text}
