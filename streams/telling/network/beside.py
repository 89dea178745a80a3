"""Reports of several responders beside each other: letter by letter, who says what since when, and where they differ.

It is operational: no word of it becomes public by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from streams.words.network.state import OURSELVES, Network

LETTERS: Mapping[str, str] = {
    "major_incident": "M  major incident declared",
    "exact_location": "E  exact location",
    "type_of_incident": "T  type",
    "hazards": "H  hazards",
    "access": "A  access",
    "number_of_casualties": "N  casualties",
    "emergency_services": "E  emergency services",
}
"""The letters of METHANE by the names of their fields, in their order."""
US = "our own people"


@dataclass(frozen=True, slots=True)
class Saying:
    """What one responder says of one letter, and since when; `who` is None for our own people."""

    who: str | None
    words: Sequence[str]
    since: datetime


@dataclass(frozen=True, slots=True)
class ComparedLetter:
    """One letter with what each responder says of it; `differs` if not all who say something say the same."""

    field: str
    said: Sequence[Saying]
    differs: bool


def compared(network: Network) -> Sequence[ComparedLetter]:
    """Every letter of which anything was said, in the order of METHANE."""
    found = []
    for field in LETTERS:
        said = [
            Saying(one.name, one.letters[field].words, one.letters[field].since)
            for key, one in sorted(network.reporters.items(), key=lambda item: item[0] == OURSELVES)
            if field in one.letters
        ]
        if said:
            found.append(ComparedLetter(field, said, len({_plain(one.words) for one in said}) > 1))
    return found


def differing(network: Network) -> Sequence[str]:
    """The letters on which reports differ, in words."""
    return [LETTERS[one.field][3:] for one in compared(network) if one.differs]


def told_beside(network: Network, zone: tzinfo) -> Iterator[str]:
    """Each letter with what every responder says, in lines; nothing where one responder alone reported."""
    if len(network.reporters) < 2:  # noqa: PLR2004 - two make a comparison
        return
    for letter in compared(network):
        mark = "  DIFFER" if letter.differs else ""
        yield f"{LETTERS[letter.field]}{mark}"
        for one in letter.said:
            yield f"     {one.who or US}: {', '.join(one.words)} (since {one.since.astimezone(zone):%H:%M %Z})"


def _plain(words: Sequence[str]) -> frozenset[str]:
    """The words apart from their order, from capitals, and from spaces and stops around them."""
    return frozenset(" ".join(one.casefold().split()).strip(" .") for one in words)
