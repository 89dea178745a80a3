"""Mentions agent: from `mentions` by `mention-counts` to `signals` and `commands`. It sees when a word is due.

Consumes: batches of public posts, from any number of partitions; and who was heard in them, by incident.
Produces: counts; a signal where people surge, and the order that puts it, with fitting templates, before the
commander. Where no incident is declared, the signal alone.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from agents.ports import Clock, Incidents, Registers, Store
from streams.decisions.listening.crowd import BIN_SECONDS
from streams.decisions.listening.influence import ListedHeard, of_listed
from streams.decisions.listening.keep import UNMATCHED, WATCH, PostsKept, keep
from streams.decisions.listening.matcher import terms
from streams.decisions.listening.spread import AccountsShared
from streams.decisions.listening.surge import INCIDENT_RULE, WATCH_RULE, Counts, Surge, counted, heard
from streams.decisions.listening.tags.heard import (
    DAY_BINS,
    TAGS_MAX,
    TagHearing,
    TagLook,
    TagsHeard,
    TagsKnown,
    TagsUsual,
)
from streams.decisions.listening.tags.offered import noted, unfit
from streams.decisions.listening.tags.partners import credited, registered, used_by_partners
from streams.decisions.listening.usual import QUARTER_BINS
from streams.decisions.listening.vocabulary import Vocabulary, vocabulary
from streams.decisions.listening.watched import watched
from streams.errors import MessageError
from streams.subjects.incident import Incident
from streams.values import Frozen, Mode, Subject, derive_id
from streams.words.incident import NoteSignal
from streams.words.orders import Command, Giver, command
from streams.words.posts import VOICES_MAX, Mention, MentionCount, Signal, Voice

NAME = Giver.MENTIONS.value
ENDED_KEPT = 100
"""Counts of so many incidents that are over stay in the table; of one before them, the signals tell."""
SHARED = "shared"
"""The key under which it is kept who passed on whose posts."""
KEY_DAYS = 2
"""A key of a day is deleted after so many days: from then on nothing leads from a hash back to an account."""


class DayKey(Frozen):
    """What accounts are hashed with on one day, in hexadecimal digits."""

    key: str


@dataclass(frozen=True, slots=True)
class Needs:
    """The mode, the hour, a view of the live incidents, the registers, and the tables that it alone writes.

    `keys` are those of the days, and `new_key` makes one of 32 random bytes.
    `tags` are the hashtags of each incident, `usual_tags` those of a sample of other posts, and `listed` the posts of
    authors on the influence list. `shared` is who passed on whose posts.
    """

    mode: Mode
    clock: Clock
    incidents: Incidents
    counts: Store[Counts]
    registers: Registers
    keys: Store[DayKey]
    new_key: Callable[[], bytes]
    tags: Store[TagsHeard]
    usual_tags: Store[TagsUsual]
    listed: Store[ListedHeard]
    shared: Store[AccountsShared]


async def handle(batch: Sequence[Mention], needs: Needs) -> Sequence[MentionCount]:
    """Count a batch by incident and minute, and hear who spoke."""
    now = needs.clock.now()
    known = await _vocabulary(needs)
    found = keep(batch, known, key=_key(now, needs), now=now)
    usual = _usual_tags(found.get(UNMATCHED, PostsKept()), needs)
    _note_shared([one for kept in found.values() for one in kept.posts], needs)
    partners = used_by_partners(batch, known, register=needs.registers())
    counts: list[MentionCount] = []
    for name, kept in found.items():
        minutes, voices = kept.by_minute(), kept.voices
        first = _count(name, voices[:VOICES_MAX], needs, minutes=minutes)
        if any(voice.tags for voice in voices):
            day = voices[-1].heard // DAY_BINS
            used = dict.fromkeys(tag for voice in voices for tag in voice.tags)
            more = {"usual_tags": usual.before(day, [*used][:TAGS_MAX]), "partner_tags": partners.get(name, {})}
            first = first.model_copy(update=more)
        counts.append(first)
        rest = range(VOICES_MAX, len(voices), VOICES_MAX)
        counts += [_count(name, voices[first : first + VOICES_MAX], needs, minutes={}) for first in rest]
    return [*counts, *await _of_listed(batch, known, needs)]


async def handle_counts(batch: Sequence[MentionCount], needs: Needs) -> Sequence[Signal | Command]:
    """Add up what all workers counted; say where it has become a surge."""
    events: list[Signal | Command] = []
    live = {incident.id: incident for incident in await needs.incidents.live()}
    _let_go(live.keys(), needs.counts)
    for store in (needs.tags, needs.listed):
        for name in [one for one in store.keys() if one not in live]:  # noqa: SIM118 - a store is no dict
            store.remove(name)
    for name, (minutes, voices) in _added(batch).items():
        before = _known(name, needs.counts)
        counts = counted(before, minutes)
        if name != UNMATCHED:
            last = before.signalled_at
            counts, surges = heard(counts, voices, rule=WATCH_RULE if name == WATCH else INCIDENT_RULE)
            for found in surges:
                events += _signal(name, found, needs, last=last)
                last = found.at
        needs.counts.put(name, counts)
        if incident := live.get(name):
            mine = [one for one in batch if one.incident_id == name]
            events += [*_tags(incident, mine, needs), *_listed(incident, mine, needs)]
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


def _usual_tags(unmatched: PostsKept, needs: Needs) -> TagsUsual:
    """The tags of the sample, with those of this batch; what cannot be read begins from nothing."""
    try:
        usual = needs.usual_tags.get(UNMATCHED) or TagsUsual()
    except MessageError:
        usual = TagsUsual()
    if unmatched.sample:
        for day in dict.fromkeys(day for day, _ in unmatched.sample):
            usual = usual.with_posts(day, [tags for of, tags in unmatched.sample if of == day])
        needs.usual_tags.put(UNMATCHED, usual)
    return usual


def _tags(incident: Incident, counts: Sequence[MentionCount], needs: Needs) -> Sequence[Signal | Command]:
    """Hear the hashtags of an incident; put them before the commander where a look found something new."""
    register = needs.registers()
    known = TagsKnown(
        used_by={**credited(incident), **{tag: of for one in counts for tag, of in one.partner_tags.items()}},
        registered=registered(register),
        usual={tag: seen for one in counts for tag, seen in one.usual_tags.items()},
        unfit=lambda tag: unfit(tag, incident, register=register, year=needs.clock.now().year),
    )
    try:
        before = needs.tags.get(incident.id) or TagsHeard()
    except MessageError:
        before = TagsHeard()
    hearing = TagHearing(before, known)
    looks = [look for one in counts for voice in one.voices if (look := hearing.hear(voice))]
    needs.tags.put(incident.id, hearing.heard())
    return [event for look in looks for event in _told_tags(incident, look, needs)]


def _told_tags(incident: Incident, look: TagLook, needs: Needs) -> Sequence[Signal | Command]:
    """The look is named by its hour and by what was told before: the same posts give the same again."""
    body, first = noted(look, needs.registers()), next(iter((*look.found, *look.withheld)))
    signal = Signal(
        id=derive_id("signal", needs.mode, incident.id, "tag", look.turn, *look.before),
        mode=needs.mode,
        incident_id=incident.id,
        signal="tag",
        minute=datetime.fromtimestamp(look.turn * QUARTER_BINS * BIN_SECONDS, UTC),
        count=first.people,
        minutes=first.minutes,
    )
    now = needs.clock.now()
    return [signal, command(body, cause=signal.id, mode=needs.mode, subject=incident.subject, at=now, by=NAME)]


def _note_shared(posts: Sequence[tuple[Mention, int, int]], needs: Needs) -> None:
    """Who passes on whose posts about us; a post about several incidents is one."""
    each = {mention.id: (mention, person, heard) for mention, person, heard in posts}
    if not each:
        return
    try:
        before = needs.shared.get(SHARED) or AccountsShared()
    except MessageError:
        before = AccountsShared()
    needs.shared.put(SHARED, before.with_posts([*each.values()]))


async def _of_listed(batch: Sequence[Mention], known: Vocabulary, needs: Needs) -> Sequence[MentionCount]:
    """The posts of listed authors, by incident; one that names us is about each incident that goes on."""
    found = of_listed(batch, known, register=needs.registers(), now=needs.clock.now())
    live = [one.id for one in await needs.incidents.live()] if WATCH in found else []
    about = {name: [*found.get(name, ()), *found.get(WATCH, ())] for name in {**found, **dict.fromkeys(live)}}
    return [
        _count(name, (), needs, minutes={}).model_copy(update={"listed": tuple(posts)})
        for name, posts in about.items()
        if name != WATCH
    ]


def _listed(incident: Incident, counts: Sequence[MentionCount], needs: Needs) -> Sequence[Command]:
    """Tell at once that listed authors post about an incident; the count names the order."""
    more = [posts for one in counts for posts in one.listed]
    if not more:
        return []
    try:
        before = needs.listed.get(incident.id) or ListedHeard()
    except MessageError:
        before = ListedHeard()
    after, notes = before.with_posts(more)
    needs.listed.put(incident.id, after)
    now = needs.clock.now()
    return [
        command(
            one,
            cause=f"listed {one.category} {one.posts}",
            mode=needs.mode,
            subject=incident.subject,
            at=now,
            by=NAME,
        )
        for one in notes
    ]
