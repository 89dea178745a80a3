"""Mentions agent: from `mentions` by `mention-counts` to `signals` and `commands`. It sees when a word is due.

Consumes: batches of public posts, from any number of partitions; and what was counted in them, by incident.
Produces: counts; a signal where mentions surge, and the order that puts it, with fitting templates, before the
commander.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from agents.ports import Clock, Incidents, Store
from streams.decisions.listening.matcher import Matcher, matcher
from streams.decisions.listening.surge import Counts, Surge, counted, surge
from streams.errors import MessageError
from streams.values import Mode, Subject, derive_id
from streams.words.incident import NoteSignal
from streams.words.orders import Command, Giver, command
from streams.words.posts import Mention, MentionCount, Signal

NAME = Giver.MENTIONS.value
UNMATCHED = "unmatched"
ENDED_KEPT = 100
"""Counts of so many incidents that are over stay in the table; of one before them, the signals tell."""


@dataclass(frozen=True, slots=True)
class Needs:
    """The mode, the hour, a view of the live incidents, and the table of counts that it alone writes."""

    mode: Mode
    clock: Clock
    incidents: Incidents
    counts: Store[Counts]


async def handle(batch: Sequence[Mention], needs: Needs) -> Sequence[MentionCount]:
    """Count a batch by incident and minute."""
    found = _by_incident(batch, matcher(await needs.incidents.live()), needs.clock.now())
    return [MentionCount(mode=needs.mode, incident_id=name, minutes=minutes) for name, minutes in found.items()]


async def handle_counts(batch: Sequence[MentionCount], needs: Needs) -> Sequence[Signal | Command]:
    """Add up what all workers counted; say where it has become a surge."""
    events: list[Signal | Command] = []
    _let_go({incident.id for incident in await needs.incidents.live()}, needs.counts)
    for incident_id, minutes in _added(batch).items():
        counts = counted(_known(incident_id, needs.counts), minutes)
        found = surge(counts) if incident_id != UNMATCHED else None
        if found:
            events += _signal(incident_id, found, needs, last=counts.signalled_at)
            counts = counts.model_copy(update={"signalled_at": found.minute})
        needs.counts.put(incident_id, counts)
    return events


def _known(incident_id: str, counts: Store[Counts]) -> Counts:
    """What was counted before. What cannot be read is counted from nothing: nothing public rests on it alone."""
    try:
        return counts.get(incident_id) or Counts()
    except MessageError:
        return Counts()


def _added(batch: Sequence[MentionCount]) -> Mapping[str, Mapping[datetime, int]]:
    found: defaultdict[str, Counter[datetime]] = defaultdict(Counter)
    for one in batch:
        found[one.incident_id].update(one.minutes)
    return found


def _let_go(live: Collection[str], counts: Store[Counts]) -> None:
    """Keep the table small over the years."""
    ended = [name for name in counts.keys() if name not in live and name != UNMATCHED]  # noqa: SIM118 - a store is no dict
    for name in ended[:-ENDED_KEPT]:
        counts.remove(name)


def _by_incident(batch: Sequence[Mention], match: Matcher, now: datetime) -> Mapping[str, Mapping[datetime, int]]:
    """Mentions by incident and minute; a post may speak of several incidents, or of none that we know.

    A post dated ahead counts as of now: else one would end the counting of all that come before its date.
    """
    found: defaultdict[str, Counter[tuple[int, int, int, int, int]]] = defaultdict(Counter)
    for mention in batch:
        at = min(mention.at, now)
        # Every post passes here, and the numbers of a minute are a key at half the price of its date.
        minute = (at.year, at.month, at.day, at.hour, at.minute)
        for incident_id in match.incidents(mention.text) or (UNMATCHED,):
            found[incident_id][minute] += 1
    return {
        incident_id: {datetime(*minute, tzinfo=UTC): count for minute, count in minutes.items()}
        for incident_id, minutes in found.items()
    }


def _signal(incident_id: str, found: Surge, needs: Needs, *, last: datetime | None) -> Sequence[Signal | Command]:
    """The surge after the `last` one: that names it, since a batch that comes again may be cut and dated otherwise."""
    signal = Signal(
        id=derive_id("signal", needs.mode, incident_id, "surge", last),
        mode=needs.mode,
        incident_id=incident_id,
        signal="surge",
        minute=found.minute,
        count=found.count,
    )
    note = NoteSignal(signal="surge", minute=found.minute, count=found.count)
    now = needs.clock.now()
    return [
        signal,
        command(note, cause=signal.id, mode=needs.mode, subject=Subject.incident(incident_id), at=now, by=NAME),
    ]
