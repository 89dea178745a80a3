"""The national emergency alerts."""

from agents.adapters.feeds.gov_alerts.card import CARD
from agents.adapters.feeds.gov_alerts.parse import parse
from agents.adapters.feeds.reading.rows import row

__all__ = ["GOV_ALERTS"]

GOV_ALERTS = row(CARD, parse, signed=True)
