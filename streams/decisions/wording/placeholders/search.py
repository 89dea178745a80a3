"""Looking for gaps in a text: certain ones, which `signs` tells, and suspected ones, which the word lists tell."""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Self

from streams.decisions.wording.confusables import UNSEEN, plain
from streams.decisions.wording.patterns import LISTS_KEPT, TEXTS_KEPT, Pattern, pattern_of
from streams.decisions.wording.placeholders.meant import outside
from streams.decisions.wording.placeholders.signs import CERTAIN
from streams.words.register.wording import Kind, WordLists, listed

SHOWN_MAX = 30
"""So much of a gap is repeated in a sentence: enough to find it by."""
CAPITALS = "a capital word for a value"
Span = tuple[int, int, str]

_PERSONAL = Pattern(r"\d{4}|@|[^\W\d_a-zß-ÿ][a-zß-ÿ’'-]+ [^\W\d_a-zß-ÿ][a-zß-ÿ’'-]+")
_CAPITALS = Pattern(
    r"(?<![\w#@&'’./])(?<!\d )[A-ZÂÊÎÔÛŴŶ][A-ZÂÊÎÔÛŴŶ'’]*(?:(?: ?/ ?| & |-|\s)[A-ZÂÊÎÔÛŴŶ][A-ZÂÊÎÔÛŴŶ'’]*)*(?![\w&@])"
)
_LABELS = Pattern(r":[ \t]*\w")
_NUMBERED, _LONG = Pattern(r" \d"), Pattern(r" \d{3}")
_GOES_ON = Pattern(r" [a-zß-ÿ]")
_IN_A_SENTENCE = Pattern(r"[a-zß-ÿ]['’,]? $")
_PARTS = Pattern(r"[\s/&-]+")


@dataclass(frozen=True, slots=True)
class Recogniser:
    """A kind of gap with its pattern."""

    kind: Kind
    pattern: Pattern
    hints: Pattern
    """Any of its hints, in small letters; where it has none, any text has it."""

    @classmethod
    def of(cls, kind: Kind, words: WordLists) -> Self:
        return cls(kind, pattern_of(kind, words), Pattern("|".join(map(re.escape, listed(kind.hints)))))


def possible(
    kinds: Iterable[Recogniser], small: str, *, signs: AbstractSet[str], linked: AbstractSet[str]
) -> Sequence[Recogniser]:
    """The kinds of gap that a text can hold at all: it reads `small` in small letters, and is made of these signs.

    `linked` are its signs with those of its links, for kinds that are looked for there too.
    """
    return [
        one
        for one in kinds
        if not (one.kind.signs and (linked if one.kind.in_links else signs).isdisjoint(one.kind.signs))
        and one.hints.compiled.search(small)
    ]


@dataclass(frozen=True, slots=True)
class Gap:
    """A placeholder that was found: where it begins, its words and its kind."""

    start: int
    words: str
    kind: str

    @property
    def end(self) -> int:
        return self.start + len(self.words)

    def __str__(self) -> str:
        """Its words, cut short; only its place where they may be somebody's name, number or address."""
        if _PERSONAL.compiled.search(self.words):
            return f"{self.kind} (characters {self.start + 1} to {self.end})"
        shown = self.words if len(self.words) <= SHOWN_MAX else f"{self.words[:SHOWN_MAX]}…"
        return f"{' '.join(shown.split())} ({self.kind})"


@lru_cache(TEXTS_KEPT)
def gaps(text: str) -> Sequence[Gap]:
    """Every certain placeholder in this text, in order; of several at one place the longest."""
    return _gaps(text, _found(_plainly(text), certain()))


@lru_cache(TEXTS_KEPT)
def suspected(text: str, words: WordLists) -> Sequence[Gap]:
    """What these lists take for a placeholder, where no certain one is; in order, and the longest at each place."""
    looks = _plainly(text)
    found = _gaps(text, [*_found(looks, recognisers(words)), *_capitals(outside(looks), _capital_words(words))])
    sure = gaps(text)
    return tuple(gap for gap in found if not any(gap.start < one.end and one.start < gap.end for one in sure))


@cache
def certain() -> Sequence[Recogniser]:
    """Each certain kind with its pattern."""
    return tuple(Recogniser.of(kind, WordLists()) for kind in CERTAIN)


@lru_cache(LISTS_KEPT)
def recognisers(words: WordLists) -> Sequence[Recogniser]:
    """Each suspected kind with its pattern; `ValueError` where one names a list that is not there."""
    return tuple(Recogniser.of(kind, words) for kind in words.kinds)


def _plainly(text: str) -> str:
    """The text as a reader sees it: invisible signs removed, lookalike letters made plain."""
    return plain(UNSEEN.sub("", text))


def _gaps(text: str, found: Iterable[Span]) -> Sequence[Gap]:
    seen = [place for place, sign in enumerate(text) if not UNSEEN.match(sign)] if UNSEEN.search(text) else None
    kept: list[Gap] = []
    for start, end, kind in sorted(found, key=lambda one: (one[0], -one[1])):
        begins, ends = (seen[start], seen[end - 1] + 1) if seen is not None else (start, end)
        if not kept or begins >= kept[-1].end:
            kept.append(Gap(begins, text[begins:ends], kind))
    return tuple(kept)


def _found(text: str, kinds: Sequence[Recogniser]) -> Iterator[Span]:
    """Inside a link or an address only what is wrong with a link is looked for."""
    unmeant = outside(text)
    for one in possible(kinds, text.casefold(), signs=set(unmeant), linked=set(text)):
        for match in one.pattern.compiled.finditer(text if one.kind.in_links else unmeant):
            yield match.start(), match.end(), one.kind.name


@dataclass(frozen=True, slots=True)
class _CapitalWords:
    """In capitals: every word that a gap is made of, what it ends with, and what is only one by itself."""

    of: frozenset[str]
    last: frozenset[str]
    alone: frozenset[str]


@lru_cache(LISTS_KEPT)
def _capital_words(words: WordLists) -> _CapitalWords:
    def capitals(*lists: str) -> frozenset[str]:
        return frozenset(word.upper() for name in lists for word in words.words(name))

    return _CapitalWords(capitals("nouns", "modifiers", "around"), capitals("nouns", "last"), capitals("shouted"))


def _capitals(text: str, known: _CapitalWords) -> Iterator[Span]:
    """Words in capitals, all of which are words of placeholders; not a label before its value, nor a numbered thing."""
    for match in _CAPITALS.compiled.finditer(text):
        words = _PARTS.compiled.split(match[0].replace("’", "'"))
        starts = not _IN_A_SENTENCE.compiled.search(text[max(0, match.start() - 3) : match.start()])
        numbered = (_LONG if len(words) > 1 or not starts else _NUMBERED).compiled
        if known.of.issuperset(words) and words[-1] in known.last:
            is_label = starts and _LABELS.compiled.match(text, match.end())
            is_gap = not is_label and not numbered.match(text, match.end())
        else:
            is_gap = match[0] in known.alone and not (starts and not _GOES_ON.compiled.match(text, match.end()))
        if is_gap:
            yield match.start(), match.end(), CAPITALS
