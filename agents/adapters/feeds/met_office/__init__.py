"""Severe weather warnings of the Met Office."""

from agents.adapters.feeds.met_office.card import CARD
from agents.adapters.feeds.met_office.keys import with_key
from agents.adapters.feeds.met_office.parse import parse
from agents.adapters.feeds.reading.rows import row

__all__ = ["MET_OFFICE"]

MET_OFFICE = row(CARD, parse, headers=with_key)
