"""The word lists of `wording/`: placeholders, held fields, partners' posts, message checks, hazards, doubts and routes.

A folder's own placeholders take the place of the product's, since they only make people look twice.
Its own held fields are added to the product's: a hold must not keep back less because a file was edited.
So is what it says of partners' posts and of message checks, its hazard words, words of doubt and rules of routes.
Its own full words of an acronym take the product's place.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agents.adapters.registers.faults import Fault
from agents.adapters.registers.folder import LINKED, data_folder, leads_out
from agents.adapters.registers.source import FileSource, Trail, read_source
from agents.adapters.registers.validation import validate
from streams.decisions.listening.routes.rules import rule_of
from streams.decisions.listening.vocabulary import words_of
from streams.decisions.wording.held_fields import Finder
from streams.decisions.wording.message_checks import words_pattern
from streams.decisions.wording.placeholders.search import Recogniser
from streams.words.register.wording import (
    CheckedWords,
    HeldWords,
    Kind,
    Part,
    RouteRule,
    Unshared,
    WordList,
    WordLists,
)

WORDING = "wording"
PLACEHOLDERS, HELD, PARTNERS = "placeholders.yaml", "held-fields.yaml", "partner-posts.yaml"
CHECKED, HAZARDS, DOUBTS, ROUTES = "message-checks.yaml", "hazard-words.yaml", "doubt-words.yaml", "routes.yaml"
Named = WordList | Part
Searched = Kind | HeldWords | Unshared | CheckedWords | RouteRule


@dataclass(frozen=True, slots=True)
class WordFile:
    """One file with its entries."""

    source: FileSource
    words: WordLists

    def named(self) -> Iterator[tuple[Trail, Named]]:
        """Every list and part, with its place in the file."""
        yield from ((("lists", number), one) for number, one in enumerate(self.words.lists))
        yield from ((("parts", number), one) for number, one in enumerate(self.words.parts))

    def searched(self) -> Iterator[tuple[Trail, Searched]]:
        """Every entry that is looked for in a text, with its place in the file."""
        yield from ((("kinds", number), one) for number, one in enumerate(self.words.kinds))
        yield from ((("held", number), one) for number, one in enumerate(self.words.held))
        yield from ((("unshared", number), one) for number, one in enumerate(self.words.unshared))
        yield from ((("checked", number), one) for number, one in enumerate(self.words.checked))
        yield from ((("routes", number), one) for number, one in enumerate(self.words.routes))


@dataclass(slots=True)
class Wording:
    """All word lists that a folder is judged by, and what is wrong with them."""

    files: Sequence[WordFile]
    words: WordLists = field(default_factory=WordLists)
    faults: list[Fault] = field(default_factory=list)


def paths(folder: Path) -> Sequence[Path]:
    """Every file that is read, in a fixed order; the product's own names come first."""
    own, product = folder / WORDING, data_folder() / WORDING
    placeholders = own / PLACEHOLDERS if (own / PLACEHOLDERS).exists() else product / PLACEHOLDERS
    mended = (HELD, PARTNERS, CHECKED, HAZARDS, DOUBTS, ROUTES)
    added = [own / name for name in mended if own != product and (own / name).exists()]
    return [product / HELD, placeholders, *(product / name for name in mended[1:]), *added]


def read_wording(folder: Path) -> Wording:
    """The word lists of this folder; no pattern is compiled."""
    wording = Wording([])
    wording.files = [
        _read(path, wording.faults) for path in paths(folder) if not _linked(path, folder, faults=wording.faults)
    ]
    named, more = dict[str, tuple[Fault, Named]](), list[WordList]()
    for file in wording.files:
        for trail, one in file.named():
            here = file.source.fault((*trail, "id"), _taken(one.id))
            first, same = named.setdefault(one.id, (here, one))
            if same != one and isinstance(one, WordList) and first.file == here.file == f"{WORDING}/{ROUTES}":
                more.append(one)
            elif same != one:
                wording.faults.append(here)
    found = [*(one for _, one in named.values()), *more]
    wording.words = WordLists(
        lists=tuple(one for one in found if isinstance(one, WordList)),
        parts=tuple(one for one in found if isinstance(one, Part)),
        kinds=tuple(kind for file in wording.files for kind in file.words.kinds),
        held=tuple(dict.fromkeys(held for file in wording.files for held in file.words.held)),
        unshared=tuple(dict.fromkeys(one for file in wording.files for one in file.words.unshared)),
        checked=tuple(dict.fromkeys(one for file in wording.files for one in file.words.checked)),
        doubts=tuple(dict.fromkeys(one for file in wording.files for one in file.words.doubts)),
        hazards=tuple(dict.fromkeys(one for file in wording.files for one in file.words.hazards)),
        hazard_kinds=tuple(dict.fromkeys(one for file in wording.files for one in file.words.hazard_kinds)),
        routes=tuple({one.id: one for file in wording.files for one in file.words.routes}.values()),
        acronyms=tuple({one.short: one for file in wording.files for one in file.words.acronyms}.values()),
    )
    return wording


def _linked(path: Path, folder: Path, *, faults: list[Fault]) -> bool:
    """Whether this file of the folder's own is refused as a link; the product's own are as they were installed."""
    refused = path.is_relative_to(folder) and leads_out(path, folder)
    faults.extend([Fault(f"{WORDING}/{path.name}", 1, LINKED)] if refused else [])
    return refused


def _taken(name: str) -> str:
    return f"the name {name} is taken already, and patterns rely on it: give this one another"


def pattern_faults(wording: Wording) -> Iterator[Fault]:
    """Why some patterns cannot be used, and which kinds do not find their own example; every pattern is compiled."""
    yield from _kind_faults(wording)
    for file in wording.files:
        for trail, entry in file.searched():
            for inner, sentence in _trouble(entry, wording.words):
                yield file.source.fault((*trail, inner), sentence)


def _kind_faults(wording: Wording) -> Iterator[Fault]:
    """Words of a kind of hazard that are no hazard word, so that nothing hears them, or that are of two kinds."""
    known, taken = {*wording.words.hazard_words}, dict[str, str]()
    for file in wording.files:
        for number, one in enumerate(file.words.hazard_kinds):
            for word in one.each():
                place = ("hazard_kinds", number, "words")
                if word not in known:
                    yield file.source.fault(place, f'"{word}" is no hazard word: add it to the words of its language')
                elif (other := taken.setdefault(word, one.kind)) != one.kind:
                    yield file.source.fault(place, f'"{word}" is of the kind {other} already: leave it in one of them')


def _trouble(entry: Searched, words: WordLists) -> Iterator[tuple[str, str]]:
    """What is wrong with the patterns of an entry, with the field that it is wrong in."""
    try:
        found = _found(entry, words)
    except (re.error, ValueError, OverflowError, RecursionError) as error:
        yield "patterns", f"this cannot be searched for ({error}): mend the pattern"
    else:
        if not found and isinstance(entry, RouteRule):
            yield "example", "the rule does not find it: mend its words, or give another example"
        elif not found:
            yield "example", "its own patterns do not find it: mend the patterns, or give another example"


def _found(entry: Searched, words: WordLists) -> bool:
    """Whether the entry finds its example; all its patterns are compiled for that."""
    if isinstance(entry, RouteRule):
        words_there = words_of(entry.example)
        return bool(rule_of(entry, words).fired(words_there, words_there, addressed=True))
    if isinstance(entry, HeldWords):
        finder = Finder.of(entry, words)
        return all(one.compiled for one in (finder.pattern, finder.unless) if one)
    pattern = Recogniser.of(entry, words).pattern if isinstance(entry, Kind) else words_pattern(entry, words)
    return pattern.compiled.search(f"Please go there now: {entry.example}") is not None


def _read(path: Path, faults: list[Fault]) -> WordFile:
    source = read_source(path, f"{WORDING}/{path.name}")
    faults.extend(source.faults)
    words = None if source.faults else validate(WordLists, source, trail=(), faults=faults)
    return WordFile(source, words or WordLists())
