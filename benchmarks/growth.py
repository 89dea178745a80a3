"""P6: two thousand releases on ten channels in one incident; what the last ones cost, beside the first."""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from agents.adapters.clocks import ScaledClock
from agents.desk import Needs, handle
from agents.runtime.worker.table_store import TableStore
from benchmarks.figures import Aim, Figure
from streams.subjects.fold import STATES
from streams.subjects.past import ROWS, Ended
from streams.subjects.state import State
from streams.values import LIVE, Subject
from streams.words.delivery import DeliveryClaimed, Receipt, RecordOutcome
from streams.words.facts import CommandRefused, Fact
from streams.words.orders import CommandBody
from streams.words.register.entries import Register
from tests import builders

CHANNELS = tuple(f"channel-{number}" for number in range(10))
WARM_UP = 20
AT_EACH_END = 50
MINUTE = timedelta(minutes=1)


class Night:
    """A desk on tables of its own, and an incident that was declared on it."""

    def __init__(self) -> None:
        self._register = register()
        self.states: dict[bytes, bytes] = {}
        states: Any = self.states
        past: Any = {}
        self._tables = TableStore[State](states, STATES), TableStore[Any](past, ROWS)
        self.given = self.releases = 0

    async def release(self) -> None:
        """Let another message out, and have every channel confirm it."""
        hours, minutes = divmod(self.releases, 60)
        days, hours = divmod(hours, 24)
        slots = {**builders.SLOTS, "time": f"{hours:02d}:{minutes:02d}"}
        self.releases += 1
        facts = await self.give(builders.holding(slots=slots, next_update_at=builders.NEXT_UPDATE + days * MINUTE))
        for claimed in [fact.body for fact in facts if isinstance(fact.body, DeliveryClaimed)]:
            receipt = Receipt(words="shown", url=f"https://trust.example/{claimed.delivery_id}")
            await self.give(
                RecordOutcome(
                    delivery_id=claimed.delivery_id, attempt=claimed.attempt, outcome="confirmed", receipt=receipt
                ),
                by="publishing-agent",
            )

    async def give(self, body: CommandBody, by: str = builders.COMMANDER) -> Sequence[Fact]:
        """Give an order now; `RuntimeError` if it is refused."""
        self.given += 1
        order = builders.command(body, by, id=f"cmd-{self.given}", at=builders.NOW)
        facts = await handle(order, self._needs())
        for fact in facts:
            if isinstance(fact.body, CommandRefused):
                raise RuntimeError("; ".join(fact.body.reasons))  # noqa: TRY004 - no type is wrong, the desk said no
        return facts

    @property
    def record_bytes(self) -> int:
        """How large the incident's record is."""
        return len(self.states[builders.SUBJECT.key.encode()])

    def _needs(self) -> Needs:
        clock = ScaledClock(builders.NOW, 1, elapsed=lambda: 0.0)
        return Needs(LIVE, "run-1", clock, lambda: self._register, _keep, *self._tables, _recall)


async def growth(*, releases: int) -> Figure:
    """Milliseconds of the processor for each of the last releases, over those for each of the first."""
    night = Night()
    await night.give(builders.declaration())
    for _ in range(WARM_UP):
        await night.release()
    sizes = [night.record_bytes]
    times = []
    for _ in range(releases):
        began = time.process_time()
        await night.release()
        times.append((time.process_time() - began) * 1000)
    sizes.append(night.record_bytes)
    caption = (
        f"after {releases} releases on {len(CHANNELS)} channels the record has {sizes[1]} bytes, at first {sizes[0]}"
    )
    first, last = times[:AT_EACH_END], times[-AT_EACH_END:]
    return Figure("P6 the last release beside the first", "desk", "ms", last, first, "the first", Aim(1.2), caption)


def register() -> Register:
    """The small trust with ten channels, all of which its template goes out on."""
    channels = {name: builders.channel(name) for name in CHANNELS}
    template = builders.template(channels=CHANNELS)
    return builders.register(channels=channels, templates={template.id: template}, partners={})


async def _keep(kept: Register) -> str:
    return kept.version()


async def _recall(subject: Subject, left: Ended) -> State:
    raise LookupError(f"{subject.called} left memory after fact {left.sequence}, and it never should")
