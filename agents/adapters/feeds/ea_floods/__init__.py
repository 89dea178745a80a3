"""Flood warnings of the Environment Agency, from its flood-monitoring service."""

from agents.adapters.feeds.ea_floods.card import CARD
from agents.adapters.feeds.ea_floods.parse import parse
from agents.adapters.feeds.reading.rows import row

__all__ = ["EA_FLOODS"]

EA_FLOODS = row(CARD, parse)
