"""The record of a whole exercise, with its searches, pages, signatures and silences, is evidence that holds."""

import asyncio

import pytest

from agents.adapters.clocks import SystemClock
from agents.adapters.registers import data_folder
from agents.entrypoints.worker.feeds.wiring import read_recording
from agents.exercise import Options, run
from agents.runtime.door.door import Door
from agents.runtime.record.export import export
from streams.values import Subject
from tests.evidence_kit import found


@pytest.mark.parametrize("scenario", ["major-incident", "silent-night"])
def test_every_order_of_an_exercise_judged_again_gives_the_facts_that_were_stored(scenario: str, log_url: str) -> None:
    """Exported from the log, on each ground, and checked with nothing but the file."""
    path = data_folder() / "exercises" / f"{scenario}.yaml"
    facts = asyncio.run(run(path, Options(speed=1_000, log_url=log_url, read_recording=read_recording))).facts
    for subject in {fact.subject for fact in facts}:
        assert found(asyncio.run(exported(subject, facts[0].mode, log_url))) == []


async def exported(subject: Subject, mode: str, log_url: str) -> bytes:
    async with Door(mode, log_url) as door:
        _, content = await export(door, subject, mode=mode, by="test", at=SystemClock().now())
        return content
