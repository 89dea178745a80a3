"""The card that a workflow puts into a channel: the words as they were signed, since a text run knows no Markdown."""

import re
from collections.abc import Iterator, Sequence

from agents.adapters.channels.vendor import Json
from streams.decisions.wording.shown.marks import parts

VERSION = "1.2"
"""The first with text runs; each client of Teams shows it."""
EMPTY_LINE = "\u00a0"
"""A client leaves a run without any sign out."""
_BETWEEN_BRACES = re.compile(r"(?<=\{)(?=\{)")
"""A card turns `{{DATE(...)}}` into a date: in two runs it is text."""


def card_of(texts: Sequence[str]) -> Json:
    """A message with one card: one text after the other, with a line between two."""
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": VERSION,
        "msteams": {"width": "Full"},
        "body": [block for number, text in enumerate(texts) for block in _blocks(text, is_first=number == 0)],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": content}
    return {"type": "message", "attachments": [attachment]}


def _blocks(text: str, *, is_first: bool) -> Iterator[Json]:
    """A block for each line, since not each client breaks a line inside a run."""
    for number, line in enumerate(text.split("\n")):
        between = not is_first and number == 0
        spacing = "Large" if between else "None"
        yield {
            "type": "RichTextBlock",
            "spacing": spacing,
            "separator": between,
            "inlines": [*_runs(line or EMPTY_LINE)],
        }


def _runs(line: str) -> Iterator[Json]:
    for part, is_link in parts(line):
        opens = {"selectAction": {"type": "Action.OpenUrl", "url": part}} if is_link else {}
        for piece in _BETWEEN_BRACES.split(part):
            yield {"type": "TextRun", "text": piece, **opens}
