"""Looking for placeholders in a text: see `placeholder_kinds` for what they look like."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from streams.decisions.wording.confusables import UNSEEN, plain
from streams.decisions.wording.placeholders.kinds import KINDS
from streams.decisions.wording.placeholders.meant import outside
from streams.decisions.wording.placeholders.words import ALONE_IN_CAPITALS, IN_CAPITALS, LAST_IN_CAPITALS

TEXTS_KEPT = 256
"""A text is judged when it is ordered, and once more for each channel when it is claimed and when it is sent."""
SHOWN_MAX = 30
"""So much of a gap is repeated in a reason: enough to find it by."""
_COMPILED = tuple((kind, kind.compiled()) for kind in KINDS)
_PERSONAL = re.compile(r"\d{4}|@|[^\W\d_a-zß-ÿ][a-zß-ÿ’'-]+ [^\W\d_a-zß-ÿ][a-zß-ÿ’'-]+")
_CAPITALS = re.compile(
    r"(?<![\w#@&'’./])(?<!\d )[A-ZÂÊÎÔÛŴŶ][A-ZÂÊÎÔÛŴŶ'’]*(?:(?: ?/ ?| & |-|\s)[A-ZÂÊÎÔÛŴŶ][A-ZÂÊÎÔÛŴŶ'’]*)*(?![\w&@])"
)
_LABELS = re.compile(r":[ \t]*\w")
_NUMBERED, _LONG = re.compile(r" \d"), re.compile(r" \d{3}")
_GOES_ON = re.compile(r" [a-zß-ÿ]")
_IN_A_SENTENCE = re.compile(r"[a-zß-ÿ]['’,]? $")
_PARTS = re.compile(r"[\s/&-]+")


@dataclass(frozen=True, slots=True)
class Gap:
    """A placeholder that was found: where it begins, its words and its kind."""

    start: int
    words: str
    kind: str

    def __str__(self) -> str:
        """Its words, cut short; only its place where they may be somebody's name, number or address."""
        if _PERSONAL.search(self.words):
            return f"{self.kind} (characters {self.start + 1} to {self.start + len(self.words)})"
        shown = self.words if len(self.words) <= SHOWN_MAX else f"{self.words[:SHOWN_MAX]}…"
        return f"{' '.join(shown.split())} ({self.kind})"


def gaps(text: str) -> list[Gap]:
    """Every placeholder in this text, in order; of several at one place the longest."""
    return list(_gaps(text))


@lru_cache(TEXTS_KEPT)
def _gaps(text: str) -> tuple[Gap, ...]:
    seen = [place for place, sign in enumerate(text) if not UNSEEN.match(sign)] if UNSEEN.search(text) else None
    looks = plain(UNSEEN.sub("", text) if seen is not None else text)
    kept: list[Gap] = []
    for start, end, kind in sorted(_found(looks), key=lambda one: (one[0], -one[1])):
        begins, ends = (seen[start], seen[end - 1] + 1) if seen is not None else (start, end)
        if not kept or begins >= kept[-1].start + len(kept[-1].words):
            kept.append(Gap(begins, text[begins:ends], kind))
    return tuple(kept)


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    """Inside a link or an address only what is wrong with a link is looked for."""
    unmeant = outside(text)
    signs, small = set(unmeant), text.casefold()
    for kind, pattern in _COMPILED:
        if kind.may_stand_in(signs, small):
            for match in pattern.finditer(text if kind.in_links else unmeant):
                yield match.start(), match.end(), kind.name
    yield from _capitals(unmeant)


def _capitals(text: str) -> Iterator[tuple[int, int, str]]:
    """Words in capitals, all of which are words of placeholders; not a label before its value, nor a numbered thing."""
    for match in _CAPITALS.finditer(text):
        words = _PARTS.split(match[0].replace("’", "'"))
        starts = not _IN_A_SENTENCE.search(text[max(0, match.start() - 3) : match.start()])
        numbered = _LONG if len(words) > 1 or not starts else _NUMBERED
        if IN_CAPITALS.issuperset(words) and words[-1] in LAST_IN_CAPITALS:
            is_gap = not (starts and _LABELS.match(text, match.end())) and not numbered.match(text, match.end())
        else:
            is_gap = match[0] in ALONE_IN_CAPITALS and not (starts and not _GOES_ON.match(text, match.end()))
        if is_gap:
            yield match.start(), match.end(), "a capital word for a value"
