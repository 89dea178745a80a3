"""Where the links are in a text: on networks that find none by themselves, we say it."""

import re
from collections.abc import Iterator

_LINK = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_AFTER_A_LINK = ".,;:!?'’"
_PAIRS = {")": "(", "]": "["}


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
