"""A worker to kill in the night: a process of its own, whose pagers write each page to a file that survives it.

python -m tests.scenarios.night_worker LOG PAGES BEGAN SPEED
"""

import asyncio
import os
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from agents.adapters.clocks import ScaledClock
from agents.adapters.memory.channel import MemoryChannel
from agents.ports import NotSent
from agents.runtime.worker.worker import Setup, Worker
from streams.words.register.entries import Register
from streams.words.sign_off import Call
from tests.builders import LIVE, NOW, OFFICER
from tests.searches import CHAIR, chain, register, step

WAIT_SECONDS = 120
"""So long, in played seconds, each person has to answer."""
CHAIR_WAIT_SECONDS = 3600
"""Hers is longer: she answers, however slowly a killed worker comes back."""


def trust() -> Register:
    """The commander, then the officer, who is away, then the chair."""
    waits = {"director-on-call": WAIT_SECONDS, OFFICER: WAIT_SECONDS, CHAIR: CHAIR_WAIT_SECONDS}
    steps = tuple(step(one, answer_within_seconds=seconds) for one, seconds in waits.items())
    return register(chain(steps=steps, ordered=True), away=(OFFICER,))


def night_clock(began: float, speed: float) -> ScaledClock:
    """The time of the night, the same for every process: `began` is the second of this machine at which it began."""
    passed = time.time() - began  # noqa: TID251 - what several processes agree on
    return ScaledClock(NOW + timedelta(seconds=passed * speed), speed)


@dataclass(frozen=True)
class FilePager:
    """Writes down every page that goes out; the chair's telephone takes no messages."""

    pages: Path
    mode: str = LIVE

    async def page(self, call: Call) -> str:
        if call.person == CHAIR and call.contact.via == "sms":
            raise NotSent("this number takes no text messages")
        with self.pages.open("ab") as opened:
            opened.write(call.model_dump_json().encode() + b"\n")
            opened.flush()
            os.fsync(opened.fileno())
        return "written down"


async def main(log: str, pages: Path, clock: ScaledClock) -> None:
    told = trust()
    channels = {name: MemoryChannel(LIVE, pretends_live=True) for name in told.channels}
    pagers = {via: FilePager(pages) for via in ("sms", "email")}
    setup = Setup(LIVE, log, clock, lambda: told, channels, pagers=pagers)
    async with Worker(setup) as worker:
        print("serving", flush=True)  # noqa: T201 - whoever started it waits for this word
        await worker.crashed()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), night_clock(float(sys.argv[3]), float(sys.argv[4]))))
