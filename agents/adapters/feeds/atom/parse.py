"""An Atom or RSS feed as posts."""

from agents.adapters.feeds.parsed import Parsed, Source
from agents.adapters.feeds.reading.alerts import gather_alert, is_alert
from agents.adapters.feeds.reading.documents import read_xml
from agents.adapters.feeds.reading.feeds import cap_behind, gather_feed
from agents.adapters.feeds.reading.gathering import FeedReading


def parse(body: bytes, source: Source) -> Parsed:
    """The posts of a feed, or of a CAP message to which it linked."""
    gathering = FeedReading(source)
    with gathering.of("the feed"):
        root = read_xml(body)
        if is_alert(root):
            gather_alert(root, gathering)
        else:
            gather_feed(root, gathering, link_of=cap_behind)
    return gathering.parsed()
