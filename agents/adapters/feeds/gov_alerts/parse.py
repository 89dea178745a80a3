"""The national emergency alerts as posts. Where an entry links to the CAP message of the alert, that is read.

An entry without one is a warning in its own words; the tests that networks and government run say so in them.
"""

from agents.adapters.feeds.parsed import Parsed, Source
from agents.adapters.feeds.reading.alerts import gather_alert, is_alert
from agents.adapters.feeds.reading.documents import read_xml
from agents.adapters.feeds.reading.feeds import cap_behind, gather_feed
from agents.adapters.feeds.reading.gathering import FeedReading


def parse(body: bytes, source: Source) -> Parsed:
    """The alerts of the feed, or of a CAP message to which it linked."""
    gathering = FeedReading(source)
    with gathering.of("the feed of alerts"):
        root = read_xml(body)
        if is_alert(root):
            gather_alert(root, gathering)
        else:
            gather_feed(root, gathering, link_of=cap_behind, genre="warning")
    return gathering.parsed()
