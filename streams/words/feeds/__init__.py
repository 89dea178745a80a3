"""Feeds: how a partner's account is heard, and how each of them goes."""

from streams.words.feeds.cards import FeedCard, Sees
from streams.words.feeds.states import (
    FAULTS_MAX,
    MARK_CHARACTERS_MAX,
    SILENT_AFTER,
    TOLD_AFTER,
    FeedNoted,
    FeedState,
    NoteFeed,
)

__all__ = [
    "FAULTS_MAX",
    "MARK_CHARACTERS_MAX",
    "SILENT_AFTER",
    "TOLD_AFTER",
    "FeedCard",
    "FeedNoted",
    "FeedState",
    "NoteFeed",
    "Sees",
]
