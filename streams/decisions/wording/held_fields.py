"""Held fields in a text: who was hurt, how many, why, and how they are, by the words of the word lists.

Words are recognised, not meaning: a false alarm costs a rewording, what is missed costs a family.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from streams.decisions.wording.confusables import plain
from streams.decisions.wording.listed_names import words_of
from streams.decisions.wording.patterns import LISTS_KEPT, TEXTS_KEPT, Pattern, joined
from streams.words.holds import HeldField
from streams.words.register.entries import Register
from streams.words.register.wording import HeldWords, WordLists

Span = tuple[int, int]
_SENTENCE = Pattern(r"[^.!?\n]+(?:[.:]\d+[^.!?\n]*)*")


@dataclass(frozen=True, slots=True)
class Finder:
    """One entry of the word lists, with its patterns."""

    held: HeldWords
    pattern: Pattern
    unless: Pattern | None

    @classmethod
    def of(cls, held: HeldWords, words: WordLists) -> Self:
        pattern = Pattern(joined(held.patterns, words), re.IGNORECASE if held.any_case else 0)
        return cls(held, pattern, Pattern(joined(held.unless, words), re.IGNORECASE) if held.unless else None)


def held(field: HeldField, text: str, *, register: Register) -> list[Span]:
    """The places in this text that say something of this field: from, up to but not including."""
    found = _found(plain(text), register.words).get(field)
    if not found:
        return []
    ours = {word for one in register.people.values() for word in words_of(one.name)} if any(found.values()) else set()
    spans = (span for span, name in found.items() if name is None or not ours & set(words_of(name)))
    return list(spans)


@lru_cache(TEXTS_KEPT)
def _found(text: str, words: WordLists) -> Mapping[HeldField, dict[Span, str | None]]:
    """For each field, each place; beside it the name found there if names of our own people are allowed, else None."""
    found: defaultdict[HeldField, dict[Span, str | None]] = defaultdict(dict)
    for finder in finders(words):
        for start, end, name in _spans(finder, text):
            found[finder.held.field].setdefault((start, end), name)
    return dict(found)


@lru_cache(LISTS_KEPT)
def finders(words: WordLists) -> Sequence[Finder]:
    """Each entry with its patterns; `ValueError` where one names a list that is not there."""
    return tuple(Finder.of(one, words) for one in words.held)


def _spans(finder: Finder, text: str) -> Iterator[tuple[int, int, str | None]]:
    for sentence in _SENTENCE.compiled.finditer(text) if finder.held.in_sentences else (None,):
        looked_at, begins = (sentence[0], sentence.start()) if sentence else (text, 0)
        if finder.unless and finder.unless.compiled.search(looked_at):
            continue
        for match in finder.pattern.compiled.finditer(looked_at):
            yield begins + match.start(), begins + match.end(), match[1] if finder.held.spares_ours else None
