"""A real worker: a promise breaks and an outcome is unknown; the person on call is paged, and told how it ended."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agents.adapters.clocks import ScaledClock
from agents.adapters.memory.channel import MemoryChannel
from agents.adapters.memory.pager import MemoryPager
from agents.adapters.memory.played_faults import Trouble
from agents.runtime.door.door import Door, facts_of
from agents.runtime.worker.worker import Setup, Worker
from streams.decisions.channels.kinds import KINDS, PLAYED
from streams.record.search_audit import audit
from streams.values import Power
from streams.words.delivery import Dispatch, Resolution, ResolveDelivery
from streams.words.orders import CommandBody, command
from streams.words.register.entries import ChannelEntry
from streams.words.sign_off import Acknowledge, Call
from tests import builders
from tests.builders import COMMANDER, LIVE, NOW, OFFICER, SUBJECT
from tests.searches import chain, register

SPEED = 10.0
LOOKED_AT = "looked-at"
FIRST_WORDS = chain(COMMANDER, OFFICER, id="first-words", title="First words", power=Power.RELEASE_HOLDING)


def answer_lost(dispatch: Dispatch, sent: int) -> Trouble:
    """It is there, and no answer ever comes."""
    del dispatch, sent
    return Trouble.ANSWER_LOST


async def until(pager: MemoryPager, fits: Callable[[Call], bool]) -> Call:
    async with asyncio.timeout(180):
        while not (found := [call for call in pager.calls if fits(call)]):  # noqa: ASYNC110 - people wait as well
            await asyncio.sleep(0.05)
    return found[0]


@pytest.mark.slow
async def test_the_person_on_call_is_paged_about_what_waits_and_told_how_it_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pages say what happened and what to type; a worker that starts again pages nobody a second time."""
    kind = replace(PLAYED, name=LOOKED_AT, resolution=Resolution.ASK_A_PERSON, reads_back=False)
    monkeypatch.setitem(KINDS, LOOKED_AT, kind)
    told = register(FIRST_WORDS)
    letters = ChannelEntry(id="social", kind=LOOKED_AT, title="Letters", owner=COMMANDER)
    told = told.model_copy(update={"channels": {**told.channels, "social": letters}})
    log, clock = f"sqlite:///{tmp_path}/log.db", ScaledClock(NOW, SPEED)
    lost = MemoryChannel(LIVE, plan=answer_lost, pretends_live=True)
    channels = {"website": MemoryChannel(LIVE, pretends_live=True), "social": lost}
    pager = MemoryPager(LIVE, pretends_live=True)
    setup = Setup(LIVE, log, clock, lambda: told, channels, tick_seconds=2.0, pagers={"sms": pager, "email": pager})

    async def give(door: Door, body: CommandBody, by: str) -> None:
        now = clock.now()
        await door.put([command(body, cause=now, mode=LIVE, subject=SUBJECT, at=now, by=by)])

    async with Worker(setup), Door(LIVE, log) as door:
        await give(door, builders.declaration(), COMMANDER)
        await give(door, builders.holding(next_update_at=clock.now() + timedelta(seconds=90)), COMMANDER)
        unknown = await until(pager, lambda call: "may be public or not" in call.text)
        assert unknown.person == COMMANDER
        assert "To do: holdingline resolve inc-1 dlv-" in unknown.text
        broken = await until(pager, lambda call: "is OVERDUE since" in call.text)
        assert "To do: holdingline release inc-1" in broken.text
        incident = (await door.incidents())[SUBJECT.id]
        doubtful = next(one for one in incident.deliveries.values() if one.channel == "social")
        seen = ResolveDelivery(delivery_id=doubtful.id, attempt=doubtful.attempt, public=True, evidence="It is there.")
        await give(door, seen, OFFICER)
        settled = await until(pager, lambda call: "Settled at" in call.text)
        assert "by Test Chief Operating Officer" in settled.text
        overdue = next(one for one in incident.searches.values() if one.concern and one.concern.about == "promise")
        await give(door, Acknowledge(search_id=overdue.id), COMMANDER)
        taken = await until(pager, lambda call: "has taken it on" in call.text)
        for one in (settled, taken):
            assert (one.person, one.answer_by) == (COMMANDER, None)
            assert "holdingline" not in one.text
    pages = len(pager.calls)
    async with Worker(setup), Door(LIVE, log) as door:
        await asyncio.sleep(1)
        assert len(pager.calls) == pages == len({call.key for call in pager.calls})
        assert audit(facts_of(await door.fact_records())) == []
