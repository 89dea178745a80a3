"""The part of the mentions agent that opens cases: for posts that a person may have to answer or hand on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from agents.ports import Store
from agents.rows import row
from streams.decisions.listening.keep import WATCH
from streams.decisions.listening.routes.gathering import Found, Opened, RoutesHeard, gather
from streams.decisions.listening.routes.suggesting import posts_of, suggestion
from streams.errors import MessageError
from streams.values import Mode
from streams.words.cases import GatherMore, OpenCase
from streams.words.listening.routes import CasePosts
from streams.words.posts import Routed

CASES_KEPT = 10_000
"""Of so many cases it is known which posts they are about; what came first goes first."""


@dataclass(frozen=True, slots=True)
class CaseTables:
    """What came of posts that a person may have to answer, by incident, and which posts they are, by case.

    `posts` is private: this agent and the people of the trust alone read it, and it is emptied.
    """

    routes: Store[RoutesHeard]
    posts: Store[CasePosts]


def cases(
    name: str, routed: Sequence[Routed], *, tables: CaseTables, mode: Mode, now: datetime
) -> Iterator[tuple[str, OpenCase | GatherMore]]:
    """The orders that open a case for a person, or say that further posts joined one; each with its case."""
    if not routed:
        return
    after, found = gather(row(tables.routes, name, nothing=RoutesHeard()), routed, mode=mode, about=name)
    tables.routes.put(name, after)
    for one in found:
        _note_posts(one, tables.posts, now=now)
        if isinstance(one, Opened):
            yield one.case_id, suggestion(one, incident=None if name == WATCH else name)
        elif one.gathered:
            yield one.case_id, GatherMore(gathered=one.gathered)


def _note_posts(found: Found, posts: Store[CasePosts], *, now: datetime) -> None:
    """Keep which posts a case is about, in the one table that has them."""
    if isinstance(found, Opened):
        _forget_posts(posts, now=now)
        posts.put(found.case_id, posts_of(found, now=now))
        return
    try:
        before = posts.get(found.case_id) if found.keep else None
    except MessageError:
        before = None
    if before:
        names, authors = (*before.posts, found.post.name), (*before.authors, found.post.person)
        posts.put(found.case_id, before.model_copy(update={"posts": names, "authors": authors}))


def _forget_posts(posts: Store[CasePosts], *, now: datetime) -> None:
    """What has been kept long enough goes, and what finds no room: the oldest come first."""
    names = posts.keys()
    for place, name in enumerate(names, 1):
        try:
            kept = posts.get(name)
        except MessageError:
            kept = None
        if kept and kept.kept_until > now and len(names) - place < CASES_KEPT - 1:
            return
        posts.remove(name)
