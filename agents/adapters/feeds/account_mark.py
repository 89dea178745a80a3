"""How far an account on a network was read, and what is new since then. Pure.

A list of posts says what is there, never what happened: what is new, edited or missing follows from what was there
before. So the mark of such a feed holds the newest posts, each with its revision, and what the account was called.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Self

from pydantic import Field, ValidationError

from agents.adapters.feeds.parsed import Parse, Parsed, Source
from streams.values import Frozen, Utc, derive_id, digest, sentence
from streams.words.posts import AccountChange, PartnerChange, PartnerPost

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
KNOWN_MAX = 100
"""So many of the newest posts are remembered, and of those that are gone: what becomes of an older one only a stream
tells."""
READ_BACK = timedelta(minutes=30)
"""A feed that is read for the first time gives posts that are not older; the agent remembers posts as long."""


@dataclass(frozen=True, slots=True)
class NetworkPost:
    """A post as its source has it now; `why_not` says why it is not taken, if it is not."""

    post: PartnerPost
    why_not: str | None = None

    @property
    def revision(self) -> str:
        return short(self.post.revision)

    def under(self, post_id: str) -> Self:
        """The same post under this identifier."""
        return replace(self, post=self.post.model_copy(update={"post_id": post_id}))


@dataclass(frozen=True, slots=True)
class AccountNow:
    """What a source says of the account itself: its name, and whether it is open."""

    called: str | None
    state: AccountChange | None = None
    """Suspended, gone or unverified; None for an account as it should be."""


class Known(NamedTuple):
    """A post as it was given last: its revision in short, and how many versions of it were given."""

    revision: str
    versions: int = 1


class AccountMark(Frozen):
    """How far an account was read. `begun` is the moment before which no post is new; `posts` are newest first.

    `cursor` is the place in a stream, `revision` what the source calls the state of the whole account, `changes` counts
    what became of it, so that the same mark gives the same again. `gone` are the posts whose deletion was given, the
    latest last: a list and a stream that waited meanwhile both tell of one.
    """

    version: int = 1
    begun: Utc
    cursor: int | None = None
    revision: str | None = None
    called: str | None = None
    state: AccountChange | None = None
    changes: int = 0
    posts: Mapping[str, Known] = Field(default_factory=dict)
    gone: tuple[str, ...] = ()

    @classmethod
    def read(cls, mark: str | None, *, now: datetime) -> Self:
        """The mark as it was written; one of now where there is none, or none that can be read."""
        try:
            return cls.model_validate_json(mark) if mark else cls(begun=now - READ_BACK)
        except ValidationError:
            return cls(begun=now - READ_BACK)

    def written(self) -> str:
        return self.model_dump_json(exclude_defaults=True)


def short(revision: str | None) -> str:
    """A revision in few characters, for the mark."""
    return digest(revision)[:12]


def changes_of_posts(
    mark: AccountMark, entries: Iterable[NetworkPost], *, known_max: int = KNOWN_MAX
) -> tuple[AccountMark, Parsed]:
    """What of these posts is new or edited since the mark, oldest first, and the mark after them.

    `entries` are newest first, as sources list them. A post that is not taken is told of once.
    """
    given: list[PartnerPost] = []
    faults: list[str] = []
    listed: dict[str, Known] = {}
    for entry in entries:
        if entry.post.post_id in listed:
            # A list that moves on between two pages shows a post on both.
            continue
        post = entry.post.model_copy(update={"handle": mark.called})
        known = mark.posts.get(post.post_id)
        if known and known.revision == entry.revision:
            listed[post.post_id] = known
            continue
        listed[post.post_id] = now = Known(entry.revision, known.versions + 1 if known else 1)
        if known is None and post.change == "new" and post.at < mark.begun:
            continue
        if known is not None:
            # Words that are edited back are another edit, though an earlier version of the post said the same.
            given.append(post.model_copy(update={"change": "edited", "id": derive_id("post", post.id, now.versions)}))
        elif entry.why_not and post.change == "new":
            faults.append(sentence(f"post {post.post_id} is not taken: {entry.why_not}"))
        else:
            given.append(post)
    posts = {**listed, **{key: known for key, known in mark.posts.items() if key not in listed}}
    newest = dict(list(posts.items())[:known_max])
    return mark.model_copy(update={"posts": newest}), Parsed(tuple(reversed(given)), tuple(reversed(faults)))


def deletions(mark: AccountMark, post_ids: Iterable[str], *, source: Source) -> tuple[AccountMark, Parsed]:
    """The deletions of these posts, each given once, and the mark without them; of one that it does not know too."""
    gone = [key for key in dict.fromkeys(post_ids) if key in mark.posts or key not in mark.gone]
    left = {key: known for key, known in mark.posts.items() if key not in gone}
    all_gone = tuple(dict.fromkeys((*mark.gone, *gone)))[-KNOWN_MAX:]
    pins = source.account.account_id, source.account.domain
    items = (source.deletion(key, id_=derive_id("post", *pins, key, "deleted", mark.posts.get(key))) for key in gone)
    return mark.model_copy(update={"posts": left, "gone": all_gone}), Parsed(tuple(items))


def to_ask(mark: AccountMark, entries: Iterable[NetworkPost], *, told: Iterable[str]) -> Sequence[str]:
    """The posts that a list lacks and whose server is asked: those that a stream `told` of, and those of the mark."""
    listed = {entry.post.post_id for entry in entries}
    return [key for key in dict.fromkeys([*told, *mark.posts]) if key not in listed]


Asked = Mapping[str, NetworkPost | None]
"""Posts that were asked for one by one; None for one that the server does not know."""


def under_first_names(entries: Sequence[NetworkPost], asked: Asked) -> tuple[Sequence[NetworkPost], Asked]:
    """A list, and what was asked for beside it, with each post under the identifier that it had first.

    Some servers (snac2) give a post another identifier with each edit, and know it by the earlier ones too.
    """
    first = {entry.post.post_id: name for name, entry in asked.items() if entry and entry.post.post_id != name}
    listed = [entry.under(first.get(entry.post.post_id, entry.post.post_id)) for entry in entries]
    there = {*first, *(entry.post.post_id for entry in listed)}
    return listed, {name: entry and entry.under(name) for name, entry in asked.items() if name not in there}


def without_unlisted(mark: AccountMark, asked: Asked) -> Asked:
    """What was asked for beside a list that goes back far enough: a known post that it lacks is gone.

    Some servers (snac2) go on showing a post that its author deleted to accounts that shared it.
    """
    return {name: None if name in mark.posts else entry for name, entry in asked.items()}


def changes_of_list(
    mark: AccountMark,
    entries: Sequence[NetworkPost],
    *,
    asked: Asked,
    source: Source,
    known_max: int = KNOWN_MAX,
) -> tuple[AccountMark, Parsed]:
    """What of a list is new, edited or deleted since the mark; `asked` is what became of the posts that it lacks."""
    mark, deleted = deletions(mark, (key for key, entry in asked.items() if entry is None), source=source)
    found = [entry for entry in asked.values() if entry is not None]
    mark, new = changes_of_posts(mark, [*entries, *found], known_max=known_max)
    return mark, Parsed((*new.items, *deleted.items), new.faults)


Entries = Callable[[Any, Source], tuple[Sequence[NetworkPost], Sequence[str]]]
"""The posts of a list as a network's server gives it, and what of it cannot be read."""


def list_parser(entries_of: Entries) -> Parse:
    """Reads all posts of a list as if none was known, oldest first."""

    def parse(body: bytes, source: Source) -> Parsed:
        try:
            listed = json.loads(body)
        except (ValueError, RecursionError):
            return Parsed(faults=("it is no list of posts, which would be JSON",))
        entries, faults = entries_of(listed, source)
        _, parsed = changes_of_posts(AccountMark(begun=LONG_AGO), entries)
        return Parsed(parsed.items, (*faults, *parsed.faults))

    return parse


def changes_of_account(mark: AccountMark, now: AccountNow, *, source: Source) -> tuple[AccountMark, Parsed]:
    """What became of the account itself since the mark, and the mark after it."""
    called = now.called or mark.called
    changes: list[PartnerChange] = []
    if mark.called and called != mark.called:
        count = mark.changes + len(changes)
        changes.append(_change(AccountChange.RENAMED, source, count=count, called=called, before=mark.called))
    if now.state != mark.state:
        count = mark.changes + len(changes)
        changes.append(_change(now.state or AccountChange.BACK, source, count=count, called=called))
    counted = {"called": called, "state": now.state, "changes": mark.changes + len(changes)}
    return mark.model_copy(update=counted), Parsed(tuple(changes))


def _change(  # budget: what a change of an account has
    change: AccountChange, source: Source, *, count: int, called: str | None, before: str | None = None
) -> PartnerChange:
    return PartnerChange(
        id=derive_id("change", source.account.account_id, source.account.domain, change, count),
        mode=source.mode,
        change=change,
        account_id=source.account.account_id,
        domain=source.account.domain,
        at=source.now,
        called=called,
        before=before,
    )
