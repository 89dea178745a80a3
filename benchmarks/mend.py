"""P11: a wrong message on a channel of every kind, from the order that corrects it until all of them show it."""

import asyncio
import time
from collections.abc import Mapping, Sequence

from agents.adapters.memory.channel import MemoryChannel
from agents.runtime.worker.worker import Worker
from benchmarks.figures import Aim, Figure
from benchmarks.ground import UPDATE_IN, Kind, fresh
from benchmarks.processes import PATIENCE_SECONDS
from benchmarks.relays import Samples, at
from benchmarks.release import QUIET_SECONDS, known
from streams.decisions.channels.card import ChannelKind
from streams.decisions.channels.kinds import KINDS, PLAYS, speaking
from streams.lanes import CONTROL_LANE
from streams.subjects.incident import Incident
from streams.values import Purpose
from streams.words.delivery import SETTLED
from streams.words.orders import Command
from streams.words.register.entries import Register
from tests import builders

LOOK_SECONDS = 0.002
PAIRS = 2
"""On each ground: the first warms up, and more than two would wait until a channel's budget allows the next."""
REACHED: Mapping[str, ChannelKind] = {name: KINDS[name] for name in speaking() if not KINDS[name].by_hand}


async def mended(kind: Kind, url: str, *, releases: int, runs: int) -> Sequence[Figure]:
    """P11, run by run: each release, and then its correction, until every channel confirms it; each on a new ground."""
    corrections, first_words = Samples(), Samples()
    for _ in range(runs):
        pairs = [await _pair(kind, url) for _ in range(releases)]
        first_words.append(at([one for one, _ in pairs], 50))
        corrections.append(at([one for _, one in pairs], 50))
    caption = f"channels in memory that play {', '.join(REACHED)}; those that may hide words are looked at"
    against = "the release that it corrects"
    return [Figure("P11 correction everywhere, p50", kind, "ms", corrections, first_words, against, Aim(1.25), caption)]


def register() -> Register:
    """A channel of each kind that a machine reaches, all of them in the template."""
    entries = {name: builders.channel(name, options={PLAYS: name}) for name in REACHED}
    template = builders.template(channels=tuple(entries))
    return builders.register(channels=entries, templates={template.id: template})


async def _pair(kind: Kind, url: str) -> tuple[float, float]:
    """Milliseconds of a release and of its correction."""
    found = list[tuple[float, float]]()
    async with fresh(kind, url) as ground:
        channels = {name: MemoryChannel(ground.mode, played) for name, played in REACHED.items()}
        async with ground.worker(CONTROL_LANE, channels=channels, register=register()) as worker:
            for number in range(PAIRS):
                declaration = ground.declaration()
                incident = declaration.subject.id
                await worker.put([declaration])
                await known(worker, incident)
                # Some networks know words only: those of one incident are not those of another.
                slots = builders.SLOTS | {"time": f"00:{number:02}"}
                first = builders.holding(slots=slots, next_update_at=ground.clock.now() + UPDATE_IN)
                release = await _until_public(worker, ground.command(first, incident=incident), 1)
                right = slots | {"time": f"01:{number:02}"}
                mend = builders.holding(slots=right, next_update_at=None, purpose=Purpose.CORRECTION)
                found.append((release, await _until_public(worker, ground.command(mend, incident=incident), 2)))
    for name, channel in channels.items():
        if len({one.key for one in channel.posts}) != 2 * PAIRS:
            raise RuntimeError(f"{name} does not have every message and its correction")
    return found[-1]


async def _until_public(worker: Worker, order: Command, messages: int) -> float:
    """Milliseconds from the order until the record has it confirmed on every channel."""
    await asyncio.sleep(QUIET_SECONDS)
    began = time.perf_counter()
    await worker.put([order])
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not _is_settled((await worker.incidents.all()).get(order.subject.id), messages):  # noqa: ASYNC110 - a view tells nobody
            await asyncio.sleep(LOOK_SECONDS)
    return (time.perf_counter() - began) * 1000


def _is_settled(incident: Incident | None, messages: int) -> bool:
    """Whether so many messages were let out, and every channel has answered: what is settled may have left memory."""
    if incident is None or incident.released < messages:
        return False
    return all(one.state in SETTLED for one in incident.deliveries.values())
