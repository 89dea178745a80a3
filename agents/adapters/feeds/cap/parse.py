"""A CAP message, or a feed of such messages, as posts.

The post is the `identifier`, its revision the moment `sent`; `sender` is what the account is pinned by.
"""

from agents.adapters.feeds.atom.entries import Entry, Target
from agents.adapters.feeds.atom.feeds import cap_if_typed, gather_feed
from agents.adapters.feeds.cap.alerts import TAGS, gather_alert
from agents.adapters.feeds.documents import Untaken, read_xml
from agents.adapters.feeds.gathering import Gathering
from agents.adapters.feeds.parsed import Parsed, Source


def parse(body: bytes, source: Source) -> Parsed:
    """The messages in it, and links to those that the feed only names."""
    gathering = Gathering(source)
    with gathering.of("the message" if b"alert" in body[:2_000] else "the feed"):
        root = read_xml(body)
        if root.tag in TAGS:
            gather_alert(root, gathering)
        else:
            gather_feed(root, gathering, link_of=_message_of)
    return gathering.parsed()


def _message_of(entry: Entry) -> Target | None:
    """Every entry of this kind of feed stands for a message: by the typed link, else by its first."""
    found = cap_if_typed(entry) or next(iter(entry.targets), None)
    if found is None:
        raise Untaken("it neither carries a CAP message nor links to one")
    return found
