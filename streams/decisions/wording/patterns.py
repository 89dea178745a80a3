"""Patterns: compiled when a text first needs them, since most commands judge no text; and those of the word lists."""

import re
from functools import cached_property, lru_cache

from streams.words.register.wording import Kind, WordLists, lines

LISTS_KEPT = 4
"""A worker meets few word lists: those in force, and while a record is judged again those of its time."""
TEXTS_KEPT = 256
"""A text is judged when it is shown, when it is ordered, when it is signed off, and by `check`."""
DEPTH_MAX = 8
_NAME = re.compile(r"\{([A-Za-z][A-Za-z_]*)\}")


class Pattern:
    """A regular expression that is compiled at its first use."""

    def __init__(self, written: str, flags: int = 0) -> None:
        self.written, self.flags = written, flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.written, self.flags)


def pattern_of(kind: Kind, words: WordLists) -> Pattern:
    """What a kind of gap looks like, with its lists put in."""
    return Pattern(joined(kind.patterns, words), re.IGNORECASE if kind.any_case else 0)


def joined(patterns: str, words: WordLists, *, depth: int = 0) -> str:
    """Any of these lines, with lists and parts put in. `ValueError` where a name is unknown or names itself."""
    if depth > DEPTH_MAX:
        raise ValueError(f"parts name one another more than {DEPTH_MAX} deep: no part may name itself")
    return "|".join(_NAME.sub(lambda name: _put_in(name[1], words, depth=depth), line) for line in lines(patterns))


@lru_cache(LISTS_KEPT)
def _parts(words: WordLists) -> dict[str, str]:
    return {part.id: part.patterns for part in words.parts}


def _put_in(name: str, words: WordLists, *, depth: int) -> str:
    part = _parts(words).get(name)
    if part is not None:
        return f"(?:{joined(part, words, depth=depth + 1)})"
    found = words.words(name.lower())
    if not found:
        raise ValueError(f"there is no list or part {name.lower()}: they are {', '.join(words.known())}")
    return f"(?:{'|'.join(re.escape(_in_case(word, name)).replace(chr(92) + ' ', ' ') for word in found)})"


def _in_case(word: str, name: str) -> str:
    """The word in capitals, with a capital at its beginning, or in small letters: as its list is named."""
    if name.isupper():
        return word.upper()
    return word[0].upper() + word[1:] if name[0].isupper() else word
