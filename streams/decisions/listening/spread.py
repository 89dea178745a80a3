"""Spread: accounts whose posts about us many people pass on, so that a person may ask whether they belong on the list.

Only passing on counts, by keyed hashes of the people, never how many follow an account. Of an account its identifier
alone is kept, for two days at most: a person has to see which account it is, and nothing is concluded from it.

Each partition of the mentions knows by which account the posts are that it heard; who passed on which post is counted
at one place. Both are put together when somebody looks, so that it does not matter which came first or by which way.
"""

import heapq
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

from pydantic import Field

from streams.decisions.listening.crowd import BIN_SECONDS, PERSON_BITS, bin_of
from streams.values import Frozen, Identifier
from streams.words.posts import Mention, PassedOn
from streams.words.register.entries import Register

PROPOSED_FROM = 25
"""So many people in `HOURS` pass on what an account posts about us before a person is asked."""
HOURS, DAYS_KEPT = 2, 2
POSTS_KNOWN, ROWS_MAX, PEOPLE_MAX, PROPOSALS_MAX = 1_000, 300, 100, 20
_HOUR, _MINUTE = 60 * 60 // BIN_SECONDS, 60 // BIN_SECONDS
SHARED = "shared/trust"
"""Who passed on which post is counted under this name."""
Heard = tuple[Mention, int, int]
"""A post about us, the hash of its author, and its bin."""


class PostKnown(NamedTuple):
    """A post by whose account it is, and in which bin it was heard."""

    account: Identifier
    heard: int


class AccountsShared(Frozen):
    """Which account wrote which post about us, by `number_of` the post; the newest of the last two days."""

    posts: Mapping[int, PostKnown] = Field(default_factory=dict)

    def with_posts(self, posts: Sequence[Heard], *, now: int) -> "AccountsShared":
        """The same with more posts. What is older than two days before the bin `now` is not kept."""
        more = {
            number_of(mention.id): PostKnown(mention.author_id, heard)
            for mention, _, heard in posts
            if not mention.repost_of
        }
        oldest = now - DAYS_KEPT * 24 * _HOUR
        if not more and all(post.heard > oldest for post in self.posts.values()):
            return self
        known = {**self.posts, **more}
        lately = [(post.heard, number) for number, post in known.items() if post.heard > oldest]
        newest = sorted(heapq.nlargest(POSTS_KNOWN, lately))
        # All of it was validated when it came in, and it is much to do again for each batch.
        return AccountsShared.model_construct(posts={number: known[number] for _, number in newest})

    def passed_on(self, posts: Sequence[Heard]) -> Sequence[PassedOn]:
        """Who passed on which post in this batch, each once; an account that passes on its own post does not count."""
        found = dict[PassedOn, None]()
        for mention, person, heard in posts:
            post = number_of(mention.repost_of) if mention.repost_of else 0
            if post and not ((known := self.posts.get(post)) and known.account == mention.author_id):
                found[PassedOn(post, person, heard // _HOUR, heard % _HOUR // _MINUTE)] = None
        return [*found]


class PeopleSharing(Frozen):
    """Who passed on which post in which hour from the epoch, for two days; of each at most `PEOPLE_MAX`, by number.

    `minutes` has, in the same order, the minute of that hour in which each did so first; older records have none.
    Posts and hours of fewest people make room. It is the same in whatever order people were heard.
    """

    people: Mapping[str, tuple[int, ...]] = Field(default_factory=dict)
    minutes: Mapping[str, tuple[int, ...]] = Field(default_factory=dict)

    def with_people(self, more: Iterable[PassedOn], *, now: int) -> "PeopleSharing":
        """The same with more people. What is older than two days before the bin `now` is not kept."""
        rows = {name: self._first(name) for name in self.people}
        for one in more:
            first = rows.setdefault(f"{one.hour}/{one.post}", {})
            first[one.person] = min(first.get(one.person, one.minute), one.minute)
        oldest = now // _HOUR - DAYS_KEPT * 24
        lately = {name: sorted(row)[:PEOPLE_MAX] for name, row in rows.items() if int(name.partition("/")[0]) > oldest}
        kept = sorted(sorted(lately, key=lambda name: (-len(lately[name]), name))[:ROWS_MAX])
        return PeopleSharing(
            people={name: tuple(lately[name]) for name in kept},
            minutes={name: tuple(rows[name][person] for person in lately[name]) for name in kept},
        )

    def each(self) -> Iterator[tuple[int, int, int]]:
        """The minute from the epoch, the post, and who passed it on then."""
        for name in self.people:
            hour, _, post = name.partition("/")
            yield from ((int(hour) * 60 + minute, int(post), person) for person, minute in self._first(name).items())

    def _first(self, name: str) -> dict[int, int]:
        """The people of one row, each with the minute."""
        people = self.people[name]
        return dict(zip(people, self.minutes.get(name, (0,) * len(people)), strict=True))


class SharedLately(NamedTuple):
    """What all partitions know together: whose posts there are, and who passed them on."""

    accounts: Sequence[AccountsShared] = ()
    people: PeopleSharing = PeopleSharing()

    def proposals(self, now: datetime) -> Mapping[str, int]:
        """How many people passed on which account's posts within `HOURS`, the most of two days, most people first."""
        oldest = (bin_of(now) // _HOUR - DAYS_KEPT * 24 + 1) * 60
        whose = {number: post.account for one in self.accounts for number, post in one.posts.items()}
        found = defaultdict[str, list[tuple[int, int]]](list)
        for minute, post, person in self.people.each():
            if minute >= oldest and post in whose:
                found[whose[post]].append((minute, person))
        enough = sorted((-most, account) for account, of in found.items() if (most := _most(of)) >= PROPOSED_FROM)
        return {account: -count for count, account in enough[:PROPOSALS_MAX]}

    def waiting(self, register: Register, now: datetime) -> Mapping[str, int]:
        """The proposals of accounts that nobody knows yet."""
        known = {account.account_id for one in register.influence.values() for account in one.accounts}
        known |= {pin for one in register.partners.values() for pin, _ in one.pins}
        return {account: people for account, people in self.proposals(now).items() if account not in known}


def _most(heard: Sequence[tuple[int, int]]) -> int:
    """The most different people in any two hours, each given by minute and person."""
    within, most = deque[tuple[int, int]](), 0
    people = Counter[int]()
    for minute, person in sorted(heard):
        within.append((minute, person))
        people[person] += 1
        while within[0][0] <= minute - HOURS * 60:
            _, gone = within.popleft()
            people[gone] -= 1
            if not people[gone]:
                del people[gone]
        most = max(most, len(people))
    return most


def number_of(post: str) -> int:
    """A number in place of what a source calls a post, the same everywhere."""
    return int.from_bytes(blake2b(post.encode(), digest_size=PERSON_BITS // 8).digest(), "big")
