"""What is kept of the files: each register that an order was judged by, and what the worker notes of them.

It notes in the register's own log whether they can be used, and which partners they have otherwise than was confirmed.
The registers lie beside the facts: these can be judged again.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, Self

from pydantic import Field

from streams.values import Frozen, Identifier, Mode, Word
from streams.words.register.changes import Content, Difference
from streams.words.register.entries import Register, version_of

PLACES_MAX = 5
PAGES = "pages/"
"""Where the trust's own page lies: a fault there keeps no register from being used."""
OLD_PACK = "pack.json"
"""Where it says when the last offline pack was made: among the places, the pack is too old, and no more."""
Places = Annotated[tuple[Word, ...], Field(max_length=PLACES_MAX)]
"""The first places that need mending, each a file and a line."""
REGISTER_BYTES_MAX = 900 * 1024
"""A whole register in one record; a broker takes a mebibyte."""


class RegisterRecord(Frozen):
    """A register under its version. `content` is its JSON as it was hashed, so that later fields change nothing."""

    version: Literal[1] = 1
    id: Identifier
    mode: Mode
    content: str

    @classmethod
    def of(cls, register: Register, *, mode: Mode) -> Self:
        """The record of a register, to be put on its topic."""
        written = register.model_dump_json()
        return cls(id=version_of(written), mode=mode, content=written)

    def is_whole(self) -> bool:
        """Whether the content is what the version names."""
        return version_of(self.content) == self.id

    def register(self) -> Register:
        """The register itself; `ValidationError` where the content is none."""
        return _Kept.model_validate_json(self.content).known_as(self.id)


class _Kept(Register):
    """A register that keeps the version it had, also where later fields would give it another."""

    _version: str = ""

    def version(self) -> str:
        return self._version

    def known_as(self, version: str) -> Self:
        self._version = version
        return self


class NoteFiles(Frozen):
    """Note whether the files of the register can be used; the worker does that when it changes."""

    kind: Literal["note_files"] = "note_files"
    faults: int = Field(ge=0)
    places: Places = ()


class FilesNoted(Frozen):
    """So many faults keep files from being used; with none they count.

    The last good register stays in force, or for a fault of the trust's own page the service's page is shown. An
    offline pack that is too old is one of them, and keeps nothing from being used.

    What is wrong is not said here: a fault may repeat what a file holds, and a fact is kept for ever.
    """

    kind: Literal["files_noted"] = "files_noted"
    faults: int = Field(ge=0)
    places: Places = ()

    @property
    def keeps_files(self) -> bool:
        """Whether the last good register stays in force."""
        return self.faults > 0 and not (self.places and all(map(_keeps_no_register, self.places)))

    @property
    def keeps_page(self) -> bool:
        """Whether the service's own page is shown in place of the trust's."""
        return any(one.startswith(PAGES) for one in self.places)

    @property
    def is_pack_old(self) -> bool:
        """Whether another offline pack is to be made."""
        return OLD_PACK in self.places


def _keeps_no_register(place: str) -> bool:
    return place == OLD_PACK or place.startswith(PAGES)


Contents = Mapping[Identifier, Content | None]
UNCONFIRMED_CHARACTERS_MAX = 64 * 1024
"""So much of the files' entries is noted at once, so that one fact stays small; at least one entry always fits."""


class NoteUnconfirmed(Frozen):
    """Note the partners that a founded register's files have otherwise than two people confirmed them; the worker does.

    Each is noted as the files have it, None where they have it no more.
    """

    kind: Literal["note_unconfirmed"] = "note_unconfirmed"
    partners: Contents = Field(default_factory=dict)


class UnconfirmedNoted(Frozen):
    """The partners that are not in force as the files have them; nobody else is."""

    kind: Literal["unconfirmed_noted"] = "unconfirmed_noted"
    partners: Contents = Field(default_factory=dict)


def partner_contents(differences: Iterable[Difference]) -> Contents:
    """Of what differs from what is in force the partners, as the files have them, as many as one fact takes."""
    found: dict[str, str | None] = {}
    for one in differences:
        if one.section == "partners" and sum(len(text or "") for text in found.values()) + len(one.new or "") <= (
            UNCONFIRMED_CHARACTERS_MAX
        ):
            found[one.entry] = one.new
    return found
