"""Keep: what of a batch names us or speaks of an incident, as counts and people; of other posts only their number."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from streams.decisions.listening.crowd import MINUTES_MAX, PERSON_BITS, WARNING_MINUTES_MAX, bin_of
from streams.decisions.listening.routes.gathering import is_case
from streams.decisions.listening.routes.router import Router, Suggestion
from streams.decisions.listening.tags.heard import is_sampled, tags_in
from streams.decisions.listening.vocabulary import Vocabulary, plain_of, words_in
from streams.decisions.listening.wordings import spoken_words, wording_of
from streams.words.posts import Mention, Routed, Voice

Minute = tuple[int, int, int, int, int]
"""Year, month, day, hour and minute."""
WATCH = "watch/trust"
"""Counts of posts that name us are kept under this name."""
UNMATCHED = "unmatched"
DAY_SECONDS = 24 * 60 * 60
_ONLY_US = {WATCH}


class DayKeys(NamedTuple):
    """What accounts are hashed with: the key of this day, and that of the day before, empty if it is not known."""

    today: bytes
    before: bytes = b""


@dataclass(slots=True)
class PostsKept:
    """Posts of one incident, of the watch, or of none: how many by minute, who was heard, and what may be cases.

    The last two are in the order in which they came.
    `wordings` are the different wordings of an incident's posts, each with its first post.
    `followers` is the sum of those of the authors, over the `with_followers` posts whose source tells how many.
    `sample` are the hashtags of some posts that speak of no incident, each with its day. `posts` are the posts
    themselves, each with its person and bin.
    """

    minutes: Counter[Minute] = field(default_factory=Counter)
    voices: list[Voice] = field(default_factory=list)
    routed: list[Routed] = field(default_factory=list)
    wordings: dict[int, Mention] = field(default_factory=dict)
    followers: int = 0
    with_followers: int = 0
    sample: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    posts: list[tuple[Mention, int, int]] = field(default_factory=list)

    def add(self, mention: Mention, voice: Voice, *, minute: Minute) -> None:
        """One more post."""
        self.minutes[minute] += 1
        self.voices.append(voice)
        self.posts.append((mention, voice.person, voice.heard))
        if voice.wording:
            self.wordings.setdefault(voice.wording, mention)
        if mention.followers is not None:
            self.followers += mention.followers
            self.with_followers += 1

    def by_minute(self) -> Mapping[datetime, int]:
        """How many posts there were in each minute."""
        return {datetime(*minute, tzinfo=UTC): count for minute, count in self.minutes.items()}


def keep(
    batch: Sequence[Mention], vocabulary: Vocabulary, *, keys: DayKeys, now: datetime, routes: Router | None = None
) -> Mapping[str, PostsKept]:
    """What was kept, by incident, or by `WATCH` for posts that name us or speak to us, and speak of no incident.

    `UNMATCHED` are all posts that speak of no incident. A post dated ahead counts as of now: else one would end the
    counting of all that come before its date.
    """
    found: defaultdict[str, PostsKept] = defaultdict(PostsKept)
    # As long as people of the day before are remembered, who posts again is known by both numbers.
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    overlaps, warning_overlaps = (midnight + timedelta(minutes=one) for one in (MINUTES_MAX, WARNING_MINUTES_MAX))
    for mention in batch:
        at = min(mention.at, now)
        # Every post passes here, and the numbers of a minute are a key at half the price of its date.
        minute = (at.year, at.month, at.day, at.hour, at.minute)
        plain = plain_of(mention.text)
        words = words_in(plain)
        owners = vocabulary.owners(words)
        if not owners and (mention.addressed or mention.reply_to) and routes and routes.is_to_us(mention):
            owners = {WATCH}
        if (not owners or owners == _ONLY_US) and is_sampled(mention.id):
            found[UNMATCHED].sample.append((int(at.timestamp()) // DAY_SECONDS, tags_in(plain)))
        if not owners:
            found[UNMATCHED].minutes[minute] += 1
            continue
        if len(owners) > 1:
            owners.discard(WATCH)
        elif WATCH in owners:
            found[UNMATCHED].minutes[minute] += 1
        hazards = vocabulary.hazards_in(mention.text, words) if WATCH in owners else ()
        # Posts that only name us are counted; what is said of an incident is gathered too.
        wording, tags = 0, tuple[str, ...]()
        if owners != _ONLY_US:
            wording, tags = wording_of(spoken_words(mention.text)), tags_in(plain)
        person = person_of(mention.author_id, keys.today)
        known_until = warning_overlaps if hazards else overlaps
        before = person_of(mention.author_id, keys.before) if keys.before and at < known_until else 0
        voice = Voice(bin_of(at), person, hazards, tags, wording, before)
        for owner in owners:
            found[owner].add(mention, voice, minute=minute)
        if routes and (route := routes.route(mention, words)):
            # A post of several incidents is one case.
            found[min(owners)].routed.append(_routed(mention, route, voice, key=keys.today))
    return found


def _routed(mention: Mention, route: Suggestion, voice: Voice, *, key: bytes) -> Routed:
    """What is only counted has no name and no person. A repost is about the post that it repeats."""
    one = Routed(voice.heard, route.sort, route.rule, route.words, route.addressed)
    if not is_case(route.sort, addressed=route.addressed):
        return one
    name = mention.repost_of or mention.id
    return one._replace(post=person_of(name, key), person=voice.person, name=name)


def person_of(account: str, key: bytes) -> int:
    """A number for an account: the same account has the same one as long as the key is the same."""
    hashed = hashlib.blake2b(account.encode(), key=key, digest_size=PERSON_BITS // 8)
    return int.from_bytes(hashed.digest(), "big")
