"""P2 and P3: from the order to every channel asked, idle, while mentions flood in, and while partners post."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import count

from agents.runtime.worker.worker import Worker
from benchmarks.figures import Aim, Figure
from benchmarks.ground import Ground, Kind, fresh
from benchmarks.processes import PATIENCE_SECONDS, line_of, program_of, started
from benchmarks.relays import STEPS, Pass, Samples, at, bare
from streams.lanes import CONTROL_LANE
from streams.words.delivery import Dispatch
from streams.words.posts import PartnerPost
from tests import builders

WARM_UP = 5
QUIET_SECONDS = 0.3
"""Before each release and each passage: on a cluster the last report of the one before it is committed 0.25 s later."""
LOOK_SECONDS = 0.01
POSTS_A_MINUTE = 1_000
"""So many posts of a partner reach the worker while it releases: none of them names an incident."""


POSTED = f"{POSTS_A_MINUTE:,} posts of a partner a minute through the same worker"


async def idle_and_flooded(kind: Kind, url: str, *, releases: int, runs: int) -> Sequence[Figure]:
    """P2 and P3, run by run: the bare steps and idle releases, then releases under a flood, and among posts."""
    p50: Mapping[str, Samples] = defaultdict(list)
    p99: Mapping[str, Samples] = defaultdict(list)
    rates = Samples()
    for _ in range(runs):
        async with fresh(kind, url) as ground:
            for what, times in (await _run(ground, releases, rates)).items():
                p50[what].append(at(times, 50))
                p99[what].append(at(times, 99))
    baseline, aim = ("a bare transactional relay", Aim(1)) if kind is Kind.KAFKA else ("bare SQLite commits", Aim(2))
    steps = f"{len(STEPS)} durable steps: {', '.join(STEPS)}"
    flood = f"the flood was handled at {min(rates):,.0f} to {max(rates):,.0f} mentions/s by a process beside"
    return [
        Figure("P2 release, p50", kind, "ms", p50["idle"], p50["bare"], baseline, aim, steps),
        Figure("P2 release, p99", kind, "ms", p99["idle"], p99["bare"], baseline, aim),
        Figure("P3 release under a flood, p50", kind, "ms", p50["flooded"], p50["idle"], "idle", Aim(1.25), flood),
        Figure("P3 release among posts, p50", kind, "ms", p50["posted"], p50["idle"], "idle", Aim(1.25), POSTED),
    ]


async def _run(ground: Ground, releases: int, rates: Samples) -> Mapping[str, Samples]:
    """The bare steps and a release take turns, to meet the same minute; brokers digest the flood long: it is last."""
    found: Mapping[str, Samples] = defaultdict(list)
    asked = AskedMoments()
    channels = ground.channels(asked.note)
    asked.channels_count = len(channels)
    async with ground.worker(CONTROL_LANE, channels=channels) as worker, bare(ground) as steps:
        await worker.put([ground.command(builders.declaration())])
        for number in range(WARM_UP + releases):
            times = await _bare(steps), await _release(worker, ground, asked)
            if number >= WARM_UP:
                for what, time_ms in zip(("bare", "idle"), times, strict=True):
                    found[what].append(time_ms)
        async with _posts(worker, ground):
            found["posted"].extend([await _release(worker, ground, asked) for _ in range(releases)])
        async with _flood(ground, rates):
            found["flooded"].extend([await _release(worker, ground, asked) for _ in range(releases)])
    return found


async def _bare(steps: Pass) -> float:
    """Milliseconds of the bare steps."""
    await asyncio.sleep(QUIET_SECONDS)
    began = time.perf_counter()
    await steps()
    return (time.perf_counter() - began) * 1000


async def _release(worker: Worker, ground: Ground, asked: "AskedMoments") -> float:
    """Milliseconds from the order to the moment when the last channel was asked."""
    declaration = ground.declaration()
    await worker.put([declaration])
    await known(worker, declaration.subject.id)
    await asyncio.sleep(QUIET_SECONDS)
    order = ground.release(declaration.subject.id)
    began = time.perf_counter()
    await worker.put([order])
    async with asyncio.timeout(PATIENCE_SECONDS):
        return (await asked.by_all() - began) * 1000


async def known(worker: Worker, incident: str) -> None:
    """Wait until the worker sees the incident."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while incident not in await worker.incidents.all():  # noqa: ASYNC110 - a view tells nobody
            await asyncio.sleep(LOOK_SECONDS)


class AskedMoments:
    """When the channels were asked."""

    def __init__(self) -> None:
        self._times: asyncio.Queue[float] = asyncio.Queue()
        self.channels_count = 0

    def note(self, dispatch: Dispatch) -> None:
        """A channel is asked now."""
        del dispatch
        self._times.put_nowait(time.perf_counter())

    async def by_all(self) -> float:
        """The time at which the last of all channels was asked."""
        return max([await self._times.get() for _ in range(self.channels_count)])


@asynccontextmanager
async def _flood(ground: Ground, rates: Samples) -> AsyncIterator[None]:
    """A mention lane in a process of its own, which puts posts and handles them as fast as it can."""
    async with started(program_of("beside", ground, "flood", "0")) as process:
        await line_of(process)
        yield
        process.terminate()
        rates.append(float(await line_of(process)))


@asynccontextmanager
async def _posts(worker: Worker, ground: Ground) -> AsyncIterator[None]:
    """A registered partner that posts on and on; the worker that releases handles its posts too."""
    putting = asyncio.create_task(_post_on(worker, ground))
    try:
        yield
    finally:
        putting.cancel()
        with suppress(asyncio.CancelledError):
            await putting


async def _post_on(worker: Worker, ground: Ground) -> None:
    partner = builders.partner()
    began = time.perf_counter()
    for number in count():
        name = f"post-{number}"
        post = PartnerPost(
            id=name,
            mode=ground.mode,
            account_id=partner.account_id,
            domain=partner.domain,
            post_id=name,
            at=ground.clock.now(),
            text=f"Crews at work {number}",
        )
        await worker.put([post])
        # Where a put took long, those behind it come sooner, so that the rate is kept.
        await asyncio.sleep(max(0.0, began + (number + 1) * 60 / POSTS_A_MINUTE - time.perf_counter()))
