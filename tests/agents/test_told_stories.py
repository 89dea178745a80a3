"""What people say of an incident in much the same words is put before the commander, by its counts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from agents.mentions import handle, handle_counts
from streams.decisions.listening.stories import StoriesKept
from streams.decisions.listening.wordings import SHELVES
from streams.words.listening.stories import NoteStory, NoteStoryCourse
from streams.words.listening.stories_noted import NotedStories, NotedStory
from streams.words.orders import Command
from streams.words.posts import Mention, Signal
from tests import builders, storytelling
from tests.agents.doubles import MemoryIncidents, clock_at
from tests.agents.hearing import heard, mentions, needs
from tests.builders import INCIDENT, LIVE, NOW

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
    later = replace(told, clock=clock_at(NOW + timedelta(days=7, minutes=1)))
    await heard(mentions(1, "of nothing"), later)
    assert told.told.posts.keys() == []
    assert told.told.wordings.keys() == []
    assert told.told.stories.get(INCIDENT) == StoriesKept(numbered=1, called=1)
    await heard(mentions(1, "of nothing"), replace(later, incidents=MemoryIncidents(())))
    assert told.told.stories.keys() == []


async def test_a_story_after_a_quiet_week_has_a_number_of_its_own() -> None:
    """Else it would be taken for the one that the record has under that number."""
    told = needs()
    await heard(saying(6), told)
    week = NOW + timedelta(days=7, minutes=1)
    later = replace(told, clock=clock_at(week))
    await heard(mentions(1, "of nothing"), later)
    (note,) = notes(await heard(saying(6, first=50, at=week), later))
    assert note.story == 2


async def test_it_is_told_once_how_a_story_went_on_after_its_answer() -> None:
    """People in the quarter of an hour before the answer, and in the whole one after it."""
    quarter = timedelta(minutes=15)
    told = needs()
    await heard(saying(8, at=NOW - quarter), told)
    answered = NotedStory(story=1, counts=storytelling.counts(8), answers=("msg-1",), answered_at=NOW)
    incident = builders.declared().model_copy(update={"stories": NotedStories(known={1: answered})})
    soon = replace(told, clock=clock_at(NOW + quarter), incidents=MemoryIncidents((incident,)))
    assert await heard(saying(1, first=20, at=NOW + quarter), soon) == []
    later = replace(soon, clock=clock_at(NOW + 2 * quarter))
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
