"""Time passes in rounds: a desk that lags is not given the same ticks again and again."""

from collections.abc import Sequence
from typing import Any

import pytest

from agents.runtime.views.incidents import SubjectsView
from agents.runtime.worker import timers
from agents.runtime.worker.timers import Rounds, tick
from infra.log import LogBusy
from streams.subjects.declared import Declared
from streams.subjects.past import ENDED_KEPT
from streams.words.delivery import DeliveryState
from streams.words.orders import Command, Tick
from tests import builders
from tests.agents.doubles import clock_at
from tests.builders import NOW


class Desk:
    """What a log and a desk say: the orders that were put, and how far they were handled."""

    def __init__(self) -> None:
        self.put: list[Command] = []
        self.handled = 0
        self.refuses = 0

    async def take(self, orders: Sequence[Command]) -> Sequence[int]:
        first = len(self.put)
        self.put += orders
        return range(first, len(self.put))

    async def answer(self) -> int:
        if self.refuses:
            self.refuses -= 1
            raise LogBusy
        return self.handled


class Enough(Exception):
    """So long has passed."""


async def pass_time(desk: Desk, rounds: Rounds, *, seconds: int) -> int:
    """Let so many seconds pass for an incident in which something is due; how many orders were put."""
    before, left = len(desk.put), seconds
    due = builders.released()
    delivery = next(iter(due.deliveries.values()))
    late = delivery.model_copy(update={"state": DeliveryState.UNSENT, "due_at": NOW})
    state = due.model_copy(update={"deliveries": {late.id: late}})
    clock: Any = clock_at(NOW)

    async def sleep(_: float) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Enough

    clock.sleep = sleep
    view: Any = SubjectsStub({state.subject: state})
    with pytest.raises(Enough):
        await tick(view, clock, builders.register, rounds=rounds, seconds=1, ended_kept=ENDED_KEPT)
    return len(desk.put) - before


class SubjectsStub(SubjectsView):
    """A view of these states."""

    states: Any = None

    def __init__(self, states: Any) -> None:
        self.states = states
        self.declared = Declared()


async def test_what_is_due_is_told_again_only_once_the_desk_has_handled_it() -> None:
    desk = Desk()
    rounds = Rounds(desk.take, desk.answer)
    assert await pass_time(desk, rounds, seconds=5) == 1
    assert isinstance(desk.put[0].body, Tick)
    desk.handled = 1
    assert await pass_time(desk, rounds, seconds=5) == 1
    desk.handled = 2
    assert await pass_time(desk, rounds, seconds=1) == 1


async def test_a_log_that_does_not_say_what_was_handled_is_asked_again() -> None:
    desk = Desk()
    rounds = Rounds(desk.take, desk.answer)
    assert await pass_time(desk, rounds, seconds=1) == 1
    desk.handled, desk.refuses = 1, 1
    assert await pass_time(desk, rounds, seconds=1) == 0
    assert await pass_time(desk, rounds, seconds=1) == 1


async def test_a_round_of_which_nothing_is_heard_holds_up_the_next_for_a_while_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk()
    rounds = Rounds(desk.take, desk.answer)
    assert await pass_time(desk, rounds, seconds=3) == 1
    monkeypatch.setattr(timers, "ROUND_SECONDS_MAX", 0)
    assert await pass_time(desk, rounds, seconds=3) == 3
