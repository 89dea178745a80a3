"""Spread: accounts whose posts about us many people pass on, so that a person may ask whether they belong on the list.

Only passing on counts, by keyed hashes of the people, never how many follow an account. Of an account its identifier
alone is kept, for two days at most: a person has to see which account it is, and nothing is concluded from it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from pydantic import Field

from streams.decisions.listening.crowd import BIN_SECONDS, LastHeard, bin_of
from streams.values import Frozen, Identifier
from streams.words.posts import Mention
from streams.words.register.entries import Register

PROPOSED_FROM = 25
"""So many people in `HOURS` pass on what an account posts about us before a person is asked."""
HOURS, DAYS_KEPT = 2, 2
POSTS_KNOWN, ACCOUNTS_MAX, PEOPLE_MAX, PROPOSALS_MAX = 1_000, 100, 200, 20
_HOUR = 60 * 60 // BIN_SECONDS


class SpreadProposal(Frozen):
    """So many people passed on posts of this account within `HOURS`; seen last at this bin from the epoch."""

    people: int
    seen: int


class PostKnown(NamedTuple):
    """A post by whose account it is, and in which bin it was heard."""

    account: Identifier
    heard: int


class AccountsShared(Frozen):
    """Who posted what about us lately, who passed it on, and which accounts a person may put on the list.

    `posts` are those of the last two days by their identifier at the source; `people` those who passed on posts of an
    account, by when they did so last. Those who passed on least make room.
    """

    posts: Mapping[Identifier, PostKnown] = Field(default_factory=dict)
    people: Mapping[Identifier, LastHeard] = Field(default_factory=dict)
    proposals: Mapping[Identifier, SpreadProposal] = Field(default_factory=dict)

    def with_posts(self, posts: Sequence[tuple[Mention, int, int]], *, now: int = 0) -> "AccountsShared":
        """The same with more posts about us, each with the hash of its author and its bin, in their order.

        What is older than two days before them, and before the bin `now`, is not kept.
        """
        known, people, proposals = dict(self.posts), {one: dict(of) for one, of in self.people.items()}, {}
        newest = max((heard for _, _, heard in posts), default=now)
        oldest = max(newest, now) - DAYS_KEPT * 24 * _HOUR
        for mention, person, heard in posts:
            post = known.get(mention.repost_of) if mention.repost_of else None
            if post and post.account != mention.author_id:
                people.setdefault(post.account, {})[person] = heard
            elif not mention.repost_of:
                known.pop(mention.id, None)
                known[mention.id] = PostKnown(mention.author_id, heard)
        for account, of in [*people.items()]:
            lately = sorted(((at, one) for one, at in of.items() if at > newest - HOURS * _HOUR), reverse=True)
            people[account] = {one: at for at, one in lately[:PEOPLE_MAX]}
            if len(lately) >= PROPOSED_FROM:
                proposals[account] = SpreadProposal(people=len(people[account]), seen=newest)
        most = sorted(people, key=lambda one: (-len(people[one]), one))[:ACCOUNTS_MAX]
        kept = {one: of for one, of in self.proposals.items() if of.seen > oldest}
        lately_known = [(one, post) for one, post in known.items() if post.heard > oldest]
        return AccountsShared(
            posts=dict(lately_known[-POSTS_KNOWN:]),
            people={one: people[one] for one in most if people[one]},
            proposals=dict([*{**kept, **proposals}.items()][-PROPOSALS_MAX:]),
        )

    def waiting(self, register: Register, now: datetime) -> Mapping[str, int]:
        """How many people passed on which account's posts, for two days; of accounts that nobody knows yet."""
        oldest = bin_of(now) - DAYS_KEPT * 24 * _HOUR
        known = {account.account_id for one in register.influence.values() for account in one.accounts}
        known |= {pin for one in register.partners.values() for pin, _ in one.pins}
        return {one: of.people for one, of in self.proposals.items() if of.seen > oldest and one not in known}


def all_proposals(of: Iterable[AccountsShared]) -> AccountsShared:
    """What several workers propose, each by the posts that it heard."""
    return AccountsShared(proposals={name: one for shared in of for name, one in shared.proposals.items()})
