"""Keep: what of a batch names us or speaks of an incident, as counts and people; of other posts only their number."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from streams.decisions.listening.crowd import BIN_SECONDS, PERSON_BITS
from streams.decisions.listening.tags.heard import is_sampled, tags_of
from streams.decisions.listening.vocabulary import Vocabulary, words_of
from streams.decisions.listening.wordings import spoken_words, wording_of
from streams.words.posts import Mention, Voice

WATCH = "watch/trust"
"""Counts of posts that name us are kept under this name."""
UNMATCHED = "unmatched"
DAY_SECONDS = 24 * 60 * 60
_ONLY_US = {WATCH}


@dataclass(slots=True)
class PostsKept:
    """Posts of one incident, of the watch, or of none: how many by minute, and who was heard, as they came.

    `sample` are the hashtags of some posts that speak of no incident, each with its day. `posts` are the posts
    themselves, each with its person and bin.
    """

    minutes: Counter[tuple[int, int, int, int, int]] = field(default_factory=Counter)
    voices: list[Voice] = field(default_factory=list)
    sample: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    posts: list[tuple[Mention, int, int]] = field(default_factory=list)

    def by_minute(self) -> Mapping[datetime, int]:
        """How many posts there were in each minute."""
        return {datetime(*minute, tzinfo=UTC): count for minute, count in self.minutes.items()}


def keep(batch: Sequence[Mention], vocabulary: Vocabulary, *, key: bytes, now: datetime) -> Mapping[str, PostsKept]:
    """What was kept, by incident, or by `WATCH` for posts that name us and speak of no incident.

    `UNMATCHED` are all posts that speak of no incident. A post dated ahead counts as of now: else one would end the
    counting of all that come before its date. `key` is what accounts are hashed with.
    """
    found: defaultdict[str, PostsKept] = defaultdict(PostsKept)
    for mention in batch:
        at = min(mention.at, now)
        # Every post passes here, and the numbers of a minute are a key at half the price of its date.
        minute = (at.year, at.month, at.day, at.hour, at.minute)
        words = words_of(mention.text)
        owners = vocabulary.owners(words)
        if (not owners or owners == _ONLY_US) and is_sampled(mention.id):
            found[UNMATCHED].sample.append((int(at.timestamp()) // DAY_SECONDS, tags_of(mention.text)))
        if not owners:
            found[UNMATCHED].minutes[minute] += 1
            continue
        if len(owners) > 1:
            owners.discard(WATCH)
        elif WATCH in owners:
            found[UNMATCHED].minutes[minute] += 1
        hazards = vocabulary.hazards_in(mention.text, words) if WATCH in owners else ()
        voice = Voice(int(at.timestamp()) // BIN_SECONDS, person_of(mention.author_id, key), hazards)
        if owners != _ONLY_US:
            wording = wording_of(spoken_words(mention.text))
            voice = voice._replace(tags=tags_of(mention.text), wording=wording)
        for owner in owners:
            kept = found[owner]
            kept.minutes[minute] += 1
            kept.voices.append(voice)
            kept.posts.append((mention, voice.person, voice.heard))
    return found


def person_of(account: str, key: bytes) -> int:
    """A number for an account: the same account has the same one as long as the key is the same."""
    hashed = hashlib.blake2b(account.encode(), key=key, digest_size=PERSON_BITS // 8)
    return int.from_bytes(hashed.digest(), "big")
