"""Plain words from HTML, as a partner's feed has them."""

import re
from html.parser import HTMLParser

_BLOCKS = {
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "blockquote",
    "section",
    "article",
}
_UNSEEN = {"script", "style", "head", "template", "noscript", "iframe", "object"}
_SPACES = re.compile(r"\s+")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's signature
        tag = _unprefixed(tag)
        self._unseen += tag in _UNSEEN
        if tag in _BLOCKS:
            self.parts.append("\n")
        if tag == "li":
            self.parts.append("- ")

    def handle_endtag(self, tag: str) -> None:
        tag = _unprefixed(tag)
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(_SPACES.sub(" ", data))


def _unprefixed(tag: str) -> str:
    """XHTML in a feed may name its elements with a prefix: `h:script` is a script."""
    return tag.rpartition(":")[2]


def words_of_html(written: str) -> str:
    """What a reader sees of it: paragraphs and points on lines of their own, no markup, no script."""
    reader = _Words()
    reader.feed(written)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line not in {"", "-"})
