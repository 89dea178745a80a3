"""The facts of a span of time are found by halving: those long before and after it are not read."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from agents.runtime.door.door import Door, facts_of
from agents.runtime.door.topic_reader import TopicReader
from agents.runtime.views.months import month_of, read_month
from benchmarks.ground import Ground, Kind, fresh
from benchmarks.history import subject_of, write
from infra.log import Draft, Partition, Record
from streams.lanes import CONTROL_LANE
from streams.topics import FACTS
from tests.builders import NOW

LONDON = ZoneInfo("Europe/London")
SINCE, UNTIL = NOW - timedelta(hours=5), NOW - timedelta(hours=4)
"""Two incidents of twenty facts each begin in this hour: one begins every half an hour."""


async def strange(ground: Ground) -> None:
    """A record behind all others that the desk has not written."""
    async with ground.log(CONTROL_LANE) as log:
        await log.append([Draft(Partition(FACTS.named(ground.mode), 0), b"incident/x", b"no fact", 0)])


@pytest.mark.parametrize("with_strange", [False, True])
async def test_the_facts_of_an_hour_are_those_among_all_records_and_few_others_are_read(
    monkeypatch: pytest.MonkeyPatch, *, with_strange: bool
) -> None:
    read: list[Record] = []
    more = TopicReader.more

    async def counted(reader: TopicReader, wait_seconds: float) -> Sequence[Record]:
        found = await more(reader, wait_seconds)
        read.extend(found)
        return found

    async with fresh(Kind.EMBEDDED, "") as ground:
        await write(ground, facts=800, facts_each=20)
        if with_strange:
            await strange(ground)
        async with Door(ground.mode, ground.url) as door:
            everything = facts_of(await door.fact_records())
            monkeypatch.setattr(TopicReader, "more", counted)
            found = await door.facts_between(SINCE, UNTIL)
            assert await door.facts_between(NOW - timedelta(days=99), NOW - timedelta(days=98)) == []
    assert found == [fact for fact in everything if SINCE <= fact.at < UNTIL]
    assert len(found) >= 40
    assert all(fact.at >= SINCE - timedelta(hours=2) for fact in facts_of(read))


async def test_the_facts_of_one_incident_up_to_a_moment_are_its_own_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No fact of another incident is taken, though both were written in the same hour."""
    read: list[Record] = []
    more = TopicReader.more

    async def counted(reader: TopicReader, wait_seconds: float) -> Sequence[Record]:
        found = await more(reader, wait_seconds)
        read.extend(found)
        return found

    async with fresh(Kind.EMBEDDED, "") as ground:
        await write(ground, facts=800, facts_each=20)
        async with Door(ground.mode, ground.url) as door:
            everything = facts_of(await door.fact_records())
            about = next(fact.subject for fact in everything if SINCE <= fact.at < UNTIL)
            own = [fact for fact in everything if fact.subject == about]
            monkeypatch.setattr(TopicReader, "more", counted)
            found = await door.facts_between(own[0].at, own[9].at, of=about)
    assert found == [fact for fact in own if fact.at < own[9].at]
    assert found
    assert {fact.subject for fact in facts_of(read)} == {about}


async def test_the_report_of_a_month_is_read_from_the_record() -> None:
    async with fresh(Kind.EMBEDDED, "") as ground:
        await write(ground, facts=80, facts_each=20)
        async with Door(ground.mode, ground.url) as door:
            report = await read_month(door, (ground.mode, "2026-01"), register=None, now=NOW)
            before = await read_month(door, (ground.mode, "2025-12"), register=None, now=NOW)
    assert {one.incident for one in report.first_words} == {subject_of(number).id for number in range(4)}
    assert before.first_words == ()


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "9999-12", "2026-11-01"])
def test_what_is_no_month_is_no_month(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the caller says it in words of its own
        month_of(text, LONDON)


def test_a_month_begins_and_ends_at_midnight_of_the_trust() -> None:
    since, until = month_of("2026-10", LONDON)
    assert (since.isoformat(), until.isoformat()) == ("2026-09-30T23:00:00+00:00", "2026-11-01T00:00:00+00:00")
