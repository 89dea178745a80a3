"""A night in seconds: the first is silent, the deputy away, the chair answers; and the worker is killed in between."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest

from agents.runtime.door.door import Door, facts_of
from agents.runtime.door.tables import PAST
from agents.runtime.record.verify import verify
from infra.log import LogError
from streams.chain import faults
from streams.subjects.fold import fold_all
from streams.subjects.incident import Incident
from streams.words.facts import Fact
from streams.words.orders import CommandBody, command
from streams.words.register.entries import Contact
from streams.words.release import SignOff
from streams.words.sign_off import Call, PersonPaged, PersonPassedOver, PersonTold, SearchEnded
from tests import builders
from tests.builders import COMMANDER, INCIDENT, LIVE, OFFICER, SUBJECT, WRITER
from tests.scenarios.night_worker import night_clock
from tests.searches import CHAIR, contacts

Kind = TypeVar("Kind")

SPEED = 12.0
PATIENCE_SECONDS = 180.0


@dataclass
class Night:
    """Worker processes on one log, and the door of those who are awake."""

    log: str
    pages_file: Path
    began: float = field(default_factory=time.time)  # noqa: TID251 - what several processes agree on
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start a worker, which finds the night as the one before it left it."""
        arguments = [self.log, str(self.pages_file), str(self.began), str(SPEED)]
        self.process = subprocess.Popen([sys.executable, "-m", "tests.scenarios.night_worker", *arguments])

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing is said."""
        if self.process:
            self.process.kill()
            self.process.wait()

    @property
    def pages(self) -> Sequence[Call]:
        """What really went out."""
        return [Call.model_validate_json(line) for line in self.pages_file.read_bytes().splitlines()]

    def reached(self, person: str, contact: Contact) -> bool:
        return (person, contact) in {(call.person, call.contact) for call in self.pages}

    async def give(self, door: Door, body: CommandBody, by: str) -> None:
        now = night_clock(self.began, SPEED).now()
        await door.put([command(body, cause=now, mode=LIVE, subject=SUBJECT, at=now, by=by)])

    async def until(self, door: Door, condition: Callable[[Incident], bool]) -> Incident:
        """Wait until the facts say so."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                incident = fold_all(Incident(id=INCIDENT, mode=LIVE), await facts(door))
                if condition(incident):
                    return incident
                await asyncio.sleep(0.1)


async def facts(door: Door) -> list[Fact]:
    return facts_of(await door.fact_records())


def asks(person: str) -> Callable[[Incident], bool]:
    """Whether this person was paged, and the page has a report."""

    def condition(incident: Incident) -> bool:
        return any(
            one.asks and one.asks.person == person and one.pages and one.pages[-1].outcome
            for one in incident.searches.values()
        )

    return condition


@pytest.mark.slow
@pytest.mark.kill
async def test_the_first_is_silent_the_deputy_away_and_the_chair_answers_from_her_second_contact(
    log_url: str, tmp_path: Path
) -> None:
    """With the worker killed while each of them is asked: every step is a fact, in order, and no page went twice."""
    night = Night(log_url, tmp_path / "pages")
    night.pages_file.touch()
    night.start()
    try:
        found = await played(night)
    finally:
        night.kill()
    assert [(one.person, one.why) for one in of(found, PersonPassedOver)] == [(COMMANDER, "silent"), (OFFICER, "away")]
    assert [(one.outcome, one.person) for one in of(found, SearchEnded)] == [("answered", CHAIR)]
    keys = [call.key for call in night.pages]
    assert len(keys) == len(set(keys))
    assert set(keys) <= {one.call.key for one in of(found, PersonPaged)} | {
        one.call.key for one in of(found, PersonTold)
    }
    assert night.reached(CHAIR, contacts(CHAIR)[1])
    assert faults([one.model_dump(mode="json") for one in found]) == []


async def played(night: Night) -> list[Fact]:
    """The whole night, and its facts."""
    async with opened(night.log) as door:
        await night.give(door, builders.declaration(), COMMANDER)
        await night.give(door, builders.line(), WRITER)
        await night.until(door, asks(COMMANDER))
        night.kill()
        night.start()
        await night.until(door, asks(CHAIR))
        night.kill()
        night.start()
        incident = await night.until(door, lambda _: night.reached(CHAIR, contacts(CHAIR)[1]))
        draft = next(iter(incident.drafts.values()))
        await night.give(door, SignOff(message_id=draft.id, content_hash=draft.content_hash), CHAIR)
        await night.until(door, lambda one: all(search.ended for search in one.searches.values()))
        table = [*await door.table_records(), *await door.table_records(PAST)]
        assert verify(await door.fact_records(), table) == []
        return await facts(door)


@asynccontextmanager
async def opened(log: str) -> AsyncIterator[Door]:
    """A door to a log that a worker is only just making."""
    async with AsyncExitStack() as stack, asyncio.timeout(PATIENCE_SECONDS) as patience:
        while True:
            try:
                door = await stack.enter_async_context(Door(LIVE, log))
                await facts(door)
            except LogError:
                await asyncio.sleep(0.2)
            else:
                patience.reschedule(None)
                yield door
                return


def of(found: Sequence[Fact], kind: type[Kind]) -> list[Kind]:
    return [fact.body for fact in found if isinstance(fact.body, kind)]
