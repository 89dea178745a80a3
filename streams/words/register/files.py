"""Whether the files of the register can be used: what the worker notes in the register's own log."""

from typing import Annotated, Literal

from pydantic import Field

from streams.values import Frozen, Word

PLACES_MAX = 5
Places = Annotated[tuple[Word, ...], Field(max_length=PLACES_MAX)]
"""The first places that need mending, each a file and a line."""


class NoteFiles(Frozen):
    """Note whether the files of the register can be used; the worker does that when it changes."""

    kind: Literal["note_files"] = "note_files"
    faults: int = Field(ge=0)
    places: Places = ()


class FilesNoted(Frozen):
    """So many faults keep the files from being used, and the last good register stays in force; with none they count.

    What is wrong is not said here: a fault may repeat what a file holds, and a fact is kept for ever.
    """

    kind: Literal["files_noted"] = "files_noted"
    faults: int = Field(ge=0)
    places: Places = ()
