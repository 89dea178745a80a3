"""Added: what the counts of one batch say together of an incident, or of the watch."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from streams.words.posts import MentionCount, Routed, Voice, WordingHeard


@dataclass(slots=True)
class Added:
    """The `counts` themselves, posts by minute, and what they say of wordings.

    People and posts that may be cases are in the order in which they came.
    """

    counts: list[MentionCount] = field(default_factory=list)
    minutes: Counter[datetime] = field(default_factory=Counter)
    voices: list[Voice] = field(default_factory=list)
    routed: list[Routed] = field(default_factory=list)
    wordings: dict[int, WordingHeard] = field(default_factory=dict)
    read_one_in: int = 1


def added_up(batch: Sequence[MentionCount]) -> Mapping[str, Added]:
    """What the counts of a batch say together, by incident."""
    found: defaultdict[str, Added] = defaultdict(Added)
    for one in batch:
        added = found[one.incident_id]
        added.counts.append(one)
        added.minutes.update(one.minutes)
        added.voices.extend(one.voices)
        added.routed.extend(one.routed)
        for wording in one.wordings:
            added.wordings.setdefault(wording.wording, wording)
        added.read_one_in = max(added.read_one_in, one.read_one_in)
    return found
