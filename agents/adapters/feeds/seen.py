"""Seen: what a polled source has shown so far, so that only what is new is given. It is the mark, as a text."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agents.adapters.feeds.parsed import Source
from streams.values import derive_id, digest
from streams.words.posts import PartnerEvent, PartnerPost

POSTS_KEPT = 250
ADDRESS_CHARACTERS_MAX = 200
GONE = "gone"
ASKED_FOR = timedelta(days=1)
"""So long after it was seen first, a post that is missing is asked for."""
ASK_EVERY = timedelta(minutes=5)
UNKNOWN = "how far this feed was read is not known any more: it is read from what it shows now"


class SeenPost(NamedTuple):
    """One post: which words it had, how many versions, the link that led to it, its address, when it was seen first.

    `asked_s`, as `first_s`, is in seconds since the epoch: when its own address was asked for it last.
    `shown` is whether the source showed it last.
    """

    words: str
    versions: int
    via: str
    address: str
    first_s: int
    asked_s: int = 0
    shown: bool = True


class SeenPosts(BaseModel):
    """What was seen: `posts` by their names, `links` with the revision that was read, and what the source calls it."""

    model_config = ConfigDict(extra="forbid")

    etag: Annotated[str, Field(max_length=1_000)] | None = None
    modified: Annotated[str, Field(max_length=100)] | None = None
    posts: dict[str, SeenPost] = Field(default_factory=dict)
    links: dict[str, str] = Field(default_factory=dict)

    @classmethod
    def of(cls, mark: str | None) -> tuple["SeenPosts", tuple[str, ...]]:
        """What a mark says; what it cannot say is a fault."""
        try:
            return (cls.model_validate_json(mark), ()) if mark else (cls(), ())
        except ValidationError:
            return cls(), (UNKNOWN,)

    def mark(self) -> str:
        """All of it as a text; the same for the same."""
        return self.model_dump_json(exclude_defaults=True)

    @property
    def alive(self) -> set[str]:
        """The posts that were not taken away."""
        return {name for name, kept in self.posts.items() if kept.words != GONE}

    def news(self, event: PartnerEvent, now: datetime, *, via: str) -> Sequence[PartnerEvent]:
        """The event if it says something new; one with other words than before is an edit."""
        name = event.post_id if isinstance(event, PartnerPost) else event.id
        words, known = _words_of(event), self.posts.get(name)
        if known and known.words == words:
            return ()
        versions = known.versions + 1 if known else 1
        address = (event.url or "") if isinstance(event, PartnerPost) else ""
        first_s = known.first_s if known else int(now.timestamp())
        self.posts[name] = SeenPost(words, versions, via, address[:ADDRESS_CHARACTERS_MAX], first_s)
        if not isinstance(event, PartnerPost) or event.change != "new" or known is None:
            return (event,)
        id_ = derive_id("feed", event.account_id, name, versions, words)
        return (event.model_copy(update={"change": "edited", "id": id_}),)

    def gone(self, name: str, source: Source) -> PartnerPost:
        """A post was taken away: note it, and say so."""
        kept = self.posts[name]
        self.posts[name] = kept._replace(words=GONE, versions=kept.versions + 1)
        id_ = derive_id("feed", source.account.account_id, name, kept.versions + 1, GONE)
        return source.deletion(name, id_=id_, url=kept.address or None)

    def of_links(self, links: Collection[str]) -> set[str]:
        """The posts that came by one of these links."""
        return {name for name, kept in self.posts.items() if kept.via in links}

    def missing(self, now: datetime) -> Sequence[tuple[str, str]]:
        """Posts with their addresses that the source shows no more, and that are to be asked for now."""
        young, due = (now - ASKED_FOR).timestamp(), (now - ASK_EVERY).timestamp()
        return [
            (name, self.posts[name].address)
            for name in sorted(self.alive, key=lambda name: self.posts[name].asked_s)
            if not self.posts[name].shown
            and self.posts[name].address
            and self.posts[name].first_s > young
            and self.posts[name].asked_s <= due
        ]

    def show(self, names: Collection[str]) -> None:
        """Note which posts the source shows now."""
        self.posts = {name: kept._replace(shown=name in names) for name, kept in self.posts.items()}

    def asked(self, name: str, now: datetime) -> None:
        """Note that a post was asked for."""
        self.posts[name] = self.posts[name]._replace(asked_s=int(now.timestamp()))

    def shorten(self) -> None:
        """Keep the newest, and all that the source still shows."""
        for name in list(self.posts):
            if len(self.posts) <= POSTS_KEPT:
                return
            if not self.posts[name].shown:
                del self.posts[name]


def _words_of(event: PartnerEvent) -> str:
    """What tells a version of a post from another: its words, and whether and until when they hold."""
    if not isinstance(event, PartnerPost):
        return event.change.value
    if event.change == "deleted":
        return GONE
    said = [" ".join(event.text.split()), event.status, event.expires_at.isoformat() if event.expires_at else ""]
    return digest(said)[:12]
