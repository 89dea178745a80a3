"""Whether the files of the register can be used: what the worker notes in the register's own log."""

from typing import Annotated, Literal

from pydantic import Field

from streams.values import Frozen, Word

PLACES_MAX = 5
PAGES = "pages/"
"""Where the trust's own page lies: a fault there keeps no register from being used."""
Places = Annotated[tuple[Word, ...], Field(max_length=PLACES_MAX)]
"""The first places that need mending, each a file and a line."""


class NoteFiles(Frozen):
    """Note whether the files of the register can be used; the worker does that when it changes."""

    kind: Literal["note_files"] = "note_files"
    faults: int = Field(ge=0)
    places: Places = ()


class FilesNoted(Frozen):
    """So many faults keep files from being used; with none they count.

    The last good register stays in force, or for a fault of the trust's own page the service's page is shown.

    What is wrong is not said here: a fault may repeat what a file holds, and a fact is kept for ever.
    """

    kind: Literal["files_noted"] = "files_noted"
    faults: int = Field(ge=0)
    places: Places = ()

    @property
    def keeps_files(self) -> bool:
        """Whether the last good register stays in force."""
        return self.faults > 0 and not (self.places and all(one.startswith(PAGES) for one in self.places))

    @property
    def keeps_page(self) -> bool:
        """Whether the service's own page is shown in place of the trust's."""
        return any(one.startswith(PAGES) for one in self.places)
