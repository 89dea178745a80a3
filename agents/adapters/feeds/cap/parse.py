"""A CAP message, or a feed of such messages, as posts.

The post is the `identifier`, its revision the moment `sent`; `sender` is what the account is pinned by.
"""

from agents.adapters.feeds.parsed import Parsed, Source
from agents.adapters.feeds.reading.alerts import gather_alert, is_alert
from agents.adapters.feeds.reading.documents import read_xml
from agents.adapters.feeds.reading.entries import FeedEntry, Target
from agents.adapters.feeds.reading.feeds import cap_behind, gather_feed, message_behind
from agents.adapters.feeds.reading.gathering import FeedReading


def parse(body: bytes, source: Source) -> Parsed:
    """The messages in it, and links to those that the feed only names."""
    gathering = FeedReading(source)
    with gathering.of("the message" if b"alert" in body[:2_000] else "the feed"):
        root = read_xml(body)
        if is_alert(root):
            gather_alert(root, gathering)
        else:
            gather_feed(root, gathering, link_of=_message_of)
    return gathering.parsed()


def _message_of(entry: FeedEntry) -> Target | None:
    """Every entry of this kind of feed stands for a message: by the typed link, else by its first."""
    return cap_behind(entry) or message_behind(entry)
