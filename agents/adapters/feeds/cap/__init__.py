"""Warnings as the Common Alerting Protocol (CAP 1.0, 1.1, 1.2) writes them, alone or in a feed."""

from agents.adapters.feeds.cap.card import CARD
from agents.adapters.feeds.cap.parse import parse
from agents.adapters.feeds.reading.rows import row

__all__ = ["CAP"]

CAP = row(CARD, parse, signed=True)
