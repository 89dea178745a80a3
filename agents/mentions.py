"""Mentions agent: from `mentions` by `mention-counts` to `signals` and `commands`. It sees when a word is due.

Consumes: batches of public posts, from any number of partitions; and who was heard in them, by incident.
Produces: counts; a signal where people surge, and the order that puts it, with fitting templates, before the
commander. Where no incident is declared, the signal alone.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agents.ports import Clock, Incidents, Registers, Store
from streams.decisions.listening.keep import UNMATCHED, WATCH, keep
from streams.decisions.listening.matcher import terms
from streams.decisions.listening.surge import (
    INCIDENT_RULE,
    WATCH_RULE,
    Counts,
    Surge,
    counted,
    heard,
    with_followers_of,
)
from streams.decisions.listening.vocabulary import Vocabulary, vocabulary
from streams.decisions.listening.watched import watched
from streams.errors import MessageError
from streams.values import Frozen, Mode, Subject, derive_id
from streams.words.incident import NoteSignal
from streams.words.orders import Command, Giver, command
from streams.words.posts import VOICES_MAX, Mention, MentionCount, Signal, Voice

NAME = Giver.MENTIONS.value
ENDED_KEPT = 100
"""Counts of so many incidents that are over stay in the table; of one before them, the signals tell."""
KEY_DAYS = 2
"""A key of a day is deleted after so many days: from then on nothing leads from a hash back to an account."""


class DayKey(Frozen):
    """What accounts are hashed with on one day, in hexadecimal digits."""

    key: str


@dataclass(frozen=True, slots=True)
class Needs:
    """The mode, the hour, a view of the live incidents, the registers, and the tables that it alone writes.

    `keys` are those of the days, and `new_key` makes one of 32 random bytes.
    """

    mode: Mode
    clock: Clock
    incidents: Incidents
    counts: Store[Counts]
    registers: Registers
    keys: Store[DayKey]
    new_key: Callable[[], bytes]


async def handle(batch: Sequence[Mention], needs: Needs) -> Sequence[MentionCount]:
    """Count a batch by incident and minute, and hear who spoke."""
    now = needs.clock.now()
    known = await _vocabulary(needs)
    found = keep(batch, known, key=_key(now, needs), now=now)
    counts: list[MentionCount] = []
    for name, kept in found.items():
        minutes, voices = kept.by_minute(), kept.voices
        head = _count(name, voices[:VOICES_MAX], needs, minutes=minutes)
        told = {"followers": kept.followers, "with_followers": kept.with_followers}
        counts.append(head.model_copy(update=told))
        rest = range(VOICES_MAX, len(voices), VOICES_MAX)
        counts += [_count(name, voices[first : first + VOICES_MAX], needs, minutes={}) for first in rest]
    return counts


async def handle_counts(batch: Sequence[MentionCount], needs: Needs) -> Sequence[Signal | Command]:
    """Add up what all workers counted; say where it has become a surge."""
    events: list[Signal | Command] = []
    _let_go({incident.id for incident in await needs.incidents.live()}, needs.counts)
    for name, (minutes, voices) in _added(batch).items():
        before = _known(name, needs.counts)
        counts = with_followers_of(counted(before, minutes), [one for one in batch if one.incident_id == name])
        if name != UNMATCHED:
            last = before.signalled_at
            counts, surges = heard(counts, voices, rule=WATCH_RULE if name == WATCH else INCIDENT_RULE)
            for found in surges:
                events += _signal(name, found, needs, last=last)
                last = found.at
        needs.counts.put(name, counts)
    return events


async def _vocabulary(needs: Needs) -> Vocabulary:
    """What is looked for now: the terms of each live incident, and what names us."""
    register = needs.registers()
    owned = [(incident.id, terms(incident)) for incident in await needs.incidents.live()]
    return vocabulary([*owned, (WATCH, watched(register))], hazards=register.words.hazard_words)


def _key(now: datetime, needs: Needs) -> bytes:
    """The key of this day; those of days before yesterday are deleted."""
    today = f"{now:%Y-%m-%d}"
    try:
        found = needs.keys.get(today)
    except MessageError:
        found = None
    if found is None:
        found = DayKey(key=needs.new_key().hex())
        needs.keys.put(today, found)
        oldest = f"{now - timedelta(days=KEY_DAYS):%Y-%m-%d}"
        for day in [day for day in needs.keys.keys() if day <= oldest]:  # noqa: SIM118 - a store is no dict
            needs.keys.remove(day)
    return bytes.fromhex(found.key)


def _count(name: str, voices: Sequence[Voice], needs: Needs, *, minutes: Mapping[datetime, int]) -> MentionCount:
    return MentionCount(mode=needs.mode, incident_id=name, minutes=minutes, voices=tuple(voices))


def _known(incident_id: str, counts: Store[Counts]) -> Counts:
    """What was counted before. What cannot be read is counted from nothing: nothing public rests on it alone."""
    try:
        return counts.get(incident_id) or Counts()
    except MessageError:
        return Counts()


def _added(batch: Sequence[MentionCount]) -> Mapping[str, tuple[Mapping[datetime, int], Sequence[Voice]]]:
    """Posts by minute, and the people in the order in which they came, by incident."""
    minutes: defaultdict[str, Counter[datetime]] = defaultdict(Counter)
    voices: defaultdict[str, list[Voice]] = defaultdict(list)
    for one in batch:
        minutes[one.incident_id].update(one.minutes)
        voices[one.incident_id].extend(one.voices)
    return {name: (minutes[name], voices[name]) for name in minutes}


def _let_go(live: Collection[str], counts: Store[Counts]) -> None:
    """Keep the table small over the years."""
    ended = [name for name in counts.keys() if name not in {*live, UNMATCHED, WATCH}]  # noqa: SIM118 - a store is no dict
    for name in ended[:-ENDED_KEPT]:
        counts.remove(name)


def _signal(name: str, found: Surge, needs: Needs, *, last: datetime | None) -> Sequence[Signal | Command]:
    """The surge after the `last` one: that names it, since a batch that comes again may be cut and dated otherwise."""
    usual = round(found.usual, 2)
    signal = Signal(
        id=derive_id("signal", needs.mode, name, "surge", last),
        mode=needs.mode,
        incident_id=None if name == WATCH else name,
        signal="watch-surge" if name == WATCH else "surge",
        minute=found.minute,
        count=found.people,
        minutes=found.minutes,
        usual=usual,
        words=found.words,
        peak=found.peak,
        is_estimate=found.is_estimate,
    )
    if name == WATCH:
        return [signal]
    note = NoteSignal(
        signal="surge",
        minute=found.minute,
        count=found.people,
        minutes=found.minutes,
        usual=usual,
        peak=found.peak,
    )
    now = needs.clock.now()
    return [signal, command(note, cause=signal.id, mode=needs.mode, subject=Subject.incident(name), at=now, by=NAME)]
