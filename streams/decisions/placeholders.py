"""Looking for placeholders in a text: see `placeholder_kinds` for what they look like."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from streams.decisions.placeholder_kinds import KINDS

TEXTS_KEPT = 256
"""A text is judged when it is ordered, and once more for each channel when it is claimed and when it is sent."""
SHOWN_MAX = 30
"""So much of a gap is repeated in a reason: enough to find it by."""
_COMPILED = tuple((kind, kind.compiled()) for kind in KINDS)
NEAR = 40
"""So many characters to each side hold the neighbours of a word."""
_WORD = re.compile(r"[^\W\d_]+")
_PERSONAL = re.compile(r"\d{4}|@|[^\W\d_a-zß-ÿ][a-zß-ÿ’'-]+ [^\W\d_a-zß-ÿ][a-zß-ÿ’'-]+")
_CAPITAL = "a capital word for a value"
_LINKS = re.compile(r"https?://[^\s<>\[\]{}]+|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+|(?<![\w.])www\.[\w./?=&%+-]+")
_LINK_KINDS = frozenset({"a link that leads nowhere"})


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
    found = sorted(_found(text), key=lambda gap: (gap.start, -len(gap.words)))
    kept: list[Gap] = []
    for gap in found:
        if not kept or gap.start >= kept[-1].start + len(kept[-1].words):
            kept.append(gap)
    return tuple(kept)


def _found(text: str) -> Iterator[Gap]:
    """Inside a link or an address only what is wrong with a link is looked for."""
    plain = _LINKS.sub(lambda link: "·" * len(link[0]), text)
    for kind, pattern in _COMPILED:
        for match in pattern.finditer(text if kind.name in _LINK_KINDS else plain):
            if kind.name != _CAPITAL or _stands_out(plain, match):
                yield Gap(match.start(), text[match.start() : match.end()], kind.name)


def _stands_out(text: str, match: re.Match[str]) -> bool:
    """A word in capitals is only a gap where its neighbours are not in capitals."""
    before = _WORD.findall(text[max(0, match.start() - NEAR) : match.start()])[-1:]
    after = _WORD.findall(text[match.end() : match.end() + NEAR])[:1]
    near = [*before, *after]
    return any(word.islower() for word in near) or not any(word.isupper() for word in near)
