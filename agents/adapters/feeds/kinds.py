"""The kinds of feeds, one row each: a new kind is a folder beside this file and a line here.

A kind that is asked from time to time is `polling.polled(card, parse)`, see there; `parse` is pure, see `parsed`.
"""

from collections.abc import Mapping

from agents.adapters.feeds.bluesky import BLUESKY
from agents.adapters.feeds.mastodon import MASTODON
from agents.adapters.feeds.tools import FeedKind
from agents.adapters.feeds.webhook import WEBHOOK

ROWS: tuple[FeedKind, ...] = (BLUESKY, MASTODON, WEBHOOK)

KINDS: Mapping[str, FeedKind] = {row.card.kind: row for row in ROWS}
