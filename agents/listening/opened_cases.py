"""The part of the mentions agent that opens cases: for posts that a person may have to answer or hand on."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from agents.listening.rows import row
from agents.ports import Store
from streams.decisions.cases.retention import KEPT_AFTER, kept_posts
from streams.decisions.listening.keep import WATCH
from streams.decisions.listening.routes.gathering import Found, Opened, RoutesHeard, gather
from streams.decisions.listening.routes.suggesting import posts_of, suggestion
from streams.decisions.listening.routes.suspected import every_case_name
from streams.decisions.listening.stories import StoryPosts
from streams.errors import MessageError
from streams.subjects.case import Case
from streams.values import Mode
from streams.words.cases import GatherMore, OpenCase
from streams.words.listening.routes import CasePosts
from streams.words.posts import Routed

CASES_KEPT = 10_000
"""Of so many cases it is known which posts they are about; what came first goes first."""


@dataclass(frozen=True, slots=True)
class CaseTables:
    """What came of posts that a person may have to answer, by incident, and which posts they are, by case.

    `posts` is private: this agent and the people of the trust alone read it. It is emptied as the case that `case_of`
    gives says. `shown` are the posts that stand for stories: a person may open a case for one of them.
    """

    routes: Store[RoutesHeard]
    posts: Store[CasePosts]
    case_of: Callable[[str], Case | None] = lambda _: None
    shown: Store[StoryPosts] | None = None


def cases(
    name: str, routed: Sequence[Routed], *, tables: CaseTables, mode: Mode, now: datetime
) -> Iterator[tuple[str, OpenCase | GatherMore]]:
    """The orders that open a case for a person, or say that further posts joined one; each with its case."""
    if not routed:
        return
    before = row(tables.routes, name, nothing=RoutesHeard())
    after, found = gather(before, routed, mode=mode, about=name, firsts=dict(_firsts(before, tables.posts)))
    tables.routes.put(name, after)
    for one in found:
        _note_posts(one, tables.posts, about=name, now=now)
        if isinstance(one, Opened):
            yield one.case_id, suggestion(one, incident=None if name == WATCH else name)
        elif one.gathered:
            yield one.case_id, GatherMore(gathered=one.gathered)


def _firsts(heard: RoutesHeard, posts: Store[CasePosts]) -> Iterator[tuple[str, str]]:
    """The first post of each case that others may still join."""
    for one in (case for sort in heard.sorts.values() for case in sort.cases):
        kept = row(posts, one.case_id, nothing=None)
        if kept and kept.posts:
            yield one.case_id, kept.posts[0]


def _note_posts(found: Found, posts: Store[CasePosts], *, about: str, now: datetime) -> None:
    """Keep which posts a case is about, in the one table that has them."""
    if isinstance(found, Opened):
        _make_room(posts, about=about)
        posts.put(found.case_id, posts_of(found, about=about, now=now))
        return
    before = row(posts, found.case_id, nothing=None) if found.keep else None
    if before:
        names, authors = (*before.posts, found.post.name), (*before.authors, found.post.person)
        posts.put(found.case_id, before.model_copy(update={"posts": names, "authors": authors}))


def _make_room(posts: Store[CasePosts], *, about: str) -> None:
    """What finds no room goes: the oldest come first, but for evidence."""
    names = posts.keys()
    for name in names if len(names) >= CASES_KEPT else ():
        with suppress(MessageError):
            found = posts.get(name)
            if found and found.about == about and not found.held:
                posts.remove(name)
                return


def suspected(tables: CaseTables, *, mode: Mode, now: datetime) -> Iterator[CasePosts]:
    """What is still to be kept of posts for which a person opened a case of suspected hate crime."""
    shown = tables.shown
    for about in shown.keys() if shown else ():
        found = row(shown, about, nothing=StoryPosts()) if shown else StoryPosts()
        for name, post in every_case_name(mode, about, posts=found).items():
            case = tables.case_of(name)
            if case and case.opened_at and row(tables.posts, name, nothing=None) is None:
                yield CasePosts(case_id=name, posts=(post,), kept_until=now + KEPT_AFTER, about=about)


def keep_posts(name: str, tables: CaseTables, *, mode: Mode, now: datetime) -> None:
    """Keep the posts of cases that a person opened, and delete what was kept for those that are over.

    It is about the cases of one incident, or of the trust.
    """
    for one in [one for one in suspected(tables, mode=mode, now=now) if one.about == name]:
        _make_room(tables.posts, about=name)
        tables.posts.put(one.case_id, one)
    for case_id, posts, after in to_change(tables, now=now):
        if posts.about != name:
            continue  # It lies in another partition, whose own event changes it.
        if after is None:
            tables.posts.remove(case_id)
        else:
            tables.posts.put(case_id, after)


def to_change(tables: CaseTables, *, now: datetime) -> Sequence[tuple[str, CasePosts, CasePosts | None]]:
    """Each record that is to be kept otherwise than it is, with what it becomes; None if it is to be deleted."""
    found: list[tuple[str, CasePosts, CasePosts | None]] = []
    for name in tables.posts.keys():  # noqa: SIM118 - a store is no dict
        with suppress(MessageError):
            record = tables.posts.get(name)
            if record and (after := kept_posts(record, tables.case_of(name), now=now)) is not record:
                found.append((name, record, after))
    return found
