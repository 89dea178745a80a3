"""Listed authors heard: posts of accounts on the influence list that name us or speak of an incident, by category.

They are noted at once and are never a surge by themselves. No account and no word of a post is kept.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import Field

from streams.decisions.authority.order import Order
from streams.decisions.listening.keep import WATCH
from streams.decisions.listening.vocabulary import Vocabulary, words_of
from streams.values import Frozen, Utc
from streams.words.facts import FactBody
from streams.words.influence.entries import InfluenceCategory
from streams.words.listening.influence import ListedNoted, NoteListed, NoteListedOfUs
from streams.words.posts import ListedPosts, Mention
from streams.words.register.entries import Register

EACH_TOLD = 5
"""So many posts of a category are told one by one; after that only twice as many are news."""


class ListedHeard(Frozen):
    """What was heard of listed authors about one incident: posts by category, since when, and how many were noted."""

    posts: Mapping[InfluenceCategory, int] = Field(default_factory=dict)
    since: Mapping[InfluenceCategory, Utc] = Field(default_factory=dict)
    told: Mapping[InfluenceCategory, int] = Field(default_factory=dict)

    def with_posts(
        self, more: Sequence[ListedPosts], *, lasts: timedelta = timedelta.max
    ) -> tuple["ListedHeard", Sequence[NoteListed]]:
        """The same with more posts, and what is news of them: the same news however the posts were cut into batches.

        After `lasts` those of a category count from one.
        """
        posts, since, told = dict(self.posts), dict(self.since), dict(self.told)
        notes: list[NoteListed] = []
        for category, count, at in more:
            if category in since and at - since[category] >= lasts:
                for one in (posts, since, told):
                    one.pop(category, None)
            since[category] = min(since.get(category, at), at)
            for _ in range(count):
                posts[category] = posts.get(category, 0) + 1
                if _is_news(posts[category], told.get(category, 0)):
                    told[category] = posts[category]
                    notes.append(NoteListed(category=category, posts=posts[category], since=since[category]))
        return ListedHeard(posts=posts, since=since, told=told), notes


def of_listed(
    batch: Sequence[Mention], known: Vocabulary, *, register: Register, now: datetime, live: Collection[str] = ()
) -> Mapping[str, Sequence[ListedPosts]]:
    """The posts of listed authors in this batch, by what they are about, in their order; those of one moment together.

    A post that names us is about each of the `live` incidents, or about the watch if there is none.
    """
    listed = {account.account_id: one.category for one in register.influence.values() for account in one.accounts}
    found: defaultdict[str, list[ListedPosts]] = defaultdict(list)
    heard = [(listed[one.author_id], one) for one in batch if one.author_id in listed] if listed else []
    for category, mention in heard:
        at = min(mention.at, now)
        owners = known.owners(words_of(mention.text))
        about = {*owners - {WATCH}, *live} if live and WATCH in owners else owners
        for name in sorted(about):
            posts = found[name]
            same = posts and (posts[-1].category, posts[-1].since) == (category, at)
            before = posts.pop() if same else ListedPosts(category, 0, at)
            posts.append(before._replace(posts=before.posts + 1))
    return found


def accounts_of(register: Register, category: InfluenceCategory) -> frozenset[str]:
    """The accounts of the listed authors of one category."""
    listed = (one for one in register.influence.values() if one.category is category)
    return frozenset(account.account_id for one in listed for account in one.accounts)


def note_listed(order: Order, body: NoteListed | NoteListedOfUs) -> Sequence[FactBody]:
    """Counts alone are noted."""
    del order
    return [ListedNoted(category=body.category, posts=body.posts, since=body.since)]


def _is_news(count: int, told: int) -> bool:
    return count > told and (count <= EACH_TOLD or count >= 2 * told)
