"""What the pages read is of one moment: an order that was answered has also done what it does."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from agents.runtime.views.board import Board
from infra.log import Record
from streams.subjects.incident import Incident, Status
from streams.values import TRAINING
from streams.words.incident import StandDown
from tests.console.bench import night
from tests.console.visitor import DECLARED, FIRE, ordered


async def test_an_order_that_is_answered_while_the_tables_are_read_is_shown_with_what_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That it was answered leaves the incident's record at once, for a row of its own that is read after it."""
    async with night(tmp_path, mode=TRAINING) as on:
        await ordered(on, DECLARED)
        board, answered = Board(on.door), list[str]()
        read = board._past.rest

        async def as_another_order_comes() -> Sequence[Record]:
            if not answered:
                facts = await ordered(on, StandDown(reason="The fire is out"))
                answered.append(facts[0].cause)
            return await read()

        monkeypatch.setattr(board._past, "rest", as_another_order_comes)
        async with board:
            state = await board.state(FIRE)
            assert isinstance(state, Incident)
            assert state.has_heard(*answered)
            assert state.status is Status.STOOD_DOWN
