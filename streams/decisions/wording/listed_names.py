"""Names that a hold lists, found in a text by their prints: no name is kept, only its print."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from streams.values import canonical, digest

NAME_WORDS_MAX = 5
"""A longer name is found by its first words."""
TEXTS_KEPT = 64
"""A text is looked through when it is ordered, claimed and sent."""


def name_print(name: str, salt: str) -> str:
    """The print that orders and facts carry instead of a name; another salt gives another print."""
    return digest([salt, " ".join(words_of(name)[:NAME_WORDS_MAX])])


def name_prints(names: Sequence[str], salt: str) -> tuple[str, ...]:
    """The prints of these names; of one with a stroke through a letter also that without, as keyboards lack it."""
    return tuple(dict.fromkeys(name_print(form, salt) for name in names for form in (name, name.translate(_STROKES))))


@lru_cache(TEXTS_KEPT)
def listed(text: str, names: frozenset[str], *, salt: str) -> tuple[tuple[int, int], ...]:
    """The places in this text of names whose print is one of these: from, up to but not including."""
    return tuple(dict.fromkeys((start, end) for one, start, end in _prints(text, salt) if one in names))


def _prints(text: str, salt: str) -> Iterator[tuple[str, int, int]]:
    """The print of everything in this text that may be a name on a list, with where it begins and ends."""
    begun = hashlib.sha256(canonical([salt, ""])[:-2])
    for reading in _readings(text):
        for start in range(len(reading)):
            for end in range(start + 1, min(start + NAME_WORDS_MAX, len(reading)) + 1):
                for words in _orders([word for word, _, _ in reading[start:end]]):
                    whole = begun.copy()
                    whole.update(f'{" ".join(words)}"]'.encode("utf-8", "surrogatepass"))
                    yield whole.hexdigest(), reading[start][1], reading[end - 1][2]


def _readings(text: str) -> Iterator[list[tuple[str, int, int]]]:
    """The words of a text with their places; and again with joined words parted, as in a hashtag."""
    words = [(match[0], match.start(), match.end()) for match in _SEEN_WORD.finditer(text)]
    parted = [
        (word[one:other], start + one, start + other)
        for word, start, _ in words
        for one, other in pairwise([0, *_humps(word), len(word)])
    ]
    for reading in (words, parted) if len(parted) > len(words) else (words,):
        plain = [(" ".join(known), start, end) for word, start, end in reading if (known := words_of(word))]
        yield plain
        if any(word != word.translate(_STROKES) for word, _, _ in plain):
            yield [(word.translate(_STROKES), start, end) for word, start, end in plain]


def _humps(word: str) -> list[int]:
    """Where a new word begins within a joined one: SiânPritchard, ODell."""
    return [
        place
        for place in range(1, len(word))
        if word[place].isupper() and (word[place - 1].islower() or word[place + 1 : place + 2].islower())
    ]


def spelled_out(hashtag: str) -> str:
    """A hashtag as the words that people read in it: `#DrElisPuw` is `Dr Elis Puw`."""
    joined = hashtag.removeprefix("#").replace("_", " ")
    parts = pairwise([0, *_humps(joined), len(joined)])
    return " ".join(" ".join(joined[one:other] for one, other in parts).split())


def _orders(words: list[str]) -> Iterator[list[str]]:
    """Words as they stand; and, of two or more, with the surname first or the first of them as Welsh may change it."""
    yield words
    if len(words) > 1:
        yield [*words[1:], words[0]]
        for root in _roots(words[0]):
            yield [root, *words[1:]]


def _roots(word: str) -> Iterator[str]:
    """What a Welsh word may be when it is not mutated."""
    mutated = next((start for start in _MUTATED if word.startswith(start)), None)
    for root in _MUTATED[mutated] if mutated else ():
        yield f"{root}{word[len(mutated or '') :]}"
    if word[0] in "aeioulrwy":
        yield f"g{word}"
    elif word[0] == "h":
        yield word[1:]


def words_of(text: str) -> list[str]:
    """The words of a text without accents, case and signs."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(one for one in plain if not unicodedata.combining(one) and one not in _UNSEEN))


_WORD = re.compile(r"[^\W\d_]+")
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_SEEN_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f{_UNSEEN}])*")
"""A word as it is seen: with accents that stand by themselves, and with signs that are not seen at all."""
_STROKES = str.maketrans("łŁøØđĐħĦ", "lLoOdDhH")
_MUTATED = {
    "ngh": ("c",),
    "mh": ("p",),
    "nh": ("t",),
    "ph": ("p",),
    "th": ("t",),
    "ch": ("c",),
    "dd": ("d",),
    "ng": ("g",),
    "b": ("p",),
    "d": ("t",),
    "g": ("c",),
    "f": ("b", "m"),
    "l": ("ll",),
    "r": ("rh",),
    "m": ("b",),
    "n": ("d",),
}
"""How a mutated word begins, the longest first, and how it may begin when it is not."""
