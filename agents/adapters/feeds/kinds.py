"""The kinds of feeds, one row each: a new kind is a folder beside this file and a line here.

A kind that is asked from time to time is `polling.polled(card, parse)`, see there; `parse` is pure, see `parsed`.
"""

from collections.abc import Mapping

from agents.adapters.feeds.atom import ATOM
from agents.adapters.feeds.bluesky import BLUESKY
from agents.adapters.feeds.cap import CAP
from agents.adapters.feeds.ea_floods import EA_FLOODS
from agents.adapters.feeds.gov_alerts import GOV_ALERTS
from agents.adapters.feeds.mastodon import MASTODON
from agents.adapters.feeds.met_office import MET_OFFICE
from agents.adapters.feeds.tools import FeedKind
from agents.adapters.feeds.webhook import WEBHOOK

ROWS: tuple[FeedKind, ...] = (ATOM, BLUESKY, CAP, EA_FLOODS, GOV_ALERTS, MASTODON, MET_OFFICE, WEBHOOK)

KINDS: Mapping[str, FeedKind] = {row.card.kind: row for row in ROWS}
