"""The gate: which incident a post speaks of, whether it names us, and by which hazard words. Most posts end here."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from streams.signs import composed, folded, hashtags_in

TERMS_MAX = 5_000
"""So many terms and hazard words does one vocabulary take; the sentence of `Vocabulary.left_out` names the rest."""
HAZARDS_MAX = 3
"""So many hazard words of one post are kept: one is enough to judge it."""
TAG_PART_MIN = 4
"""A hazard word at either end of a hashtag counts from this length: `#ashbyfire`, but not `#ukcat`."""
AS_WRITTEN = "="
"""Before a hazard word: it counts only with its accents, since without them it is a word of every day: `=tân`."""
_WORDS = re.compile(r"\w+")
_BETWEEN = re.compile(r"[^\x00-\x7f\w]+")
_LETTERS = "".join(sign.lower() if (sign := chr(code)).isalnum() or sign == "_" else " " for code in range(128))
_PLAIN = _LETTERS.encode().ljust(256)
Owned = tuple[str, tuple[str, ...]]
"""What is looked for (an incident, or the watch) and its folded terms."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All terms in one look-up. A single word is found by its set; a phrase is compared where its first word is.

    `hazards` are single words and `hazard_phrases` the others, by their first words; `as_written` has those that count
    only with their accents.
    `left_out` is how many terms found no room.
    """

    words: Mapping[str, frozenset[str]]
    phrases: Mapping[str, tuple[tuple[str, str], ...]]
    firsts: frozenset[str]
    hazards: frozenset[str]
    hazard_phrases: Mapping[str, tuple[str, ...]]
    as_written: Mapping[str, frozenset[str]]
    left_out: int = 0

    def owners(self, found: Sequence[str]) -> set[str]:
        """Whose terms are among the words of a post, as `words_of` gives them, in their order."""
        if self.firsts.isdisjoint(found):
            return set()
        named = {owner for word in self.words.keys() & found for owner in self.words[word]}
        if starts := self.phrases.keys() & found:
            flat = f" {' '.join(found)} "
            named.update(owner for start in starts for phrase, owner in self.phrases[start] if phrase in flat)
        return named

    def hazards_in(self, text: str, found: Sequence[str]) -> tuple[str, ...]:
        """The hazard words of a post, at most `HAZARDS_MAX`, in the order of the alphabet; also those inside hashtags.

        `found` are its words, as `words_of` gives them.
        """
        seen = set(self.hazards.intersection(found))
        if starts := self.hazard_phrases.keys() & found:
            flat = f" {' '.join(found)} "
            seen |= {one for start in starts for one in self.hazard_phrases[start] if f" {one} " in flat}
        if not seen and "#" in text:
            seen = {part for tag in hashtags_in(text) for part in _parts(tag[1:]) if part in self.hazards}
        if doubtful := seen & self.as_written.keys():
            written = f" {' '.join(_WORDS.findall(composed(text).casefold()))} "
            seen -= {one for one in doubtful if not any(f" {form} " in written for form in self.as_written[one])}
        return tuple(sorted(seen)[:HAZARDS_MAX])


def words_of(text: str) -> Sequence[str]:
    """The words of a post, folded, in their order. Most posts are plain letters, which is several times quicker."""
    return words_in(plain_of(text))


def plain_of(text: str) -> str:
    """The text as its words and tags are looked for: folded, if it is more than plain letters and signs."""
    if text.isascii():
        return text
    plain = folded(text)
    # Accents are gone; what is left in most posts are quotation marks and pictures, which are in no word.
    return plain if plain.isascii() else _BETWEEN.sub(" ", plain)


def words_in(plain: str) -> Sequence[str]:
    """The words of a text that is as `plain_of` gives it."""
    if plain.isascii():
        return plain.encode().translate(_PLAIN, b"'`").decode().split()
    return _WORDS.findall(plain)


def vocabulary(owned: Iterable[Owned], *, hazards: Iterable[str] = ()) -> Vocabulary:
    """The vocabulary of these terms. It is built once for each change of what is looked for."""
    return _build(tuple(sorted(owned)), tuple(hazards))


@lru_cache(maxsize=16)
def _build(owned: tuple[Owned, ...], hazards: tuple[str, ...]) -> Vocabulary:
    each = [(owner, term) for owner, given in owned for term in given]
    dangers = sorted({plain for one in hazards if (plain := _plainly(one))})
    as_written: dict[str, set[str]] = {}
    for one in hazards:
        if one.startswith(AS_WRITTEN):
            as_written.setdefault(_plainly(one), set()).add(composed(one[1:]).casefold())
    for one in hazards:
        if not one.startswith(AS_WRITTEN):
            as_written.pop(_plainly(one), None)
    room = max(0, TERMS_MAX - len(each))
    words: dict[str, set[str]] = {}
    phrases: dict[str, list[tuple[str, str]]] = {}
    for owner, term in each[:TERMS_MAX]:
        first, *rest = term.split(" ")
        if rest:
            phrases.setdefault(first, []).append((f" {term} ", owner))
        else:
            words.setdefault(first, set()).add(owner)
    spoken: dict[str, list[str]] = {}
    for one in dangers[:room]:
        if " " in one:
            spoken.setdefault(one.partition(" ")[0], []).append(one)
    return Vocabulary(
        {word: frozenset(found) for word, found in words.items()},
        {first: tuple(found) for first, found in phrases.items()},
        frozenset(words) | frozenset(phrases),
        frozenset(one for one in dangers[:room] if " " not in one),
        {first: tuple(found) for first, found in spoken.items()},
        {plain: frozenset(forms) for plain, forms in as_written.items()},
        max(0, len(each) + len(dangers) - TERMS_MAX),
    )


def _plainly(hazard: str) -> str:
    return " ".join(words_of(hazard))


def _parts(tag: str) -> Iterable[str]:
    """Beginnings and ends of a hashtag that may be a word."""
    for length in range(TAG_PART_MIN, len(tag)):
        yield tag[:length]
        yield tag[-length:]
