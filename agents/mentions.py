"""Mentions agent: from `mentions` by `mention-counts` to `signals` and `commands`. It sees when a word is due.

Consumes: batches of public posts, from any number of partitions; and who was heard in them, by incident.
Produces: counts; a signal where people surge, and the order that puts it, with fitting templates, before the
commander. Where no incident is declared, the signal alone. And the order that opens a case, for a post that a person
may have to answer or hand on.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from agents.ports import Clock, Incidents, Registers, Store
from streams.decisions.cases.retention import kept_posts
from streams.decisions.listening.keep import UNMATCHED, WATCH, PostsKept, keep
from streams.decisions.listening.matcher import terms
from streams.decisions.listening.routes.gathering import Found, Opened, RoutesHeard, gather
from streams.decisions.listening.routes.router import router
from streams.decisions.listening.routes.suggesting import posts_of, suggestion
from streams.decisions.listening.surge import INCIDENT_RULE, WATCH_RULE, Counts, Surge, counted, heard
from streams.decisions.listening.vocabulary import Vocabulary, vocabulary
from streams.decisions.listening.watched import watched
from streams.errors import MessageError
from streams.subjects.case import Case
from streams.values import Frozen, Mode, Subject, SubjectKind, derive_id
from streams.words.cases import GatherMore, OpenCase
from streams.words.incident import NoteSignal
from streams.words.listening.routes import CasePosts
from streams.words.orders import Command, Giver, command
from streams.words.posts import ROUTED_MAX, VOICES_MAX, Mention, MentionCount, Routed, Signal, Voice

NAME = Giver.MENTIONS.value
ENDED_KEPT = 100
"""Counts of so many incidents that are over stay in the table; of one before them, the signals tell."""
CASES_KEPT = 10_000
"""Of so many cases it is known which posts they are about; what came first goes first."""
KEY_DAYS = 2
"""A key of a day is deleted after so many days: from then on nothing leads from a hash back to an account."""


class DayKey(Frozen):
    """What accounts are hashed with on one day, in hexadecimal digits."""

    key: str


@dataclass(frozen=True, slots=True)
class Needs:
    """The mode, the hour, a view of the live incidents, the registers, and the tables that it alone writes.

    `keys` are those of the days, and `new_key` makes one of 32 random bytes. `routes` is what came of posts that a
    person may have to answer, `posts` which ones they are, for as long as the case that `case_of` gives says. `media`
    gives the accounts of the media on our list.
    """

    mode: Mode
    clock: Clock
    incidents: Incidents
    counts: Store[Counts]
    registers: Registers
    keys: Store[DayKey]
    new_key: Callable[[], bytes]
    routes: Store[RoutesHeard]
    posts: Store[CasePosts]
    media: Callable[[], Collection[str]] = tuple
    case_of: Callable[[str], Case | None] = lambda _: None


async def handle(batch: Sequence[Mention], needs: Needs) -> Sequence[MentionCount]:
    """Count a batch by incident and minute, and hear who spoke."""
    now = needs.clock.now()
    known = await _vocabulary(needs)
    routes = router(needs.registers(), media=needs.media())
    found = keep(batch, known, key=_key(now, needs), now=now, routes=routes)
    return [count for name, kept in found.items() for count in _counts(name, kept, needs)]


async def handle_counts(batch: Sequence[MentionCount], needs: Needs) -> Sequence[Signal | Command]:
    """Add up what all workers counted; say where it has become a surge."""
    events: list[Signal | Command] = []
    live = {incident.id for incident in await needs.incidents.live()}
    _let_go(live, needs.counts)
    _let_go(live, needs.routes)
    for name, (minutes, voices, routed) in _added(batch).items():
        before = _known(name, needs.counts)
        counts = counted(before, minutes)
        if name != UNMATCHED:
            last = before.signalled_at
            counts, surges = heard(counts, voices, rule=WATCH_RULE if name == WATCH else INCIDENT_RULE)
            for found in surges:
                events += _signal(name, found, needs, last=last)
                last = found.at
            events += _cases(name, routed, needs)
            if not (minutes or voices or routed):
                keep_posts(name, needs)  # A count of nothing says that time has passed.
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


def _counts(name: str, kept: PostsKept, needs: Needs) -> Iterator[MentionCount]:
    """One count, or several if more came than one takes; the first has the minutes."""
    whole = partial(MentionCount, mode=needs.mode, incident_id=name)
    voices, routed = tuple(kept.voices), tuple(kept.routed)
    several = max(1, -(-len(voices) // VOICES_MAX), -(-len(routed) // ROUTED_MAX))
    for turn in range(several):
        yield whole(
            minutes={} if turn else kept.by_minute(),
            voices=voices[turn * VOICES_MAX : (turn + 1) * VOICES_MAX],
            routed=routed[turn * ROUTED_MAX : (turn + 1) * ROUTED_MAX],
        )


def _known(incident_id: str, counts: Store[Counts]) -> Counts:
    """What was counted before. What cannot be read is counted from nothing: nothing public rests on it alone."""
    try:
        return counts.get(incident_id) or Counts()
    except MessageError:
        return Counts()


def _added(
    batch: Sequence[MentionCount],
) -> Mapping[str, tuple[Mapping[datetime, int], Sequence[Voice], Sequence[Routed]]]:
    """Posts by minute, and people and routed posts in the order in which they came, by incident."""
    minutes: defaultdict[str, Counter[datetime]] = defaultdict(Counter)
    voices: defaultdict[str, list[Voice]] = defaultdict(list)
    routed: defaultdict[str, list[Routed]] = defaultdict(list)
    for one in batch:
        minutes[one.incident_id].update(one.minutes)
        voices[one.incident_id].extend(one.voices)
        routed[one.incident_id].extend(one.routed)
    return {name: (minutes[name], voices[name], routed[name]) for name in minutes}


def _let_go(live: Collection[str], table: Store[Counts] | Store[RoutesHeard]) -> None:
    """Keep the table small over the years."""
    ended = [name for name in table.keys() if name not in {*live, UNMATCHED, WATCH}]  # noqa: SIM118 - a store is no dict
    for name in ended[:-ENDED_KEPT]:
        table.remove(name)


def _cases(name: str, routed: Sequence[Routed], needs: Needs) -> Iterator[Command]:
    """The orders that open a case for a person, or say that further posts joined one."""
    if not routed:
        return
    try:
        before = needs.routes.get(name)
    except MessageError:
        before = None
    after, found = gather(before or RoutesHeard(), routed, mode=needs.mode, about=name)
    needs.routes.put(name, after)
    for one in found:
        _note_posts(one, needs, about=name)
        order: OpenCase | GatherMore
        if isinstance(one, Opened):
            order = suggestion(one, incident=None if name == WATCH else name)
        elif one.gathered:
            order = GatherMore(gathered=one.gathered)
        else:
            continue
        about = Subject(kind=SubjectKind.CASE, id=one.case_id)
        yield command(order, cause=order.gathered, mode=needs.mode, subject=about, at=needs.clock.now(), by=NAME)


def _note_posts(found: Found, needs: Needs, *, about: str) -> None:
    """Keep which posts a case is about, in the one table that has them."""
    if isinstance(found, Opened):
        now = needs.clock.now()
        _forget_posts(needs.posts, about=about)
        needs.posts.put(found.case_id, posts_of(found, about=about, now=now))
        return
    try:
        before = needs.posts.get(found.case_id) if found.keep else None
    except MessageError:
        before = None
    if before:
        posts, authors = (*before.posts, found.post.name), (*before.authors, found.post.person)
        needs.posts.put(found.case_id, before.model_copy(update={"posts": posts, "authors": authors}))


def _forget_posts(posts: Store[CasePosts], *, about: str) -> None:
    """What finds no room goes: the oldest come first, but for evidence."""
    names = posts.keys()
    for name in names if len(names) >= CASES_KEPT else ():
        with suppress(MessageError):
            found = posts.get(name)
            if found and found.about == about and not found.held:
                posts.remove(name)
                return


def keep_posts(name: str, needs: Needs) -> None:
    """Delete what was kept of people for cases that are over, of one incident or of the trust."""
    for case_id, posts, after in to_change(needs.posts, needs.case_of, now=needs.clock.now()):
        if posts.about != name:
            continue  # It lies in another partition, whose own event changes it.
        if after is None:
            needs.posts.remove(case_id)
        else:
            needs.posts.put(case_id, after)


def to_change(
    posts: Store[CasePosts], case_of: Callable[[str], Case | None], *, now: datetime
) -> Sequence[tuple[str, CasePosts, CasePosts | None]]:
    """Each record that is to be kept otherwise than it is, with what it becomes; None if it is to be deleted."""
    found: list[tuple[str, CasePosts, CasePosts | None]] = []
    for name in posts.keys():  # noqa: SIM118 - a store is no dict
        with suppress(MessageError):
            record = posts.get(name)
            if record and (after := kept_posts(record, case_of(name), now=now)) is not record:
                found.append((name, record, after))
    return found


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
