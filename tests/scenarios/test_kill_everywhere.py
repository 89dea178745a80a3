"""The worker is killed while it sends on four channels: each server has each message once, or a person knows."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from agents.adapters.clocks import SystemClock
from streams.subjects.incident import Incident
from streams.topics import Event
from streams.values import IncidentType, Subject
from streams.words.delivery import Delivery, DeliveryState, ResolveDelivery
from streams.words.incident import Declare, Methane
from streams.words.orders import Command, command
from streams.words.release import Release
from tests.examples import CHIEF
from tests.scenarios.chaos_judge import faults_in_incidents
from tests.scenarios.everywhere import MACHINES, Everywhere, everywhere
from tests.scenarios.kill_bench import open_deliveries
from tests.scenarios.test_kill import looked_up

STILL_SECONDS_MAX, TAKEN_SECONDS, TAKEN_SECONDS_MAX, LOOK_SECONDS = 420.0, 180.0, 900.0, 0.005
"""So long nothing may settle, however long it takes in all: a busy machine is slow, and not stuck.

A post that no look finds on Mastodon may still land for two minutes, and is sent again only after them.

Until something is taken the service has to start, which takes it half a minute on a machine with ten times the work.
"""
FEW, MANY = 3, 25
"""Each kill is a start of the service, and the end waits two minutes for Mastodon: in short runs few are enough."""
LONGEST_AFTER_SECONDS = 0.15


def told_at(number: int) -> str:
    """The time of day that tells a message from the others: a server that knows words only would take them for one."""
    return f"{number // 60:02}:{number % 60:02}"


def orders(number: int) -> list[Event]:
    """An incident of its own, with its first message on every channel."""
    now = SystemClock().now()
    methane = Methane(major_incident=True, exact_location=f"Ward {number}", type_of_incident="fire")
    declare = Declare(name=f"Fire {number}", type=IncidentType.MAJOR, level=3, methane=methane)
    slots = {"place": "Ysbyty Ardudwy", "time": told_at(number)}
    release = Release(template="fire", slots=slots, channels=MACHINES, next_update_at=now + timedelta(minutes=55))
    about = Subject.incident(f"incident-{number}")
    return [command(one, cause=number, mode="live", subject=about, at=now, by=CHIEF) for one in (declare, release)]


def taken(night: Everywhere) -> int:
    """How much the servers that are quick to ask have taken."""
    letters = sum(night.on.mailbox.counts.values())
    return letters + len(night.mastodon.posts(night.name)) + sum(night.on.published_on_site().values())


async def kill_in_mid_send(night: Everywhere, kills: int, chance: Random) -> None:
    """Each time as soon as one server has taken something, or a moment later: the others are being written to."""
    night.on.start()
    for number in range(kills):
        before = taken(night)
        await night.on.put(orders(number))
        worker, said = night.on.workers[0], 0
        patience = latest = time.monotonic() + TAKEN_SECONDS
        latest += TAKEN_SECONDS_MAX
        while taken(night) == before:
            if worker.length() != said:  # It does something: what it is at may take long beside other work.
                said, patience = worker.length(), min(time.monotonic() + TAKEN_SECONDS, latest)
            assert worker.runs, f"before kill {number} the worker ended by itself: see {worker.lines}"
            assert time.monotonic() < patience, (
                f"before kill {number} nothing was sent by a worker that is {worker.phase}"
            )
            await asyncio.sleep(LOOK_SECONDS)
        await asyncio.sleep(chance.uniform(0, LONGEST_AFTER_SECONDS))
        night.on.kill()
        night.on.start()


def all_of(incidents: Mapping[str, Incident]) -> Sequence[Delivery]:
    return [one for incident in incidents.values() for one in incident.deliveries.values()]


async def settle(night: Everywhere, kills: int) -> tuple[dict[str, Incident], int]:
    """Wait until all is settled but what its account's budget puts off; for how many letters a person had to look.

    Each kill costs Bluesky another try of what was under way, so that a hundred of them use up the hour's budget.
    """
    asked, before, patience = set[str](), None, time.monotonic() + STILL_SECONDS_MAX
    while True:
        incidents = await night.on.incidents()
        deliveries = all_of(incidents)
        paced = {one.id for one in deliveries if one.paced_at}
        left = {*open_deliveries(incidents)} - paced
        if len(deliveries) == kills * len(MACHINES) and not left:
            return incidents, len(asked)
        if (now_left := (len(deliveries), left)) != before:
            before, patience = now_left, time.monotonic() + STILL_SECONDS_MAX
        told = [(one.channel, one.state, one.reason) for one in deliveries if one.id in left]
        assert time.monotonic() < patience, f"{len(deliveries)} deliveries, and nothing moves on: {told}"
        unknown = looked_up(incidents, night.on)
        found = (one.body for one in unknown if isinstance(one, Command))
        asked |= {one.delivery_id for one in found if isinstance(one, ResolveDelivery)}
        await night.on.put(unknown)
        await asyncio.sleep(0.5)


def on_servers(night: Everywhere) -> Counter[tuple[str, str]]:
    """How often each server shows each message, in English, by the time that it tells."""
    found = Counter[tuple[str, str]]()
    for name, texts in night.posts().items():
        found.update((name, at) for text in texts for at in re.findall(r"told at (\d\d:\d\d)", text))
    return found


@pytest.mark.kill
@pytest.mark.slow
async def test_no_kill_in_mid_send_loses_or_doubles_a_message_on_any_channel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kills: int
) -> None:
    """Three kills, or as many as `--kills` says from twenty-five on. Counted on the four servers themselves."""
    kills = kills if kills >= MANY else FEW
    with everywhere(tmp_path, monkeypatch, by_hand=False, seconds=5) as night:
        await kill_in_mid_send(night, kills, Random(kills))
        incidents, asked = await settle(night, kills)
        assert night.on.stop() == 0
        posts, site = on_servers(night), night.on.published_on_site()
        deliveries = all_of(incidents)
        facts = [fact["body"] for name in incidents for fact in await asyncio.to_thread(night.on.facts, name)]
        faults = await faults_in_incidents(night.on.log_url)
    unknown = [one for one in facts if one["kind"] == "delivery_unknown" and "claim lapsed" in one["reason"]]
    lapsed = len({(one["delivery_id"], one["attempt"]) for one in unknown})
    # For the reader of the long form, with -s.
    print(f"{kills} kills, {len(deliveries)} deliveries: {lapsed} claims lapsed, a person looked for {asked} letters")  # noqa: T201 - as above
    assert lapsed
    paced = [one for one in deliveries if one.state is not DeliveryState.CONFIRMED]
    assert all(one.paced_at and one.channel in {"bluesky", "mastodon"} for one in paced), paced
    # What its account's budget puts off is there once or not at all; nothing else is missing or twice.
    assert set(posts.values()) == {1}
    assert {(name, told_at(one)) for name in ("bluesky", "mastodon") for one in range(kills)} >= posts.keys()
    assert 2 * kills - len(paced) <= len(posts)
    assert {one.id: night.on.mailbox.counts[one.id] for one in deliveries if one.channel == "email"} == {
        one.id: 1 for one in deliveries if one.channel == "email"
    }
    assert site == {one.id: 1 for one in deliveries if one.channel == "site"}
    assert night.on.problems == []
    assert faults == []
