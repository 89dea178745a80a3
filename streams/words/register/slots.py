"""The gaps of a template, and the lists that their values come from: nothing else may fill a gap."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from streams.values import Frozen, Identifier, Language, Word


class SlotKind(StrEnum):
    """What a slot holds; there is no kind for free text."""

    PLACE = "place"
    TIME = "time"
    DATE = "date"
    TELEPHONE = "telephone"
    CHOICE = "choice"


class Slot(Frozen):
    """A gap in a template; without a `kind` it cannot be filled. `choices` are what a choice offers, by language."""

    about: Word
    kind: SlotKind | None = None
    choices: Mapping[Identifier, Mapping[Language, Word]] = Field(default_factory=dict)


class KnownPlace(Frozen):
    """A place of the trust's gazetteer, as each language calls it; its postcodes may be published."""

    id: Identifier
    names: Mapping[Language, Word] = Field(min_length=1)
    postcodes: tuple[Word, ...] = ()


class Telephone(Frozen):
    """A number that the trust gives to the public."""

    id: Identifier
    title: Word
    number: Word
