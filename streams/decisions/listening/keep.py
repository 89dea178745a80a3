"""Keep: what of a batch names us or speaks of an incident, as counts and people; of other posts only their number."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from streams.decisions.listening.crowd import BIN_SECONDS, PERSON_BITS
from streams.decisions.listening.vocabulary import Vocabulary, words_of
from streams.words.posts import Mention, Voice

WATCH = "watch/trust"
"""Counts of posts that name us are kept under this name."""
UNMATCHED = "unmatched"


@dataclass(slots=True)
class PostsKept:
    """Posts of one incident, of the watch, or of none: how many by minute, and who was heard, as they came.

    `followers` is the sum of those of the authors, over the `with_followers` posts whose source tells how many.
    """

    minutes: Counter[tuple[int, int, int, int, int]] = field(default_factory=Counter)
    voices: list[Voice] = field(default_factory=list)
    followers: int = 0
    with_followers: int = 0

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
        if not owners:
            found[UNMATCHED].minutes[minute] += 1
            continue
        if len(owners) > 1:
            owners.discard(WATCH)
        elif WATCH in owners:
            found[UNMATCHED].minutes[minute] += 1
        hazards = vocabulary.hazards_in(mention.text, words) if WATCH in owners else ()
        voice = Voice(int(at.timestamp()) // BIN_SECONDS, person_of(mention.author_id, key), hazards)
        for owner in owners:
            kept = found[owner]
            kept.minutes[minute] += 1
            kept.voices.append(voice)
            if mention.followers is not None:
                kept.followers += mention.followers
                kept.with_followers += 1
    return found


def person_of(account: str, key: bytes) -> int:
    """A number for an account: the same account has the same one as long as the key is the same."""
    hashed = hashlib.blake2b(account.encode(), key=key, digest_size=PERSON_BITS // 8)
    return int.from_bytes(hashed.digest(), "big")
