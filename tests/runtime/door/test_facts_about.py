"""The facts of one subject are found by what the tables know of it, and are those that the whole topic holds."""

import pytest

from agents.runtime.door.door import Door, facts_of
from benchmarks.ground import Ground, Kind, fresh
from benchmarks.history import subject_of, write
from infra.log import Draft, Partition
from streams.lanes import CONTROL_LANE
from streams.topics import FACTS
from streams.values import Subject
from streams.words.facts import Fact

SUBJECTS = {"is over": subject_of(1), "goes on": subject_of(3), "has no facts": Subject.incident("nothing-of-it")}


async def among_all(door: Door, subject: Subject) -> list[Fact]:
    """The facts that a look at every record finds."""
    return [fact for fact in facts_of(await door.fact_records()) if fact.subject == subject]


async def put(ground: Ground, subject: Subject, value: bytes) -> None:
    """Write a record behind all others that the desk has not written."""
    async with ground.log(CONTROL_LANE) as log:
        await log.append([Draft(Partition(FACTS.named(ground.mode), 0), subject.key.encode(), value, 0)])


@pytest.mark.parametrize("what", SUBJECTS)
@pytest.mark.parametrize("strange", [None, b"no fact"], ids=["as it should be", "with a strange record"])
async def test_the_facts_about_a_subject_are_those_among_all_records(what: str, strange: bytes | None) -> None:
    """Whether it is over, goes on, or is not there at all; what is no fact hides none."""
    subject = SUBJECTS[what]
    async with fresh(Kind.EMBEDDED, "") as ground:
        await write(ground, facts=80, facts_each=20)
        if strange:
            await put(ground, subject, strange)
        async with Door(ground.mode, ground.url) as door:
            found = await door.facts_about(subject)
            assert found == await among_all(door, subject)
            assert len(found) == (0 if what == "has no facts" else 20)


async def test_a_fact_that_stands_there_twice_is_shown_twice() -> None:
    """Who looks at an incident that goes on sees what is wrong with its record."""
    subject = SUBJECTS["goes on"]
    async with fresh(Kind.EMBEDDED, "") as ground:
        await write(ground, facts=80, facts_each=20)
        async with Door(ground.mode, ground.url) as door:
            first = (await door.facts_about(subject))[0]
            await put(ground, subject, first.model_dump_json().encode())
            found = await door.facts_about(subject)
    assert [fact.sequence for fact in found] == [*range(1, 21), 1]


@pytest.mark.parametrize("most", [1, 3, 20, 50])
@pytest.mark.parametrize("strange", [None, b"no fact"], ids=["as it should be", "with a strange record"])
async def test_pages_from_the_newest_fact_on_hold_every_fact_once(most: int, strange: bytes | None) -> None:
    """Those passed over are not decoded; what is no fact among them hides none."""
    async with fresh(Kind.EMBEDDED, "") as ground:
        await write(ground, facts=80, facts_each=20)
        if strange:
            await put(ground, SUBJECTS["goes on"], strange)
        async with Door(ground.mode, ground.url) as door:
            state = await door.state(SUBJECTS["goes on"])
            assert state is not None
            pages = [await door.newest_facts(state, most=most)]
            while pages[0] and pages[0][0].sequence > 1:
                pages.insert(0, await door.newest_facts(state, most=most, before=pages[0][0].sequence))
            assert [fact for page in pages for fact in page] == await among_all(door, SUBJECTS["goes on"])
            assert all(len(page) == most for page in pages[1:])


async def test_none_of_the_newest_facts_is_newer_than_the_state() -> None:
    """What came after it is left out: who shows both shows one moment, and names what the state knows."""
    async with fresh(Kind.EMBEDDED, "") as ground:
        await write(ground, facts=80, facts_each=20)
        async with Door(ground.mode, ground.url) as door:
            *known, last = await among_all(door, SUBJECTS["goes on"])
            state = await door.state(last.subject)
            assert state is not None
            earlier = state.model_copy(update={"sequence": known[-1].sequence})
            assert [*await door.newest_facts(earlier, most=4)] == known[-4:]
            assert [*await door.newest_facts(earlier, most=4, before=last.sequence + 9)] == known[-4:]


async def test_facts_that_were_taken_out_of_the_log_hide_no_others() -> None:
    """Where fewer are there than the state knows of, those before a number are found all the same."""
    async with fresh(Kind.EMBEDDED, "") as ground:
        await write(ground, facts=80, facts_each=20)
        async with Door(ground.mode, ground.url) as door:
            state = await door.state(SUBJECTS["goes on"])
            assert state is not None
            later = state.model_copy(update={"sequence": state.sequence + 5})
            found = await door.newest_facts(later, most=4, before=15)
    assert [fact.sequence for fact in found] == [11, 12, 13, 14]
