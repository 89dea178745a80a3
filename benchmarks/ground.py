"""The ground that is measured: where its logs are, and a night with one incident on it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from faust.types import TP

from agents.adapters.clocks import ScaledClock
from agents.adapters.memory_channel import MemoryChannel
from agents.runtime.door import Door
from agents.runtime.places import Lane
from agents.runtime.worker import Setup, Worker
from infra.log import Draft
from streams.codec import encode
from streams.posts import Mention
from streams.topics import MENTIONS
from tests import builders

CLOCK = ScaledClock(builders.NOW)
"""Real seconds, in the night for which the register has somebody on call."""
PARTITION = TP(MENTIONS.named("live"), 0)


@dataclass(frozen=True, slots=True)
class Ground:
    """An address that no worker has used yet."""

    url: str

    def worker(self, lane: Lane, channels: dict[str, MemoryChannel] | None = None) -> Worker:
        """A worker of one lane, live, on a quiet register."""
        register = builders.register()
        memory = {name: MemoryChannel("live", pretends_live=True) for name in register.channels}
        return Worker(Setup("live", self.url, CLOCK, lambda: register, channels or memory, lane=lane))

    async def declare(self) -> None:
        """Have the incident declared, and its control lane ended again."""
        async with self.worker(Lane.CONTROL), Door("live", self.url) as door:
            body = builders.declaration()
            await door.ask(builders.command(body, at=CLOCK.now()))


@asynccontextmanager
async def fresh_sqlite() -> AsyncIterator[Ground]:
    """An embedded log in a folder that is gone afterwards."""
    with TemporaryDirectory() as folder:
        yield Ground(f"sqlite:////{Path(folder)}/log.db")


def mentions(count: int) -> Sequence[Draft]:
    """Posts of a thousand authors; every third speaks of the incident."""
    drafts = []
    for number in range(count):
        about = "#AshbyCrash" if number % 3 == 0 else "nothing of ours"
        author, text = f"author-{number % 997}", f"so loud near the station today, what happened {number}? {about}"
        post = Mention(id=f"m-{number}", mode="live", author_id=author, at=CLOCK.now(), text=text)
        drafts.append(Draft(PARTITION, author.encode(), encode(post), 0))
    return drafts
