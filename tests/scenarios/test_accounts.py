"""Through a running worker: a breach shuts a channel at once, and a budget holds over incidents and restarts."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from streams.decisions.channels.card import Rate
from streams.decisions.channels.kinds import KINDS, PLAYED
from streams.subjects.account import AccountLog, account
from streams.subjects.fold import fold_all
from streams.subjects.incident import Incident
from streams.values import LIVE, Subject
from streams.words.delivery import DeliveryClaimed, DeliveryState
from streams.words.facts import CommandRefused
from streams.words.orders import CommandBody
from streams.words.register.accounts import Breach, ChangeSecret, OpenAccount
from streams.words.stops import ReleaseHeld
from tests import builders
from tests.builders import COMMANDER, INCIDENT, NOW, WRITER
from tests.scenarios.worker_bench import PATIENCE_SECONDS, Bench, bench

RATE = Rate(requests=4, within=timedelta(minutes=2), kept=1)
OTHER = Subject.incident("inc-2")


async def given(on: Bench, body: CommandBody, *, by: str = COMMANDER, about: Subject = builders.SUBJECT) -> list[str]:
    """The kinds of facts that answer this order."""
    return builders.kinds(fact.body for fact in await on.answered(on.order(body, by=by, about=about)))


async def until(on: Bench, holds: Callable[[Incident], bool], name: str = INCIDENT) -> Incident:
    """The incident once this holds of it."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            incident = await on.incident(name)
            if holds(incident):
                return incident
            await asyncio.sleep(0.02)


def say(minute: int) -> CommandBody:
    return builders.holding(slots={**builders.SLOTS, "time": f"22:{minute}"})


def is_public(incident: Incident) -> bool:
    return all(one.state is DeliveryState.CONFIRMED for one in incident.deliveries.values())


async def test_a_breach_shuts_a_channel_at_once_and_the_others_go_on(log_url: str) -> None:
    """Without a restart: what waits there is held for a person, and goes when it is open and released."""
    social = account("social")
    async with bench(log_url, builders.register()) as on:
        await given(on, builders.declaration())
        await given(on, say(15))
        await until(on, is_public)
        assert await given(on, Breach(reason="not our posts"), by=builders.NURSE, about=social) == ["command_refused"]
        assert await given(on, Breach(reason="not our posts"), by=WRITER, about=social) == ["account_shut"]
        await given(on, say(16))
        held = await until(on, lambda one: len(one.stops.held) == 1)
        (name,) = held.stops.held
        assert held.deliveries[name].channel == "social"
        assert len(on.channels["social"].posts) == 1
        await until(on, lambda one: sum(d.state is DeliveryState.CONFIRMED for d in one.deliveries.values()) == 3)
        (refused,) = await on.answered(on.order(OpenAccount(reason="it is ours"), about=social))
        assert isinstance(refused.body, CommandRefused)
        assert "Test Comms Lead (Comms Lead)" in refused.body.who_could
        await given(on, ChangeSecret(reason="a new password"), by=WRITER, about=social)
        assert await given(on, OpenAccount(reason="it is ours"), about=social) == ["account_opened"]
        await asyncio.sleep(0.1)
        assert len(on.channels["social"].posts) == 1
        assert (await given(on, ReleaseHeld(delivery_id=name)))[:2] == ["held_released", "delivery_claimed"]
        await until(on, is_public)
        assert len(on.channels["social"].posts) == 2
        known = [fact for fact in await on.facts() if fact.subject == social]
        state = fold_all(AccountLog(id="social", mode=LIVE), known)
        assert state.shut is None
        assert await on.dead_letters() == []


async def test_a_budget_holds_over_incidents_and_over_a_restart(log_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of four in two minutes for words that mend nothing: the others wait, and go out by themselves later."""
    monkeypatch.setitem(KINDS, PLAYED.name, replace(PLAYED, rate=RATE))
    channels = {"social": builders.channel("social", characters_max=300)}
    templates = {"major-incident": builders.approved(builders.template(channels=("social",)))}
    register = builders.register(channels=channels, templates=templates, partners={})
    async with bench(log_url, register) as on:
        for about in (builders.SUBJECT, OTHER):
            await given(on, builders.declaration(), about=about)
        assert (await given(on, say(15)))[-1] == "delivery_claimed"
        assert (await given(on, say(15), about=OTHER))[-1] == "delivery_claimed"
        for name in (INCIDENT, OTHER.id):
            await until(on, is_public, name)
    async with bench(log_url, register, start=NOW + timedelta(seconds=30)) as on:
        assert (await given(on, say(16)))[-1] == "delivery_claimed"
        await until(on, is_public)
        for minute in (17, 18):
            assert (await given(on, say(minute), about=OTHER))[-1] == "delivery_paced"
        waiting = await on.incident(OTHER.id)
        assert [one.paced_at is not None for one in waiting.deliveries.values()] == [False, True, True]
    async with bench(log_url, register, start=NOW + timedelta(minutes=3)) as on:
        await until(on, is_public, OTHER.id)
        claims = [fact.at for fact in await on.facts() if isinstance(fact.body, DeliveryClaimed)]
        assert len(claims) == 5
        for first in claims:
            assert sum(first <= at < first + RATE.within for at in claims) <= RATE.requests - RATE.kept
