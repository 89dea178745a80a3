"""The kinds of feeds, one row each: a new kind is a folder beside this file and a line here.

A kind that is asked from time to time is `polling.polled(card, parse)`, see there; `parse` is pure, see `parsed`.
"""

from collections.abc import Mapping

from agents.adapters.feeds.bluesky import feed as bluesky
from agents.adapters.feeds.mastodon import feed as mastodon
from agents.adapters.feeds.tools import FeedKind

ROWS: tuple[FeedKind, ...] = (bluesky.KIND, mastodon.KIND)

KINDS: Mapping[str, FeedKind] = {row.card.kind: row for row in ROWS}
