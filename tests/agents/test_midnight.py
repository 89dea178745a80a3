"""Accounts have another number each day: around midnight a person is one person all the same."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from agents.mentions import Needs, handle
from streams.decisions.listening.crowd import bin_of
from streams.decisions.listening.tags.heard import FLOOR
from streams.words.listening.stories import NoteStory
from streams.words.listening.tags import NoteTags
from streams.words.orders import Command
from streams.words.posts import Mention, Signal
from tests.agents.doubles import clock_at
from tests.agents.hearing import PEOPLE, heard, mentions, needs
from tests.agents.test_told_stories import SHUT
from tests.builders import LIVE

MIDNIGHT = datetime(2026, 1, 15, tzinfo=UTC)
BEFORE, AFTER = MIDNIGHT - timedelta(minutes=3), MIDNIGHT + timedelta(minutes=3)


def with_keys() -> Needs:
    """Each day has a key of its own."""
    keys = (bytes([number]) * 32 for number in range(1, 9))
    return replace(needs(BEFORE), new_key=lambda: next(keys))


def at(told: Needs, moment: datetime) -> Needs:
    return replace(told, clock=clock_at(moment))


def saying(people: Sequence[int], moment: datetime) -> list[Mention]:
    """Each of these people says much the same, in one of three wordings, with a hashtag."""
    return [
        Mention(
            id=f"s-{one}-{moment:%d}", mode=LIVE, author_id=f"a-{one}", at=moment, text=f"{SHUT[one % 3]} #Shut{one}"
        )
        for one in people
    ]


def bodies(events: Sequence[Signal | Command], kind: type[object]) -> list[object]:
    return [one.body for one in events if isinstance(one, Command) and isinstance(one.body, kind)]


async def test_people_who_post_on_both_sides_of_midnight_are_no_surge_and_one_more_makes_it_one() -> None:
    told = with_keys()
    assert await heard(mentions(PEOPLE - 1, at=BEFORE), told) == []
    assert await heard(mentions(PEOPLE - 1, at=AFTER), at(told, AFTER)) == []
    signals = await heard(mentions(1, at=AFTER, first=PEOPLE - 1), at(told, AFTER))
    assert [one.count for one in signals if isinstance(one, Signal) and one.signal == "surge"] == [PEOPLE]


async def test_they_are_one_person_in_a_story_too() -> None:
    told = with_keys()
    assert bodies(await heard(saying(range(4), BEFORE), told), NoteStory) == []
    assert bodies(await heard(saying(range(4), AFTER), at(told, AFTER)), NoteStory) == []
    (note,) = bodies(await heard(saying([4], AFTER), at(told, AFTER)), NoteStory)
    assert isinstance(note, NoteStory)
    assert note.counts.people == 5


async def test_they_are_one_person_who_uses_a_hashtag_too() -> None:
    told = with_keys()
    people = FLOOR - 1
    for moment in (BEFORE, AFTER):
        batch = [
            Mention(
                id=f"t-{one}-{moment:%d}", mode=LIVE, author_id=f"a-{one}", at=moment, text=f"#AshbyCrash {one} is loud"
            )
            for one in range(people)
        ]
        assert bodies(await heard(batch, at(told, moment)), NoteTags) == []


async def test_once_nobody_of_the_day_before_is_remembered_nothing_links_the_numbers() -> None:
    """From a quarter past midnight on a post has one number, and it is another one than the day before."""
    told = with_keys()
    quarter = MIDNIGHT + timedelta(minutes=15)
    voices = []
    for moment in (BEFORE, AFTER, quarter):
        counts = await handle(mentions(1, at=moment), at(told, moment))
        voices += [voice for one in counts for voice in one.voices]
    assert [voice.heard for voice in voices] == [bin_of(one) for one in (BEFORE, AFTER, quarter)]
    yesterday, both, today = voices
    assert (yesterday.before, both.before, today.before) == (0, yesterday.person, 0)
    assert both.person == today.person != yesterday.person


async def test_who_warns_of_something_is_one_person_for_an_hour_and_no_longer() -> None:
    """Since people with a hazard word are remembered for an hour."""
    told, trust = with_keys(), "Cwm Helyg Hospitals"
    late, later = MIDNIGHT + timedelta(minutes=50), MIDNIGHT + timedelta(minutes=60)
    voices = []
    for moment, text in ((BEFORE, "fire"), (late, "fire"), (late, "tea"), (later, "fire")):
        counts = await handle(mentions(1, f"{text} at {trust}", moment), at(told, moment))
        voices += [voice for one in counts for voice in one.voices]
    yesterday = voices[0].person
    assert [voice.before for voice in voices] == [0, yesterday, 0, 0]
