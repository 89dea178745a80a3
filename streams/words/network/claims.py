"""Claims: what two texts say otherwise than one another, by plain words in English and Welsh.

Two things are compared: how many died, and whether people are to leave or to stay inside. What is said in other words
is not found.
"""

import re
from collections.abc import Iterator

from streams.signs import folded

NUMBERS = {
    **dict.fromkeys(("nobody", "no one", "none", "neb"), 0),
    **dict.fromkeys(("one", "un"), 1),
    **dict.fromkeys(("two", "dau", "dwy"), 2),
    **dict.fromkeys(("three", "tri", "tair"), 3),
    **dict.fromkeys(("four", "pedwar", "pedair"), 4),
    **dict.fromkeys(("five", "pump"), 5),
    **dict.fromkeys(("six", "chwech", "chwe"), 6),
    **dict.fromkeys(("seven", "saith"), 7),
    **dict.fromkeys(("eight", "wyth"), 8),
    **dict.fromkeys(("nine", "naw"), 9),
    **dict.fromkeys(("ten", "deg"), 10),
}
_DEAD = re.compile(
    rf"\b(\d{{1,4}}|{'|'.join(NUMBERS)})\W+(?:\w+\W+){{0,3}}(?:dead|died|deaths?|killed|marw|farw|lladdwyd)\b"
)
_LEAVE = re.compile(r"\b(?:evacuate|leave (?:your homes?|the area|now)|gadewch|ymgiliwch)\b")
_STAY = re.compile(r"\b(?:stay (?:inside|indoors|in)|go inside|shelter|arhoswch (?:y tu mewn|i mewn|dan do))\b")
_NOT = re.compile(r"\b(?:do not|dont|no need to|peidiwch)\W+(?:\w+\W+){0,2}$")
DIED, ADVICE = "how many died", "whether people leave or stay inside"
NOT_BEFORE = 30
"""So many signs before such a word are looked at for one that turns it round."""


def matters(text: str) -> list[str]:
    """About what of all that is compared this text speaks; what it turns round with a “do not” counts too."""
    plain = folded(text)
    speaks = {DIED: bool(_DEAD.search(plain)), ADVICE: bool(_LEAVE.search(plain) or _STAY.search(plain))}
    return [about for about, is_so in speaks.items() if is_so]


def otherwise(text: str, said: str) -> Iterator[str]:
    """About what these texts differ, each as the end of a clause."""
    for about, mine, theirs in _compared(text, said):
        if mine and theirs and mine.isdisjoint(theirs):
            yield about


def _compared(text: str, said: str) -> Iterator[tuple[str, frozenset[object], frozenset[object]]]:
    yield DIED, _dead(text), _dead(said)
    yield ADVICE, _advice(text), _advice(said)


def _dead(text: str) -> frozenset[object]:
    found = _DEAD.findall(folded(text))
    return frozenset(int(one) if one.isdigit() else NUMBERS[one] for one in found)


def _advice(text: str) -> frozenset[object]:
    """`leave`, `stay` or both; what is said with a “do not” before it counts for neither."""
    plain = folded(text)
    told = (("leave", _LEAVE), ("stay", _STAY))
    return frozenset(
        word
        for word, pattern in told
        for found in pattern.finditer(plain)
        if not _NOT.search(plain[max(0, found.start() - NOT_BEFORE) : found.start()])
    )
