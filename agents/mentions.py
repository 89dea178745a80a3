"""Mentions agent: from `mentions` by `mention-counts` to `signals` and `commands`. It sees when a word is due.

Consumes: batches of public posts, from any number of partitions; and who was heard in them, by incident.
Produces: counts; a signal where people surge, and the order that puts it, with fitting templates, before the
commander. Of posts that name us and speak of no incident, the order that puts it before a person on call. The order
that notes a story which people tell, and, once an answer to it is out, how it went on; the orders that note which
hashtags they use, and that listed authors post about it. And the order that opens a case, for a post that a person may
have to answer or hand on.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from agents.listening import listed_authors, opened_cases, told_stories, used_tags
from agents.listening.listed_authors import InfluenceTables
from agents.listening.opened_cases import CaseTables
from agents.listening.rows import row
from agents.listening.told_stories import StoryTables
from agents.listening.used_tags import TagTables
from agents.ports import Clock, Incidents, Registers, Store
from streams.decisions.listening.added import added_up
from streams.decisions.listening.influence import accounts_of
from streams.decisions.listening.keep import UNMATCHED, WATCH, DayKeys, PostsKept, keep
from streams.decisions.listening.matcher import terms
from streams.decisions.listening.routes.gathering import RoutesHeard
from streams.decisions.listening.routes.router import router
from streams.decisions.listening.spread import SHARED
from streams.decisions.listening.surge import (
    INCIDENT_RULE,
    WATCH_RULE,
    Counts,
    Surge,
    counted,
    heard,
    with_followers_of,
)
from streams.decisions.listening.tags.offered import order_of
from streams.decisions.listening.tags.partners import partner_voices
from streams.decisions.listening.vocabulary import Vocabulary, vocabulary
from streams.decisions.listening.watch.kinds import kinds_of
from streams.decisions.listening.watch.notes import look_again, note_of
from streams.decisions.listening.watched import watched
from streams.decisions.listening.wordings import doubts_of, read
from streams.subjects.incident import Incident
from streams.subjects.listening.watch import TrustWatch
from streams.values import Frozen, Mode, Subject, SubjectKind, derive_id
from streams.words.incident import NoteSignal
from streams.words.influence.entries import InfluenceCategory
from streams.words.listening.watch import THE_WATCH
from streams.words.orders import Command, CommandBody, Giver, command
from streams.words.posts import ROUTED_MAX, VOICES_MAX, Mention, MentionCount, Signal
from streams.words.register.entries import Register

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

    `keys` are those of the days, and `new_key` makes one of 32 random bytes. `watch` is what the desk made of it.
    """

    mode: Mode
    clock: Clock
    incidents: Incidents
    counts: Store[Counts]
    registers: Registers
    keys: Store[DayKey]
    new_key: Callable[[], bytes]
    told: StoryTables
    cases: CaseTables
    tags: TagTables
    influence: InfluenceTables
    watch: Callable[[], TrustWatch | None] = lambda: None


async def handle(batch: Sequence[Mention], needs: Needs) -> Sequence[MentionCount]:
    """Count a batch by incident and minute, and hear who spoke."""
    now = needs.clock.now()
    register, live = needs.registers(), await needs.incidents.live()
    known = _vocabulary(register, live)
    routes = router(register, media=accounts_of(register, InfluenceCategory.LOCAL_MEDIA))
    found = keep(batch, known, keys=_keys(now, needs), now=now, routes=routes)
    usual = used_tags.usual_tags(found.get(UNMATCHED, PostsKept()), needs.tags)
    shared = [*listed_authors.note_shared(found.values(), needs.influence, mode=needs.mode, now=now)]
    doubts = doubts_of(register.words.doubt_words)
    counts: list[MentionCount] = []
    for name, kept in found.items():
        first, *rest = _counts(kept, needs, name=name, doubts=doubts)
        tags = {
            "usual_tags": used_tags.usual_of(kept, usual),
            "partner_voices": partner_voices(kept.posts, register),
        }
        counts += [first.model_copy(update=tags), *rest]
    listed = listed_authors.listed_posts(batch, known, live=[one.id for one in live], register=register, now=now)
    counted_too = partial(MentionCount, mode=needs.mode, minutes={})
    return [*counts, *shared, *(counted_too(incident_id=name, listed=tuple(posts)) for name, posts in listed)]


async def handle_counts(batch: Sequence[MentionCount], needs: Needs) -> Sequence[Signal | Command]:
    """Add up what all workers counted; say where it has become a surge, which stories there are, and what is a case."""
    events: list[Signal | Command] = []
    order, now, register = partial(_ordered, needs), needs.clock.now(), needs.registers()
    live = {incident.id: incident for incident in await needs.incidents.live()}
    _let_go(live, needs)
    told_stories.forget(needs.told, live, now=now)
    for name, added in added_up(batch).items():
        if name == SHARED:
            passed_on = [passed for one in added.counts for passed in one.passed_on]
            listed_authors.add_shared(passed_on, needs.influence, now=now)
            continue
        before = row(needs.counts, name, nothing=Counts())
        counts = with_followers_of(counted(before, added.minutes), added.counts)
        if name != UNMATCHED:
            last, about = before.signalled_at, Subject.incident(name)
            rule = WATCH_RULE if name == WATCH else INCIDENT_RULE
            counts, surges = heard(counts, added.voices, rule=rule, kinds=kinds_of(register.words))
            for found in surges:
                events += _signal(name, found, needs, last=last)
                last = found.at
            told = told_stories.stories(name, added, tables=needs.told, register=register)
            events += [order(note, about=about, cause=cause) for cause, note in told]
            opened = opened_cases.cases(name, added.routed, tables=needs.cases, mode=needs.mode, now=now)
            events += [order(one, about=_case(case), cause=one.gathered) for case, one in opened]
            if not (added.minutes or added.voices or added.routed):
                # A count of nothing says that time has passed.
                opened_cases.keep_posts(name, needs.cases, mode=needs.mode, now=now)
        for listed in listed_authors.notes_of_us(added.counts, tables=needs.influence) if name == WATCH else ():
            cause = f"listed {listed.category} {listed.posts} {listed.since}"
            events.append(order(listed, about=THE_WATCH, cause=cause))
        if name == WATCH and (looked := look_again(needs.watch(), counts, now=now)):
            events.append(order(looked, about=THE_WATCH, cause=looked.looked))
        needs.counts.put(name, counts)
        if incident := live.get(name):
            events += _of_incident(incident, added.counts, needs)
    for incident in live.values():
        went_on = told_stories.courses(incident, needs.told, now=now)
        events += [order(note, about=incident.subject, cause=cause) for cause, note in went_on]
    return events


def _case(name: str) -> Subject:
    return Subject(kind=SubjectKind.CASE, id=name)


def _of_incident(incident: Incident, counts: Sequence[MentionCount], needs: Needs) -> Iterator[Signal | Command]:
    """What hashtags people use, and whether listed authors post; the count names the order."""
    register, about = needs.registers(), incident.subject
    for look in used_tags.looks(incident, counts, tables=needs.tags, register=register, year=needs.clock.now().year):
        yield (signal := used_tags.signal(incident, look))
        yield _ordered(needs, order_of(look, register), about=about, cause=signal.id)
    for note in listed_authors.notes(incident.id, counts, tables=needs.influence):
        yield _ordered(needs, note, about=about, cause=f"listed {note.category} {note.posts}")


def _ordered(needs: Needs, body: CommandBody, *, about: Subject, cause: object) -> Command:
    return command(body, cause=cause, mode=needs.mode, subject=about, at=needs.clock.now(), by=NAME)


def _vocabulary(register: Register, live: Sequence[Incident]) -> Vocabulary:
    """What is looked for now: the terms of each live incident, and what names us."""
    owned = [(incident.id, terms(incident)) for incident in live]
    return vocabulary([*owned, (WATCH, watched(register))], hazards=register.words.hazard_words)


def _keys(now: datetime, needs: Needs) -> DayKeys:
    """The keys of this day and of yesterday; those of the days before are deleted."""
    today, yesterday = f"{now:%Y-%m-%d}", f"{now - timedelta(days=1):%Y-%m-%d}"
    found = row(needs.keys, today, nothing=None)
    if found is None:
        found = DayKey(key=needs.new_key().hex())
        needs.keys.put(today, found)
        oldest = f"{now - timedelta(days=KEY_DAYS):%Y-%m-%d}"
        for day in [day for day in needs.keys.keys() if day <= oldest]:  # noqa: SIM118 - a store is no dict
            needs.keys.remove(day)
    before = row(needs.keys, yesterday, nothing=None)
    return DayKeys(bytes.fromhex(found.key), bytes.fromhex(before.key) if before else b"")


def _counts(kept: PostsKept, needs: Needs, *, name: str, doubts: Sequence[str]) -> Iterator[MentionCount]:
    """One count, or several if more came than one takes; the first has the minutes.

    Each wording that was read comes with its first voice.
    """
    whole = partial(MentionCount, mode=needs.mode, incident_id=name)
    told, read_one_in = read(kept.wordings, doubts)
    untold = {one.wording: one for one in told}
    several = max(1, -(-len(kept.voices) // VOICES_MAX), -(-len(kept.routed) // ROUTED_MAX))
    for turn in range(several):
        voices = tuple(kept.voices[turn * VOICES_MAX : (turn + 1) * VOICES_MAX])
        yield whole(
            minutes={} if turn else kept.by_minute(),
            followers=0 if turn else kept.followers,
            with_followers=0 if turn else kept.with_followers,
            voices=voices,
            routed=tuple(kept.routed[turn * ROUTED_MAX : (turn + 1) * ROUTED_MAX]),
            wordings=tuple(untold.pop(one.wording) for one in voices if one.wording in untold),
            read_one_in=read_one_in,
        )


def _let_go(live: Collection[str], needs: Needs) -> None:
    """Keep the tables small over the years."""
    tables: tuple[Store[Counts] | Store[RoutesHeard], ...] = (needs.counts, needs.cases.routes)
    for table in tables:
        ended = [name for name in table.keys() if name not in {*live, UNMATCHED, WATCH}]  # noqa: SIM118 - a store is no dict
        for name in ended[:-ENDED_KEPT]:
            table.remove(name)
    for store in (needs.tags.heard, needs.influence.listed):
        for name in [one for one in store.keys() if one not in {*live, WATCH}]:  # noqa: SIM118 - a store is no dict
            store.remove(name)


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
        return [signal, _ordered(needs, note_of(found), about=THE_WATCH, cause=signal.id)]
    note = NoteSignal(
        signal="surge",
        minute=found.minute,
        count=found.people,
        minutes=found.minutes,
        usual=usual,
        peak=found.peak,
    )
    return [signal, _ordered(needs, note, about=Subject.incident(name), cause=signal.id)]
