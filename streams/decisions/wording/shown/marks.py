"""Links and hashtags in a text: the parts of it that a reader can tap."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

_LINK = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_HASHTAG = re.compile(r"(?<![\w#&/])[#＃](?P<tag>\w{1,64})(?!\w)")
_AFTER_A_LINK = ".,;:!?'’"
_PAIRS = {")": "(", "]": "["}


@dataclass(frozen=True, slots=True)
class TextMark:
    """A part of a text, in characters from `start` up to, not including, `end`; `leads_to` is an address or a tag."""

    kind: Literal["link", "tag"]
    start: int
    end: int
    leads_to: str


def marks(text: str) -> Sequence[TextMark]:
    """The links and hashtags of a text in the order in which they come; none touches another."""
    links = [TextMark("link", start, end, text[start:end]) for start, end in links_in(text)]
    inside = [range(one.start, one.end) for one in links]
    tags = [one for one in _hashtags(text) if not any(one.start in link for link in inside)]
    return sorted(links + tags, key=lambda one: one.start)


def links_in(text: str) -> Iterator[tuple[int, int]]:
    """Where each link begins and ends, in characters, without the signs of the sentence around it."""
    for match in _LINK.finditer(text):
        address = _trimmed(match[0])
        if len(address.partition("://")[2]) > 0:
            yield match.start(), match.start() + len(address)


def parts(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, none of them empty, each with whether it is a link; together they are the text."""
    end = 0
    for start, link_end in links_in(text):
        if start > end:
            yield text[end:start], False
        yield text[start:link_end], True
        end = link_end
    if end < len(text):
        yield text[end:], False


def _trimmed(address: str) -> str:
    while address and (address[-1] in _AFTER_A_LINK or _closes_nothing(address)):
        address = address[:-1]
    return address


def _closes_nothing(address: str) -> bool:
    opening = _PAIRS.get(address[-1])
    return opening is not None and address.count(address[-1]) > address.count(opening)


def _hashtags(text: str) -> Iterator[TextMark]:
    for match in _HASHTAG.finditer(text):
        if not match["tag"].isdecimal():
            yield TextMark("tag", *match.span(), unicodedata.normalize("NFC", match["tag"]))
