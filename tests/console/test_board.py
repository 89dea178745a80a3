"""What the pages read is of one moment: an order that was answered has also done what it does."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from agents.runtime.door import topic_reader
from agents.runtime.door.door import Door
from agents.runtime.door.tables import PAST
from agents.runtime.door.topic_reader import TopicReader
from agents.runtime.views.board import Board
from infra.log import Record
from streams.subjects.incident import Incident, Status
from streams.subjects.state import State
from streams.values import TRAINING
from streams.words.incident import StandDown
from streams.words.register.entries import Register
from tests.console.bench import Night, night
from tests.console.test_lines import FIRST
from tests.console.visitor import DECLARED, FIRE, all_public, ordered

OVER = StandDown(reason="The fire is out")


async def by_a_board(door: Door) -> State | None:
    async with Board(door) as board:
        return await board.state(FIRE)


async def by_a_door(door: Door) -> State | None:
    return await door.state(FIRE)


async def in_an_overview(door: Door) -> State | None:
    (incident,) = (await door.overview()).incidents
    return incident


@pytest.mark.parametrize("read", [by_a_board, by_a_door, in_an_overview])
async def test_an_order_that_is_answered_while_the_tables_are_read_is_shown_with_what_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable[[Door], Awaitable[State | None]]
) -> None:
    """That it was answered leaves the incident's record at once, for a row of its own that is read after it."""
    async with night(tmp_path, mode=TRAINING) as on, Door(TRAINING, on.log) as door:
        await ordered(on, DECLARED)
        answered = answers_between(on, door, monkeypatch)
        state = await read(door)
        assert isinstance(state, Incident)
        assert len(answered) == 1
        assert state.has_heard(*answered)
        assert state.status is Status.STOOD_DOWN


def answers_between(on: Night, door: Door, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The orders that are answered after this door has read the states, and before it reads the rows: one."""
    answered, reader_of = list[str](), door.table_reader

    def reader(table: str) -> TopicReader:
        made = reader_of(table)
        read = made.rest

        async def as_another_order_comes() -> Sequence[Record]:
            if not answered:
                answered.append("")
                facts = await ordered(on, OVER)
                answered[:] = [facts[0].cause]
            return await read()

        if table == PAST:
            monkeypatch.setattr(made, "rest", as_another_order_comes)
        return made

    monkeypatch.setattr(door, "table_reader", reader)
    return answered


async def test_nobody_sees_a_part_of_what_moves_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the register is still read, the states are as they were: pages put both together."""
    async with night(tmp_path, mode=TRAINING) as on, Door(TRAINING, on.log) as door, Board(door) as board:
        await ordered(on, DECLARED)
        async with asyncio.timeout(180):
            while not board.overview.incidents:
                await board.moved_on(board.version, seconds_max=0.5)
        version, begun, goes_on = board.version, asyncio.Event(), asyncio.Event()
        read = door.last_good_register

        async def slowly() -> Register | None:
            begun.set()
            await goes_on.wait()
            return await read()

        monkeypatch.setattr(door, "last_good_register", slowly)
        await ordered(on, OVER)
        async with asyncio.timeout(180):
            await begun.wait()
        seen = await board.state(FIRE), *board.overview.incidents
        assert board.version == version
        goes_on.set()
        assert [one.status for one in seen if isinstance(one, Incident)] == [Status.DECLARED, Status.DECLARED]
        async with asyncio.timeout(180):
            while board.overview.incidents[0].status is not Status.STOOD_DOWN:
                await board.moved_on(board.version, seconds_max=0.5)


async def test_an_answer_is_whole_even_if_one_read_ends_within_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who gave the order reads all that it did: a release lets out, and asks each channel."""
    async with night(tmp_path, mode=TRAINING) as on:
        await ordered(on, DECLARED)
        monkeypatch.setattr(topic_reader, "RECORDS_MAX", 1)
        facts = await ordered(on, FIRST)
        await all_public(on)
        known = await on.door.facts_about(FIRE)
        assert [*facts] == [one for one in known if one.cause == facts[0].cause]
        assert len(facts) > 1
