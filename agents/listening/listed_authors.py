"""The part of the mentions agent that hears the influence list: listed authors, and accounts whose posts are shared."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from agents.listening.rows import row
from agents.ports import Store
from streams.decisions.listening.crowd import bin_of
from streams.decisions.listening.influence import ListedHeard, of_listed
from streams.decisions.listening.keep import WATCH, PostsKept
from streams.decisions.listening.spread import SHARED, AccountsShared, PeopleSharing
from streams.decisions.listening.vocabulary import Vocabulary
from streams.values import LIST_MAX, Mode
from streams.words.listening.influence import OF_US_LASTS, NoteListed, NoteListedOfUs
from streams.words.posts import VOICES_MAX, ListedPosts, Mention, MentionCount, PassedOn
from streams.words.register.entries import Register

ACCOUNTS = "shared"
"""The one row of each partition that says whose posts it heard."""


@dataclass(frozen=True, slots=True)
class InfluenceTables:
    """The posts of authors on the influence list, by incident; whose posts each partition heard; who passed them on."""

    listed: Store[ListedHeard]
    shared: Store[AccountsShared]
    sharing: Store[PeopleSharing]


def note_shared(
    kept: Iterable[PostsKept], tables: InfluenceTables, *, mode: Mode, now: datetime
) -> Iterator[MentionCount]:
    """Whose posts about us were heard, and counts of who passed on which; a post about several incidents is one.

    What is old goes with any post.
    """
    each = [*{post[0].id: post for one in kept for post in one.posts}.values()]
    before = row(tables.shared, ACCOUNTS, nothing=AccountsShared())
    after = before.with_posts(each, now=bin_of(now))
    if after is not before and after != before:
        tables.shared.put(ACCOUNTS, after)
    passed_on = after.passed_on(each)
    for first in range(0, len(passed_on), VOICES_MAX):
        some = tuple(passed_on[first : first + VOICES_MAX])
        yield MentionCount(mode=mode, incident_id=SHARED, minutes={}, passed_on=some)


def add_shared(more: Sequence[PassedOn], tables: InfluenceTables, *, now: datetime) -> None:
    """Add up who passed on which post, for all partitions."""
    before = row(tables.sharing, SHARED, nothing=PeopleSharing())
    after = before.with_people(more, now=bin_of(now))
    if after != before:
        tables.sharing.put(SHARED, after)


def listed_posts(
    batch: Sequence[Mention], known: Vocabulary, *, live: Collection[str], register: Register, now: datetime
) -> Iterator[tuple[str, Sequence[ListedPosts]]]:
    """The posts of listed authors, by incident or watch, so many together as one count takes."""
    for name, posts in of_listed(batch, known, register=register, now=now, live=live).items():
        for first in range(0, len(posts), LIST_MAX):
            yield name, posts[first : first + LIST_MAX]


def notes(incident_id: str, counts: Sequence[MentionCount], *, tables: InfluenceTables) -> Iterator[NoteListed]:
    """What is said at once: that listed authors post about an incident."""
    more = [posts for one in counts for posts in one.listed]
    if more:
        after, notes = row(tables.listed, incident_id, nothing=ListedHeard()).with_posts(more)
        tables.listed.put(incident_id, after)
        yield from notes


def notes_of_us(counts: Sequence[MentionCount], *, tables: InfluenceTables) -> Iterator[NoteListedOfUs]:
    """The same while no incident goes on: that listed authors post about us."""
    more = [posts for one in counts for posts in one.listed]
    if more:
        after, notes = row(tables.listed, WATCH, nothing=ListedHeard()).with_posts(more, lasts=OF_US_LASTS)
        tables.listed.put(WATCH, after)
        yield from (NoteListedOfUs(category=one.category, posts=one.posts, since=one.since) for one in notes)
