"""Partners: the official sources whose posts go out again, each account pinned, and what each may trigger.

Beside them the accounts that look like a partner's, or like ours: orders and facts about those.
"""

import operator
from collections.abc import Mapping
from functools import partial
from typing import Literal

from pydantic import Field

from streams.values import Frozen, Hashtag, Identifier, Language, Level, Reason, Sentence, Word
from streams.words.register.accounts import Credential

POSTS_MAX, POSTS_WITHIN_SECONDS = 6, 300
"""So many posts of an account go out in an incident in that time, if its entry says nothing else."""
FEED_NAMES_BEGIN = "HOLDINGLINE_FEED_"
"""The secret of a feed has a name that begins so: the process that hears partners gets these, and no other."""


class PartnerAccount(Frozen):
    """One account of a partner: what it is pinned by, why we believe that it is theirs, and how we hear it.

    `kind` names the kind of feed, as `bluesky` or `cap`. `address` is where the feed is asked: an `https` address.
    `evidence` says how we know that the account is the partner's, so that a second person can look again.
    """

    kind: Identifier
    account_id: Identifier
    domain: Word
    address: Word
    evidence: Sentence
    credential: Credential | None = None
    options: Mapping[str, str] = Field(default_factory=dict, exclude_if=operator.not_)


OURSELVES = "ourselves"
"""What an account imitates that looks like one of the trust's own."""


class NoteLookAlike(Frozen):
    """Note an account that is registered for nobody and looks like a partner's, or like the trust's own.

    `imitates` is the partner, or `ourselves`; `evidence` says in what it looks alike, `post_id` where it was seen.
    """

    kind: Literal["note_look_alike"] = "note_look_alike"
    account_id: Identifier
    domain: Word
    handle: Word | None = None
    imitates: Identifier
    post_id: Identifier
    evidence: Sentence


class SettleLookAlikes(Frozen):
    """Say what was done about the accounts that look like a partner's, or like ours: nobody need look any more."""

    kind: Literal["settle_look_alikes"] = "settle_look_alikes"
    imitates: Identifier = Field(description="The partner whose look-alikes they are, or `ourselves`.")
    reason: Reason


class LookAlikeNoted(Frozen):
    """An account looks like a partner's, or like ours; no post of it goes out. See `NoteLookAlike`."""

    kind: Literal["look_alike_noted"] = "look_alike_noted"
    account_id: Identifier
    domain: Word
    handle: Word | None = None
    imitates: Identifier
    post_id: Identifier
    evidence: Sentence


class LookAlikesSettled(Frozen):
    """A person said what was done about the look-alikes that were known until then."""

    kind: Literal["look_alikes_settled"] = "look_alikes_settled"
    imitates: Identifier
    reason: Sentence
    rule: Sentence


LookAlikeOrder = NoteLookAlike | SettleLookAlikes
LookAlikeFact = LookAlikeNoted | LookAlikesSettled


class Scope(Frozen):
    """What of a partner's posts goes out without a person's yes; an empty list bounds nothing.

    `hazards` are those of the incident; one of `places`, and one of `words`, has to be in the post.
    `from_level` is the lowest level of an incident for which they go out by themselves; below it a person is asked.
    """

    hazards: tuple[Identifier, ...] = Field(default=(), max_length=50)
    places: tuple[Word, ...] = Field(default=(), max_length=50)
    words: tuple[Word, ...] = Field(default=(), max_length=50)
    from_level: Level = 1


class Partner(Frozen):
    """An official source, pinned by the immutable ids and domains of its accounts; `approved_by` lets its posts go out.

    `account_id` and `domain` are its first account, whose posts come by `holdingline feed`; feeds hear the `accounts`.
    A link in its name lies on `domain` or on one of `link_domains`, or below one of them.
    More than `posts_max` posts of one account in `posts_within_seconds` stop that account until a person resumes it.
    `passes_holds` says that it leads: its posts pass holds on numbers, causes and conditions, never one on names.
    If it is not said, police and ambulance do.
    `disclaimer` stands behind its words on our accounts, by language, as `Sharing is not endorsement.`
    `hashtags` are those that it uses itself: one that people use of an incident is offered to us first.
    """

    id: Identifier
    name: Word
    category: Identifier
    account_id: Identifier
    domain: Word
    channels: tuple[Identifier, ...]
    approved_by: Identifier
    registered_by: Identifier
    link_domains: tuple[Word, ...] = Field(default=(), max_length=20, exclude_if=operator.not_)
    posts_max: int = Field(default=POSTS_MAX, ge=1, le=1_000, exclude_if=POSTS_MAX.__eq__)
    posts_within_seconds: int = Field(
        default=POSTS_WITHIN_SECONDS, ge=1, le=86_400, exclude_if=POSTS_WITHIN_SECONDS.__eq__
    )
    passes_holds: bool | None = Field(default=None, exclude_if=partial(operator.is_, None))
    accounts: tuple[PartnerAccount, ...] = Field(default=(), max_length=20, exclude_if=operator.not_)
    scope: Scope = Field(default=Scope(), exclude_if=Scope().__eq__)
    disclaimer: Mapping[Language, Word] = Field(default_factory=dict, exclude_if=operator.not_)
    hashtags: tuple[Hashtag, ...] = Field(default=(), max_length=20, exclude_if=operator.not_)

    @property
    def pins(self) -> frozenset[tuple[str, str]]:
        """Account id and domain of every account that is pinned, as they were written."""
        further = ((one.account_id, one.domain) for one in self.accounts)
        return frozenset([(self.account_id, self.domain), *further])

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains of its accounts, each once, the first account's first."""
        return tuple(dict.fromkeys([self.domain, *(one.domain for one in self.accounts)]))

    def has(self, account_id: str) -> bool:
        """Whether this account, as the register writes it, is one of the partner's."""
        return any(account_id == pinned for pinned, _ in self.pins)
