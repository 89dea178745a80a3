"""The mentions agent counts, and says when a word is due; no post can stop it counting."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agents.mentions import ENDED_KEPT, DayKey, Needs, StoryTables, handle, handle_counts
from agents.runtime.worker.table_store import UnreadableRow
from streams.decisions.listening.keep import UNMATCHED
from streams.decisions.listening.stories import StoriesKept, StoryPosts
from streams.decisions.listening.surge import INCIDENT_RULE, Counts
from streams.decisions.listening.wordings import SHELVES, WordingShelf
from streams.words.incident import NoteSignal
from streams.words.listening.stories import NoteStory, NoteStoryCourse
from streams.words.listening.stories_noted import NotedStories, NotedStory
from streams.words.orders import Command
from streams.words.posts import Mention, Signal
from streams.words.register.wording import DoubtWords, HazardWords, WordLists
from tests import builders, storytelling
from tests.agents.doubles import MemoryIncidents, MemoryStore, clock_at
from tests.builders import INCIDENT, LIVE, NOW
from tests.strategies import built

PEOPLE = INCIDENT_RULE.people_min
ASKED = DoubtWords(language="en", owner="Press", note="Invented.", words="is it true")
TRUST = builders.register().model_copy(
    update={
        "trust": "Cwm Helyg Hospitals NHS Trust",
        "words": WordLists(
            hazards=(HazardWords(language="en", owner="Press", note="Invented.", words="fire, smoke"),),
            doubts=(ASKED,),
        ),
    }
)


def mentions(count: int, text: str = "#AshbyCrash", at: datetime = NOW, *, first: int = 0) -> list[Mention]:
    numbers = range(first, first + count)
    return [Mention(id=f"m-{number}", mode=LIVE, author_id=f"a-{number}", at=at, text=text) for number in numbers]


def needs(at: datetime = NOW, counts: MemoryStore[Counts] | None = None) -> Needs:
    live, keys = MemoryIncidents((builders.declared(),)), MemoryStore[DayKey]()
    store = MemoryStore[Counts]() if counts is None else counts
    told = StoryTables(MemoryStore[StoriesKept](), MemoryStore[WordingShelf](), MemoryStore[StoryPosts]())
    return Needs(LIVE, clock_at(at), live, store, lambda: TRUST, keys, lambda: bytes(range(32)), told)


async def heard(batch: Sequence[Mention], told: Needs) -> Sequence[Signal | Command]:
    """What comes of a batch, once its counts were added up."""
    return await handle_counts(await handle(batch, told), told)


async def test_a_surge_gives_one_signal_and_puts_it_before_the_commander() -> None:
    """Once; the next batch of the same minute is silent."""
    told = needs()
    signal, order = await heard(mentions(PEOPLE), told)
    assert isinstance(signal, Signal)
    assert not isinstance(order, Signal)
    noted = NoteSignal(signal="surge", minute=NOW, count=PEOPLE, minutes=2, usual=0.14)
    assert order.body == noted
    assert await heard(mentions(PEOPLE), told) == []


async def test_a_surge_over_several_batches_is_seen() -> None:
    """The table remembers."""
    told = needs()
    assert await heard(mentions(PEOPLE - 1), told) == []
    assert len(await heard(mentions(1, first=PEOPLE), told)) == 2


async def test_a_surge_over_several_partitions_is_seen() -> None:
    """Each worker alone found too few; together they are enough."""
    told = needs()
    counts = [*await handle(mentions(PEOPLE // 2), told), *await handle(mentions(PEOPLE // 2, first=PEOPLE), told)]
    assert len(counts) == 2
    assert len(await handle_counts(counts, told)) == 2


class Unreadable(MemoryStore[Counts]):
    """A table in which some values cannot be read until they are written again."""

    def get(self, key: str) -> Counts | None:
        found = super().get(key)
        if found is not None and found.total < 0:
            raise UnreadableRow
        return found


async def test_a_count_that_cannot_be_read_blinds_the_counting_of_nothing_else() -> None:
    """It begins from nothing, and all that is in the same batch is counted as ever."""
    store = Unreadable()
    store.put(UNMATCHED, Counts().model_copy(update={"total": -1}))
    told = needs(counts=store)
    assert len(await heard([*mentions(1, "of nothing"), *mentions(PEOPLE)], told)) == 2
    unmatched = store.get(UNMATCHED)
    assert unmatched is not None
    assert unmatched.total == 1


async def test_posts_of_no_incident_are_counted_and_never_signalled() -> None:
    """There is nobody to put them before; their number is kept."""
    told = needs()
    assert await heard(mentions(500, "nothing of ours"), told) == []
    found = told.counts.get(UNMATCHED)
    assert found is not None
    assert found.total == 500


async def test_a_post_dated_ahead_does_not_blind_the_counting() -> None:
    """One post of the year 2999 counts as of now; the surge after it is seen."""
    told = needs()
    await heard(mentions(1, at=datetime.fromisoformat("2999-01-01T00:00:00+00:00")), told)
    assert len(await heard(mentions(PEOPLE), told)) == 2


async def test_the_same_surge_gives_the_same_signal() -> None:
    """Identifiers are derived: a replay says nothing new, though it is later, and its batch has grown."""
    ahead = NOW + timedelta(days=1)
    first = await heard(mentions(19, at=ahead), needs())
    again = await heard([*mentions(19, at=ahead), *mentions(19, at=ahead)], needs(NOW + timedelta(minutes=3)))
    assert [one.id for one in first] == [one.id for one in again]
    assert len(first) == 2


async def test_twice_as_many_people_give_another_signal() -> None:
    """Else the commander would hear of the first one only."""
    store = MemoryStore[Counts]()
    later = NOW + timedelta(minutes=2)
    first = await heard(mentions(PEOPLE), needs(counts=store))
    second = await heard(mentions(PEOPLE, at=later, first=PEOPLE), needs(later, store))
    assert (len(first), len(second)) == (2, 2)
    assert not {one.id for one in first} & {one.id for one in second}


async def test_three_people_who_warn_with_our_name_give_a_signal_without_an_incident() -> None:
    """Before anybody declared one: counts and words of our own list, and nothing of what they wrote."""
    (signal,) = await heard(mentions(3, "fire in ward five of Cwm Helyg Hospitals"), needs())
    assert isinstance(signal, Signal)
    assert (signal.signal, signal.incident_id, signal.count, signal.words) == ("watch-surge", None, 3, ("fire",))
    assert "ward" not in signal.model_dump_json()


async def test_one_account_that_warns_a_thousand_times_gives_no_signal() -> None:
    """It is one person."""
    alone = [one.model_copy(update={"author_id": "a"}) for one in mentions(1_000, "fire at Cwm Helyg Hospitals")]
    assert await heard(alone, needs()) == []


async def test_more_people_than_one_count_takes_are_told_by_several() -> None:
    """None is lost, and the posts are counted once."""
    told = needs()
    counts = await handle(mentions(2_500), told)
    assert [len(one.voices) for one in counts] == [1_000, 1_000, 500]
    await handle_counts(counts, told)
    found = told.counts.get(INCIDENT)
    assert found is not None
    assert (found.total, len(found.people.people)) == (2_500, 2_500)


async def test_a_key_is_deleted_after_two_days() -> None:
    """From then on nothing leads from a hash to an account, since there is no key to try accounts with."""
    told = needs()
    told.keys.put("2020-01-01", DayKey(key="00"))
    await handle(mentions(1), told)
    assert [*told.keys.keys()] == [f"{NOW:%Y-%m-%d}"]


async def test_the_table_stays_small_however_many_incidents_end() -> None:
    """The last that ended are kept, the live one and what belongs to none always."""
    told = needs()
    await heard([*mentions(1), *mentions(1, "nothing of ours")], told)
    for number in range(ENDED_KEPT + 5):
        told.counts.put(f"ended-{number}", Counts(total=1))
    await heard(mentions(1), told)
    kept = told.counts.keys()
    assert {INCIDENT, UNMATCHED} < set(kept)
    assert len(kept) == ENDED_KEPT + 2
    assert f"ended-{ENDED_KEPT + 4}" in kept


@given(batch=st.lists(built(Mention), max_size=20))
async def test_whatever_is_posted_is_counted(batch: list[Mention]) -> None:
    """Any batch of any posts: no exception, and not one is lost from the totals."""
    told = needs()
    await heard(batch, told)
    totals = [counts.total for name in (INCIDENT, UNMATCHED) if (counts := told.counts.get(name))]
    assert sum(totals) == len(batch)


SHUT = ("#AshbyCrash ward nine is shut", "they shut ward nine #AshbyCrash", "ward nine shut, is it true #AshbyCrash")


def saying(count: int, *, first: int = 0, at: datetime = NOW) -> list[Mention]:
    """So many people who say much the same, each in one of three wordings."""
    numbers = range(first, first + count)
    return [
        Mention(id=f"s-{number}", mode=LIVE, author_id=f"a-{number}", at=at, text=SHUT[number % len(SHUT)])
        for number in numbers
    ]


def notes(events: Sequence[Signal | Command]) -> list[NoteStory]:
    return [one.body for one in events if isinstance(one, Command) and isinstance(one.body, NoteStory)]


async def test_a_story_is_put_before_the_commander_with_counts_alone() -> None:
    """No word of a post and no name of it or its author is in the order, nor on any topic but as a number."""
    told = needs()
    counts = await handle(saying(6), told)
    events = await handle_counts(counts, told)
    (note,) = notes(events)
    assert (note.story, note.counts.people, note.counts.wordings, note.counts.posts) == (1, 5, 3, 5)
    written = " ".join(one.model_dump_json() for one in (*events, *counts))
    assert "ward" not in written
    assert "a-1" not in written
    assert "s-1" not in " ".join(one.model_dump_json() for one in events)
    assert await handle_counts(await handle(saying(3, first=6), told), told) == []


async def test_a_story_is_the_same_order_whatever_the_batches_were() -> None:
    """Two workers with a partition each, or batches cut otherwise: the same identifiers."""
    whole = await heard(saying(12), needs())
    told = needs()
    parts = [*await heard(saying(7), told), *await heard(saying(5, first=7), told)]
    stories = [one.id for one in whole if isinstance(one, Command) and isinstance(one.body, NoteStory)]
    assert [one.id for one in parts if isinstance(one, Command) and isinstance(one.body, NoteStory)] == stories
    assert len(stories) == 2


async def test_several_partitions_find_the_story_together() -> None:
    """Each heard too few people and the wordings of the others too."""
    told = needs()
    counts = [one for first in (0, 3) for one in await handle(saying(3, first=first), told)]
    assert len(notes(await handle_counts(counts, told))) == 1


async def test_more_people_than_one_count_tells_of_are_all_in_the_story() -> None:
    """A wording is told with its first person, in whichever count that is."""
    told = needs()
    found = notes(await heard(saying(2_500), told))
    assert found[-1].counts.is_estimate
    assert found[-1].counts.posts > 1_000


async def test_the_posts_of_a_story_are_kept_apart_and_forgotten_after_seven_days() -> None:
    """Any post that comes later is enough for it; after a week without it nothing of the story is left."""
    told = needs()
    await heard(saying(6), told)
    (kept,) = told.told.posts.get(INCIDENT).posts.values()  # type: ignore[union-attr] # it is there
    assert [one.post for one in kept] == ["s-0", "s-1", "s-2"]
    later = Needs(LIVE, clock_at(NOW + timedelta(days=7, minutes=1)), *_rest(told))
    await heard(mentions(1, "of nothing"), later)
    assert told.told.posts.keys() == []
    assert told.told.wordings.keys() == []
    assert told.told.stories.get(INCIDENT) == StoriesKept(numbered=1, called=1)
    over = Needs(LIVE, later.clock, MemoryIncidents(()), *_rest(told)[1:])
    await heard(mentions(1, "of nothing"), over)
    assert told.told.stories.keys() == []


async def test_a_story_after_a_quiet_week_has_a_number_of_its_own() -> None:
    """Else it would be taken for the one that the record has under that number."""
    told = needs()
    await heard(saying(6), told)
    week = NOW + timedelta(days=7, minutes=1)
    later = Needs(LIVE, clock_at(week), *_rest(told))
    await heard(mentions(1, "of nothing"), later)
    (note,) = notes(await heard(saying(6, first=50, at=week), later))
    assert note.story == 2


def _rest(told: Needs) -> tuple[Any, ...]:
    return (told.incidents, told.counts, told.registers, told.keys, told.new_key, told.told)


async def test_it_is_told_once_how_a_story_went_on_after_its_answer() -> None:
    """People in the quarter of an hour before the answer, and in the whole one after it."""
    quarter = timedelta(minutes=15)
    told = needs()
    await heard(saying(8, at=NOW - quarter), told)
    answered = NotedStory(story=1, counts=storytelling.counts(8), answers=("msg-1",), answered_at=NOW)
    incident = builders.declared().model_copy(update={"stories": NotedStories(known={1: answered})})
    rest = (told.counts, told.registers, told.keys, told.new_key, told.told)
    soon = Needs(LIVE, clock_at(NOW + quarter), MemoryIncidents((incident,)), *rest)
    assert await heard(saying(1, first=20, at=NOW + quarter), soon) == []
    later = Needs(LIVE, clock_at(NOW + 2 * quarter), MemoryIncidents((incident,)), *rest)
    (order,) = await heard(mentions(1, "of nothing"), later)
    assert isinstance(order, Command)
    assert order.body == NoteStoryCourse(story=1, message_id="msg-1", people_before=8, people_after=1, asking=3)


async def test_ten_thousand_accounts_a_minute_keep_what_is_stored_small() -> None:
    """Every row fits into a record, and there are no more rows than shelves."""
    told = needs()
    for turn in range(2):
        posts = [
            Mention(
                id=f"f-{turn}-{one}", mode=LIVE, author_id=f"f-{turn}-{one}", at=NOW, text=f"#AshbyCrash w{turn}x{one}"
            )
            for one in range(5_000)
        ]
        assert notes(await heard(posts, told)) == []
    tables = told.told
    rows = [tables.stories.get(INCIDENT), tables.posts.get(INCIDENT), *map(tables.wordings.get, tables.wordings.keys())]
    assert len(rows) <= SHELVES + 2
    assert max(len(row.model_dump_json()) for row in rows if row) < 400_000
