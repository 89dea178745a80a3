"""Looking for placeholders in a text: see `placeholder_kinds` for what they look like."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from streams.decisions.placeholder_kinds import KINDS

SHOWN_MAX = 30
"""So much of a gap is repeated in a reason: enough to find it by."""
_COMPILED = tuple((kind, kind.compiled()) for kind in KINDS)
_CAPITAL = "a capital word for a value"
_LINKS = re.compile(r"https?://[^\s<>\[\]{}]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w.])www\.[\w./?=&%+-]+")
_LINK_KINDS = frozenset({"a link that leads nowhere"})


@dataclass(frozen=True, slots=True)
class Gap:
    """A placeholder that was found: where it begins, its words and its kind."""

    start: int
    words: str
    kind: str

    def __str__(self) -> str:
        shown = self.words if len(self.words) <= SHOWN_MAX else f"{self.words[:SHOWN_MAX]}…"
        return f"{' '.join(shown.split())} ({self.kind})"


def gaps(text: str) -> list[Gap]:
    """Every placeholder in this text, in order; of several at one place the longest."""
    found = sorted(_found(text), key=lambda gap: (gap.start, -len(gap.words)))
    kept: list[Gap] = []
    for gap in found:
        if not kept or gap.start >= kept[-1].start + len(kept[-1].words):
            kept.append(gap)
    return kept


def _found(text: str) -> Iterator[Gap]:
    """Inside a link or an address only what is wrong with a link is looked for."""
    plain = _LINKS.sub(lambda link: "·" * len(link[0]), text)
    for kind, pattern in _COMPILED:
        for match in pattern.finditer(text if kind.name in _LINK_KINDS else plain):
            if kind.name != _CAPITAL or _stands_out(plain, match):
                yield Gap(match.start(), match[0], kind.name)


def _stands_out(text: str, match: re.Match[str]) -> bool:
    """A word in capitals is only a gap where its neighbours are not in capitals."""
    before = re.findall(r"[^\W\d_]+", text[max(0, match.start() - 40) : match.start()])[-2:]
    after = re.findall(r"[^\W\d_]+", text[match.end() : match.end() + 40])[:2]
    near = [*before, *after]
    return (
        not near
        or any(word.islower() or len(word) == 1 for word in near[:1] + near[-1:])
        or all(not word.isupper() for word in near)
    )
