"""P4: how long nothing is published after the control worker was killed with SIGKILL."""

import asyncio
import time
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack

from agents.runtime.door.door import Door
from benchmarks.figures import Aim, Figure
from benchmarks.ground import Ground, Kind, fresh
from benchmarks.processes import PATIENCE_SECONDS, line_of, program_of, started

SESSION_SECONDS = 6.0
"""As the address of a Kafka log has it, unless it says otherwise."""
BACK_SECONDS = {Kind.EMBEDDED: 2.0, Kind.KAFKA: 4.0}
TAKEN_OVER_SECONDS = SESSION_SECONDS + 2.0


async def after_a_kill(kind: Kind, url: str, *, runs: int) -> Sequence[Figure]:
    """The same worker started again; on Kafka also a second one that takes over."""
    back = [await _seconds(kind, url, others=0) for _ in range(runs)]
    figures = [_figure("P4 kill -9 to publishing, same worker back", kind, back, BACK_SECONDS[kind])]
    if kind is Kind.KAFKA:
        taken = [await _seconds(kind, url, others=1) for _ in range(runs)]
        figures.append(_figure("P4 kill -9 to publishing, take-over", kind, taken, TAKEN_OVER_SECONDS))
    return figures


def _figure(name: str, kind: Kind, seconds: Sequence[float], bound_seconds: float) -> Figure:
    return Figure(name, kind, "s", seconds, [bound_seconds], "the bound", Aim(1))


async def _seconds(kind: Kind, url: str, *, others: int) -> float:
    """From the kill to the moment when a channel is asked for a release that was ordered right after it."""
    async with fresh(kind, url) as ground, AsyncExitStack() as stack:
        names = [str(number) for number in range(1 + others)]
        workers = {name: await stack.enter_async_context(_worker(ground, name)) for name in names}
        for process in workers.values():
            await line_of(process)
        door = await stack.enter_async_context(Door(ground.mode, ground.url))
        first, second = ground.declaration(), ground.declaration()
        await door.ask(first)
        await door.put([ground.release(first.subject.id)])
        killed = await _publisher(workers, first.subject.id)
        await door.ask(second)
        workers.pop(killed).kill()
        began = time.perf_counter()
        if not others:
            workers[killed] = await stack.enter_async_context(_worker(ground, killed))
        await door.put([ground.release(second.subject.id)])
        await _publisher(workers, second.subject.id)
        return time.perf_counter() - began


def _worker(ground: Ground, name: str) -> AbstractAsyncContextManager[Process]:
    return started(program_of("beside", ground, "worker", name))


async def _publisher(workers: Mapping[str, Process], incident: str) -> str:
    """The name of the worker that asks a channel for this incident."""
    waiting = {asyncio.create_task(_says(process, incident)): name for name, process in workers.items()}
    try:
        done, _ = await asyncio.wait(waiting, timeout=PATIENCE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    if not done:
        raise TimeoutError(f"nobody published within {PATIENCE_SECONDS} seconds")
    task = done.pop()
    task.result()
    return waiting[task]


async def _says(process: Process, word: str) -> None:
    while await line_of(process) != word:
        pass
