"""Posts of an Atom or RSS feed, plain ones and those that carry or link to CAP messages."""

from agents.adapters.feeds.atom.card import CARD
from agents.adapters.feeds.atom.parse import parse
from agents.adapters.feeds.reading.rows import row

__all__ = ["ATOM"]

ATOM = row(CARD, parse, signed=True)
