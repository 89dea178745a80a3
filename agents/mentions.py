"""Mentions agent: from `mentions` by `mention-counts` to `signals` and `commands`. It sees when a word is due.

Consumes: batches of public posts, from any number of partitions; and who was heard in them, by incident.
Produces: counts; a signal where people surge, and the order that puts it, with fitting templates, before the
commander. Where no incident is declared, the signal alone. The order that notes a story which people tell, and, once
an answer to it is out, how it went on.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from agents.ports import Clock, Incidents, Registers, Store
from streams.decisions.listening.crowd import BIN_SECONDS
from streams.decisions.listening.keep import UNMATCHED, WATCH, PostsKept, keep
from streams.decisions.listening.matcher import terms
from streams.decisions.listening.stories import (
    POSTS_KEPT,
    StoriesKept,
    StoryFinder,
    StoryPosts,
    StoryTold,
    counts_of,
    moment_of,
)
from streams.decisions.listening.surge import INCIDENT_RULE, WATCH_RULE, Counts, Surge, counted, heard
from streams.decisions.listening.usual import quarter_of
from streams.decisions.listening.vocabulary import Vocabulary, vocabulary, words_of
from streams.decisions.listening.watched import watched
from streams.decisions.listening.wordings import KnownWordings, WordingShelf, doubts_of, hashed, read
from streams.errors import MessageError
from streams.subjects.incident import Incident
from streams.values import Frozen, Mode, Purpose, Subject, derive_id
from streams.words.incident import NoteSignal
from streams.words.listening.stories import NoteStory, NoteStoryCourse
from streams.words.orders import Command, Giver, command
from streams.words.posts import VOICES_MAX, Mention, MentionCount, Signal, Voice, WordingHeard
from streams.words.register.entries import Register

NAME = Giver.MENTIONS.value
ENDED_KEPT = 100
"""Counts of so many incidents that are over stay in the table; of one before them, the signals tell."""
KEY_DAYS = 2
"""A key of a day is deleted after so many days: from then on nothing leads from a hash back to an account."""


class DayKey(Frozen):
    """What accounts are hashed with on one day, in hexadecimal digits."""

    key: str


Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class StoryTables:
    """The stories of each incident, the wordings that are known, by incident and shelf, and the posts of its stories.

    `posts` is private: nobody but this agent and the people of the trust read it, and it is emptied.
    """

    stories: Store[StoriesKept]
    wordings: Store[WordingShelf]
    posts: Store[StoryPosts]


@dataclass(slots=True)
class Added:
    """What a batch says of one incident: posts by minute, people as they came, and what is told of wordings."""

    minutes: Counter[datetime] = field(default_factory=Counter)
    voices: list[Voice] = field(default_factory=list)
    wordings: dict[int, WordingHeard] = field(default_factory=dict)
    read_one_in: int = 1


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
    told: StoryTables


async def handle(batch: Sequence[Mention], needs: Needs) -> Sequence[MentionCount]:
    """Count a batch by incident and minute, and hear who spoke."""
    now = needs.clock.now()
    known = await _vocabulary(needs)
    found = keep(batch, known, key=_key(now, needs), now=now)
    doubts = doubts_of(needs.registers().words.doubt_words)
    return [one for name, kept in found.items() for one in _counts(name, kept, needs, doubts=doubts)]


async def handle_counts(batch: Sequence[MentionCount], needs: Needs) -> Sequence[Signal | Command]:
    """Add up what all workers counted; say where it has become a surge."""
    events: list[Signal | Command] = []
    live = await needs.incidents.live()
    names = {incident.id for incident in live}
    _let_go(names, needs.counts)
    _forget_stories(names, needs)
    for name, added in _added(batch).items():
        before = _known(name, needs.counts, nothing=Counts())
        counts = counted(before, added.minutes)
        if name != UNMATCHED:
            last = before.signalled_at
            counts, surges = heard(counts, added.voices, rule=WATCH_RULE if name == WATCH else INCIDENT_RULE)
            for found in surges:
                events += _signal(name, found, needs, last=last)
                last = found.at
            events += _stories(name, added, needs)
        needs.counts.put(name, counts)
    return [*events, *(order for incident in live for order in _courses(incident, needs))]


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


def _counts(name: str, kept: PostsKept, needs: Needs, *, doubts: Sequence[str]) -> Iterator[MentionCount]:
    """What was kept, so many people a count; each wording that was read is told with its first voice."""
    told, read_one_in = read(kept.wordings, doubts)
    untold, minutes = {one.wording: one for one in told}, kept.by_minute()
    for first in range(0, max(1, len(kept.voices)), VOICES_MAX):
        voices = tuple(kept.voices[first : first + VOICES_MAX])
        yield MentionCount(
            mode=needs.mode,
            incident_id=name,
            minutes={} if first else minutes,
            voices=voices,
            wordings=tuple(untold.pop(one.wording) for one in voices if one.wording in untold),
            read_one_in=read_one_in,
        )


def _known(key: str, store: Store[Value], *, nothing: Value) -> Value:
    """What was kept before. What cannot be read is counted from nothing: nothing public rests on it alone."""
    try:
        return store.get(key) or nothing
    except MessageError:
        return nothing


def _added(batch: Sequence[MentionCount]) -> Mapping[str, Added]:
    """What the counts of a batch say together, by incident."""
    found: defaultdict[str, Added] = defaultdict(Added)
    for one in batch:
        added = found[one.incident_id]
        added.minutes.update(one.minutes)
        added.voices.extend(one.voices)
        for wording in one.wordings:
            added.wordings.setdefault(wording.wording, wording)
        added.read_one_in = max(added.read_one_in, one.read_one_in)
    return found


def _stories(name: str, added: Added, needs: Needs) -> Iterator[Command]:
    """Hear what people say of an incident; each story that has become large enough is put before the commander."""
    voices, tables = [one for one in added.voices if one.wording], needs.told
    if not voices:
        return
    before, posts = (
        _known(name, tables.stories, nothing=StoriesKept()),
        _known(name, tables.posts, nothing=StoryPosts()),
    )
    known = KnownWordings(lambda shelf: _known(_shelf(name, shelf), tables.wordings, nothing=WordingShelf()))
    finder = StoryFinder(before, known, posts=posts)
    for voice in voices:
        if found := finder.hear(voice, added.wordings):
            yield _note_story(name, found, finder, needs, read_one_in=added.read_one_in)
    tables.stories.put(name, finder.kept(read_one_in=added.read_one_in))
    for number, shelf in known.shelves().items():
        tables.wordings.put(_shelf(name, number), shelf)
    if (now := finder.posts()) != posts:
        tables.posts.put(name, now)


def _shelf(name: str, number: int) -> str:
    return f"{name}|{number}"


def _note_story(  # budget: of which incident, which story, and what it was found by
    name: str, found: StoryTold, finder: StoryFinder, needs: Needs, *, read_one_in: int
) -> Command:
    """The order of this story after the last one about it: a batch that comes again gives the same."""
    story, counts = found.story, counts_of(found.story, before=found.before, read_one_in=read_one_in)
    note = NoteStory(story=story.called, counts=counts, nearest=finder.nearest(story, _own_words(needs.registers())))
    return _ordered(note, needs, cause=f"story {story.called} {found.before}", name=name)


def _own_words(register: Register) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The words of each approved template's holding texts, by language."""
    for template in register.templates.values():
        for text in template.texts.get(Purpose.HOLDING, {}).values() if template.approval else ():
            yield template.id, hashed(words_of(text))


def _courses(incident: Incident, needs: Needs) -> Iterator[Command]:
    """How stories went on, once a whole quarter of an hour has passed after the one in which the answer came out."""
    now = quarter_of(int(needs.clock.now().timestamp()) // BIN_SECONDS)
    for one in incident.stories.known.values():
        if one.answered_at is None or one.course:
            continue
        out = quarter_of(int(one.answered_at.timestamp()) // BIN_SECONDS)
        if now > out + 1:
            told = _known(incident.id, needs.told.stories, nothing=StoriesKept()).story(one.story)
            people = told.quarters if told else {}
            course = NoteStoryCourse(
                story=one.story,
                message_id=one.answers[-1],
                people_before=people.get(out - 1, 0),
                people_after=people.get(out + 1, 0),
                asking=told.asking if told else 0,
            )
            yield _ordered(course, needs, cause=f"course {one.story} {course.message_id}", name=incident.id)


def _ordered(body: NoteStory | NoteStoryCourse, needs: Needs, *, cause: str, name: str) -> Command:
    now = needs.clock.now()
    return command(body, cause=cause, mode=needs.mode, subject=Subject.incident(name), at=now, by=NAME)


def _forget_stories(live: Collection[str], needs: Needs) -> None:
    """Posts go as soon as the log may have let their words go; an incident's stories once no one tells any."""
    now, tables = needs.clock.now(), needs.told
    for name in [*tables.posts.keys()]:
        kept = _known(name, tables.posts, nothing=StoryPosts())
        left = kept.kept_at(int(now.timestamp()) // BIN_SECONDS)
        if not left.posts:
            tables.posts.remove(name)
        elif left != kept:
            tables.posts.put(name, left)
    for name in [*tables.stories.keys()]:
        known = _known(name, tables.stories, nothing=StoriesKept())
        if moment_of(known.heard) >= now - POSTS_KEPT:
            continue
        if name not in live:
            tables.stories.remove(name)
        elif known.stories:
            # A later story takes no number that one of these had.
            tables.stories.put(name, StoriesKept(numbered=known.numbered, called=known.called))
        for shelf in [*tables.wordings.keys(f"{name}|")]:
            tables.wordings.remove(shelf)


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
