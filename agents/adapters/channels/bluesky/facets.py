"""Facets: which bytes of a text are a link or a hashtag. Bluesky counts in UTF-8, and finds nothing by itself.

A server takes offsets that point past the text or into a letter, so they are made and checked here.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agents.adapters.channels.links import links_in

_FACET = "app.bsky.richtext.facet"
_HASHTAG = re.compile(r"(?<![\w#&/])[#＃](?P<tag>\w{1,64})(?!\w)")


def facets(text: str) -> Sequence[Mapping[str, Any]]:
    """The facets of a text in the order in which they come, as a record holds them; none touches another."""
    links = [*_links(text)]
    inside = [range(*span) for span, _ in links]
    tags = [one for one in _hashtags(text) if not any(one[0][0] in link for link in inside)]
    return [_facet(text, span, feature) for span, feature in sorted(links + tags, key=lambda one: one[0])]


def shown(text: str, facet: Mapping[str, Any]) -> str:
    """The part of the text that a facet covers; `ValueError` if it is no part of it."""
    content, index = text.encode(), facet["index"]
    start, end = index["byteStart"], index["byteEnd"]
    if not 0 <= start < end <= len(content):
        raise ValueError(f"bytes {start} to {end} are no part of a text of {len(content)} bytes")
    return content[start:end].decode()


Found = tuple[tuple[int, int], Mapping[str, str]]


def _links(text: str) -> Iterator[Found]:
    for start, end in links_in(text):
        yield (start, end), {"$type": f"{_FACET}#link", "uri": text[start:end]}


def _hashtags(text: str) -> Iterator[Found]:
    for match in _HASHTAG.finditer(text):
        if not match["tag"].isdecimal():
            tag = unicodedata.normalize("NFC", match["tag"])
            yield match.span(), {"$type": f"{_FACET}#tag", "tag": tag}


def _facet(text: str, span: tuple[int, int], feature: Mapping[str, str]) -> Mapping[str, Any]:
    start, end = (len(text[:place].encode()) for place in span)
    facet = {"$type": _FACET, "index": {"byteStart": start, "byteEnd": end}, "features": [dict(feature)]}
    if shown(text, facet) != text[slice(*span)]:
        raise ValueError(f"bytes {start} to {end} do not hold “{text[slice(*span)]}”")
    return facet
