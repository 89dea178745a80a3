"""The worker is killed at random while incidents run: nothing is lost, nothing is published twice, the record holds."""

import asyncio
import smtplib
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from agents.adapters.clocks import SystemClock
from streams.subjects.incident import Incident
from streams.topics import Event
from streams.values import IncidentType, Subject
from streams.words.delivery import DeliveryState, ResolveDelivery
from streams.words.incident import Declare, Methane
from streams.words.orders import command
from streams.words.posts import PartnerPost
from streams.words.release import Release
from tests.examples import CHIEF
from tests.scenarios.chaos_judge import faults_in_incidents, faults_outside
from tests.scenarios.kill_bench import PUBLIC, Service, open_deliveries, service, take_many_posts

INCIDENTS = 50
STILL_SECONDS_MAX = 180.0
FEWEST_SECONDS, MOST_SECONDS = 0.3, 2.5
"""How long a worker lives: from before it is ready to well into its work."""


def opening(number: int, *, channels: tuple[str, ...] = (), partner: str = "police") -> list[Event]:
    """A declared incident with its first message released, and a partner's post about it; on all channels, if none."""
    now, name = SystemClock().now(), f"incident-{number}"
    methane = Methane(major_incident=True, exact_location=f"Ward {number}", type_of_incident="fire")
    declare = Declare(
        name=f"Fire {number}", type=IncidentType.MAJOR, level=3, methane=methane, hashtags=(f"#FireWard{number}",)
    )
    slots = {"place": "Ysbyty Ardudwy", "time": "22:31"}
    release = Release(template="fire", slots=slots, channels=channels, next_update_at=now + timedelta(minutes=55))
    post = PartnerPost(
        id=f"post-{number}",
        mode="live",
        account_id=f"did:web:ardudwy-{partner}.example",
        domain=f"ardudwy-{partner}.example",
        post_id=str(number),
        at=now,
        text=f"Please keep the road free for fire engines #FireWard{number}",
    )
    orders = [
        command(body, cause=number, mode="live", subject=Subject.incident(name), at=now, by=CHIEF)
        for body in (declare, release)
    ]
    return [*orders, post]


async def kill_often(on: Service, kills: int, chance: Random) -> None:
    """Start, wait, kill, start again; the last start is left running."""
    on.start()
    for _ in range(kills):
        await asyncio.sleep(chance.uniform(FEWEST_SECONDS, MOST_SECONDS))
        on.kill()
        on.start()


async def open_incidents(on: Service, kills: int) -> None:
    """Spread the incidents over the time of the kills."""
    pause = kills * (FEWEST_SECONDS + MOST_SECONDS) / 2 / INCIDENTS
    for number in range(INCIDENTS):
        await on.put(opening(number))
        await asyncio.sleep(pause)


async def settle(on: Service) -> dict[str, Incident]:
    """Wait until every delivery is settled, for as long as any more becomes so.

    What stays unknown is looked up in the mailbox by a person.
    """
    before, patience = None, 0.0
    while True:
        incidents = await on.incidents()
        left = open_deliveries(incidents)
        if len(incidents) == INCIDENTS and not left and all_have_spoken(incidents):
            return incidents
        if (now_left := (sum(len(one.deliveries) for one in incidents.values()), {*left})) != before:
            before, patience = now_left, time.monotonic() + STILL_SECONDS_MAX
        assert time.monotonic() < patience, f"{len(incidents)} incidents, and nothing moves on: {left}"
        await on.put(looked_up(incidents, on))
        await asyncio.sleep(0.5)


def all_have_spoken(incidents: dict[str, Incident]) -> bool:
    """The holding message and the partner's post, on both channels."""
    return all(len(incident.deliveries) >= 4 for incident in incidents.values())


def looked_up(incidents: dict[str, Incident], on: Service) -> list[Event]:
    now, orders = SystemClock().now(), list[Event]()
    for incident in incidents.values():
        for one in incident.deliveries.values():
            if one.state is DeliveryState.UNKNOWN and one.channel == "email":
                found = on.mailbox.counts[one.id] > 0
                body = ResolveDelivery(
                    delivery_id=one.id, attempt=one.attempt, public=found, evidence="read the mailbox"
                )
                cause = (one.id, one.attempt)
                orders.append(command(body, cause=cause, mode="live", subject=incident.subject, at=now, by=CHIEF))
    return orders


@pytest.mark.parametrize(
    ("name", "to", "is_public"),
    [
        ("dlv-1", PUBLIC, True),
        ("dlv-1", "lowri@trust.example", True),
        ("page-1", PUBLIC, True),
        ("page-1", f"lowri@trust.example, {PUBLIC}", True),
        ("page-1", "lowri@trust.example", False),
    ],
)
def test_every_letter_counts_as_public_but_a_page_to_a_person(
    tmp_path: Path, name: str, to: str, *, is_public: bool
) -> None:
    """A page that went to the public would be public, and so would a message that went to a person."""
    with service(tmp_path) as on:
        with smtplib.SMTP("127.0.0.1", on.mail_port) as connection:
            connection.sendmail("alerts@trust.example", to.split(", "), f"Message-ID: <{name}@trust.example>\n\nFire.")
        assert (on.mailbox.counts, on.mailbox.pages) == (({name: 1}, {}) if is_public else ({}, {name: 1}))


@pytest.mark.kill
@pytest.mark.slow
async def test_no_kill_loses_or_doubles_a_message(tmp_path: Path, kills: int) -> None:
    """Judged from outside: the mail server's own count and the public folder against the record."""
    with service(tmp_path) as on:
        take_many_posts(on)
        await asyncio.gather(kill_often(on, kills, Random(kills)), open_incidents(on, kills))
        incidents = await settle(on)
        assert on.stop() == 0
        verified = await asyncio.to_thread(on.run, "log", "verify", "--log", on.log_url)
        shown = [fact for name in incidents for fact in await asyncio.to_thread(on.facts, name)]
    kinds = Counter(fact["body"]["kind"] for fact in shown)
    # For whoever runs the long form, with -s.
    print(f"{kills} kills: {kinds['delivery_asked']} deliveries, {kinds['delivery_unknown']} looks at unknown outcomes")  # noqa: T201 - as above
    assert on.problems == []
    assert [len(incident.messages) for incident in incidents.values()] == [2] * INCIDENTS
    assert faults_outside(incidents, on) == []
    assert await faults_in_incidents(on.log_url) == []
    assert verified.returncode == 0, verified.stderr
