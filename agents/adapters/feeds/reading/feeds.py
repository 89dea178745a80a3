"""Feeds of entries: each entry becomes a post, a CAP message that it carries, or a link to one."""

from collections.abc import Callable
from urllib.parse import urlsplit

from lxml import etree

from agents.adapters.feeds.parsed import Linked
from agents.adapters.feeds.reading.alerts import gather_alert, is_alert
from agents.adapters.feeds.reading.documents import Untaken
from agents.adapters.feeds.reading.entries import FeedEntry, Target, entries
from agents.adapters.feeds.reading.gathering import FeedReading, joined, moment, version_at
from agents.adapters.feeds.reading.signatures import must_be_signed, signed_root
from streams.foreign import identifier, link
from streams.signs import hashtags_in
from streams.values import digest
from streams.words.register.partners import PartnerAccount

LINKS_MAX = 100
CAP_TYPE = "application/cap+xml"

LinkOf = Callable[[FeedEntry], Target | None]
"""Which link of an entry leads to the document that has to be read in its place; None if the entry is the post."""


def cap_behind(entry: FeedEntry) -> Target | None:
    """The link that says that a CAP message is there; of an entry of an index the first; else None."""
    typed = (one for one in entry.targets if one.type.split(";")[0].strip() == CAP_TYPE)
    return next(typed, message_behind(entry) if entry.is_of_index else None)


def message_behind(entry: FeedEntry) -> Target:
    """The first link of an entry that stands for another document; `Untaken` if it has none."""
    if not entry.targets:
        raise Untaken("it neither carries a message nor links to one: ask the partner")
    return entry.targets[0]


def gather_feed(root: etree._Element, gathering: FeedReading, *, link_of: LinkOf, genre: str = "post") -> None:
    """Take every entry of a feed; what is wrong with one keeps no other back.

    An account with a pinned certificate takes words only from what is signed: the feed, or the messages in it.
    """
    signed = not must_be_signed(gathering.source.account)
    if not signed:
        with gathering.of("the feed"):
            root, signed = signed_root(root, gathering.source), True
    unsigned = [] if signed else [gathering.faults.pop()]
    for entry in entries(root, gathering.source.account.address):
        with gathering.of(entry.id or entry.title or "an entry without an id"):
            alert = next(filter(is_alert, entry.inside), None)
            target = None if alert is not None or entry.ended is not None else link_of(entry)
            if alert is not None:
                gather_alert(alert, gathering)
            elif target is not None:
                _follow(entry, target, gathering)
            elif not signed:
                raise Untaken(unsigned[0])
            else:
                _add(entry, gathering, genre)


def _add(entry: FeedEntry, gathering: FeedReading, genre: str) -> None:
    """The entry as a post. It is as old as its publication: a later edit makes it no fresher."""
    source = gathering.source
    if not entry.id:
        raise Untaken("it has no id, so it could not be taken back: ask the partner")
    if entry.ended is not None:
        gathering.gone(entry.id, moment(entry.ended, source), genre=genre)
        return
    if not (entry.published or entry.updated):
        raise Untaken("it has no date, so that no reader can tell whether it is fresh: ask the partner")
    text = joined(*_title(entry), entry.body)
    gathering.add(
        entry.id,
        moment(entry.published or entry.updated, source),
        revision=_revision(entry, gathering),
        text=text,
        language=entry.language,
        hashtags=sorted(hashtags_in(text))[:20],
        url=entry.page,
        genre=genre,
    )


def _title(entry: FeedEntry) -> list[str]:
    """The title, unless the words below begin with it."""
    plain, body = " ".join(entry.title.split()), " ".join(entry.body.split())
    return [] if body.startswith(plain.rstrip(".… ")) else [plain]


def _revision(entry: FeedEntry, gathering: FeedReading) -> str:
    """When it was changed last; of an entry that does not say, a hash of its words."""
    if entry.updated:
        return version_at(moment(entry.updated, gathering.source))
    return digest([entry.title, entry.body])[:20]


def _follow(entry: FeedEntry, target: Target, gathering: FeedReading) -> None:
    """Name the document that has to be fetched, if it lies where the feed may send us."""
    address = fetchable(target.address, gathering.source.account)
    if address is None:
        raise Untaken(
            f"its link leads to {target.address[:100]}, and only addresses on {gathering.source.account.domain} "
            "are fetched: ask the partner, or see the domain in the register"
        )
    if len(gathering.links) >= LINKS_MAX:
        raise Untaken(f"the feed links to more than {LINKS_MAX} messages: the rest is not fetched")
    gathering.links.append(Linked(address, identifier(entry.id or address), _revision(entry, gathering)))


def fetchable(address: str, account: PartnerAccount) -> str | None:
    """The address, with https; None if it lies neither at the feed's own host nor on the account's domain.

    A feed sends us nowhere else, and not over a way on which the words could be changed.
    """
    try:
        here, there = urlsplit(account.address), urlsplit(address)
    except ValueError:
        return None
    if (here.scheme, here.netloc) == (there.scheme, there.netloc) and "@" not in there.netloc:
        return address
    safe = link(address, (account.domain,))
    return f"https://{safe.partition('://')[2]}" if safe else None
