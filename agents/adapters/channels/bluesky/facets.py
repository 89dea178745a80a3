"""Facets: which bytes of a text are a link or a hashtag. Bluesky counts in UTF-8, and finds nothing by itself.

A server takes offsets that point past the text or into a letter, so they are made and checked here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from streams.decisions.wording.shown.marks import TextMark, marks

_FACET = "app.bsky.richtext.facet"
_NAMES = {"link": "uri", "tag": "tag"}


def facets(text: str) -> Sequence[Mapping[str, Any]]:
    """The facets of a text in the order in which they come, as a record holds them; none touches another."""
    return [_facet(text, one) for one in marks(text)]


def shown(text: str, facet: Mapping[str, Any]) -> str:
    """The part of the text that a facet covers; `ValueError` if it is no part of it."""
    content, index = text.encode(), facet["index"]
    start, end = index["byteStart"], index["byteEnd"]
    if not 0 <= start < end <= len(content):
        raise ValueError(f"bytes {start} to {end} are no part of a text of {len(content)} bytes")
    return content[start:end].decode()


def _facet(text: str, mark: TextMark) -> Mapping[str, Any]:
    start, end = (len(text[:place].encode()) for place in (mark.start, mark.end))
    feature = {"$type": f"{_FACET}#{mark.kind}", _NAMES[mark.kind]: mark.leads_to}
    facet = {"$type": _FACET, "index": {"byteStart": start, "byteEnd": end}, "features": [feature]}
    if shown(text, facet) != text[mark.start : mark.end]:
        raise ValueError(f"bytes {start} to {end} do not hold “{text[mark.start : mark.end]}”")
    return facet
