"""Feeds of entries: each entry becomes a post, a CAP message that it carries, or a link to one."""

from collections.abc import Callable
from urllib.parse import urlsplit

from lxml import etree

from agents.adapters.feeds.atom.entries import Entry, Target, entries
from agents.adapters.feeds.cap.alerts import TAGS, gather_alert
from agents.adapters.feeds.documents import Untaken
from agents.adapters.feeds.gathering import Gathering, joined, moment, version_at
from agents.adapters.feeds.parsed import Linked
from agents.adapters.feeds.signatures import must_be_signed, signed_root
from streams.foreign import identifier, link
from streams.signs import hashtags_in
from streams.values import digest

LINKS_MAX = 100
CAP_TYPE = "application/cap+xml"

LinkOf = Callable[[Entry], Target | None]
"""Which link of an entry leads to the document that has to be read in its place; None if the entry is the post."""


def cap_if_typed(entry: Entry) -> Target | None:
    """The link that says that a CAP message is there."""
    return next((one for one in entry.targets if one.type.split(";")[0].strip() == CAP_TYPE), None)


def gather_feed(root: etree._Element, gathering: Gathering, *, link_of: LinkOf, genre: str = "post") -> None:
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
            alert = next((one for one in entry.inside if one.tag in TAGS), None)
            target = None if alert is not None or entry.ended is not None else link_of(entry)
            if alert is not None:
                gather_alert(alert, gathering)
            elif target is not None:
                _follow(entry, target, gathering)
            elif not signed:
                raise Untaken(unsigned[0])
            else:
                _add(entry, gathering, genre)


def _add(entry: Entry, gathering: Gathering, genre: str) -> None:
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


def _title(entry: Entry) -> list[str]:
    """The title, unless the words below begin with it."""
    plain, body = " ".join(entry.title.split()), " ".join(entry.body.split())
    return [] if body.startswith(plain.rstrip(".… ")) else [plain]


def _revision(entry: Entry, gathering: Gathering) -> str:
    """When it was changed last; of an entry that does not say, a hash of its words."""
    if entry.updated:
        return version_at(moment(entry.updated, gathering.source))
    return digest([entry.title, entry.body])[:20]


def _follow(entry: Entry, target: Target, gathering: Gathering) -> None:
    """Name the document that has to be fetched, if it lies where the feed may send us."""
    if not may_follow(target.address, gathering):
        raise Untaken(
            f"its link leads to {target.address[:100]}, which is not on {gathering.source.account.domain}: not fetched"
        )
    if len(gathering.links) >= LINKS_MAX:
        raise Untaken(f"the feed links to more than {LINKS_MAX} messages: the rest is not fetched")
    revision = _revision(entry, gathering)
    gathering.links.append(Linked(target.address, identifier(entry.id or target.address), revision))


def may_follow(address: str, gathering: Gathering) -> bool:
    """Whether it lies at the feed's own host, or by https on the account's domain: a feed sends us nowhere else."""
    account = gathering.source.account
    try:
        here, there = urlsplit(account.address), urlsplit(address)
        if (here.scheme, here.netloc) == (there.scheme, there.netloc) and "@" not in there.netloc:
            return True
    except ValueError:
        return False
    return there.scheme == "https" and link(address, (account.domain,)) is not None
