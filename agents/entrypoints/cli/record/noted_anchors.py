"""Anchors that were noted down elsewhere, read from a file to compare a record with."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from agents.entrypoints.cli.options import Misused
from streams.codec import says
from streams.record.anchors import Anchor

ANCHORS_BYTES_MAX = 64 * 1024 * 1024

AnchorsFile = Annotated[
    Path | None, typer.Option("--anchors", help="Anchors that were noted down elsewhere, one a line, to compare with.")
]


def anchors_in(file: Path | None, mode: str) -> Sequence[Anchor]:
    """The anchors of this mode in a file, and those that were changed; `Misused` names a line that is no anchor.

    One file may take the anchors of several modes, which call their incidents by the same names.
    """
    if file is None:
        return []
    try:
        with file.open("rb") as opened:
            content = opened.read(ANCHORS_BYTES_MAX + 1)
    except OSError as error:
        raise Misused(f"{file} cannot be read ({error.strerror}): name a file of anchors") from None
    if len(content) > ANCHORS_BYTES_MAX:
        raise Misused(f"{file} is larger than {ANCHORS_BYTES_MAX} bytes: give the anchors of a shorter time")
    anchors = []
    for number, line in enumerate(content.splitlines(), 1):
        try:
            anchors.append(Anchor.model_validate_json(line))
        except ValidationError as error:
            raise Misused(f"line {number} of {file} is no anchor: {says(error)}") from None
    return [one for one in anchors if one.mode == mode or one.digest != one.content()]
