"""A text in pieces, for networks that find no links by themselves: we say where they are."""

from collections.abc import Iterator

from streams.decisions.wording.shown.marks import marks


def parts(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, none of them empty, each with whether it is a link; together they are the text."""
    end = 0
    for link in (one for one in marks(text) if one.kind == "link"):
        if link.start > end:
            yield text[end : link.start], False
        yield text[link.start : link.end], True
        end = link.end
    if end < len(text):
        yield text[end:], False
