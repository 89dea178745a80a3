"""How long an order waits for a worker and for its answer, and what the person who gave it hears meanwhile."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

from agents.runtime.door.reading import RecordReader
from agents.runtime.door.topic_reader import TopicReader
from infra.doors import DoorLog
from infra.log import LogError, LogFull, Record
from streams.decisions.authority.freshness import ORDER_AGE_MAX
from streams.words.facts import Fact

ANSWER_SECONDS_MAX = 10.0
"""So long an order waits for a worker, and then for its answer."""
RESTART_SECONDS_MAX = 60.0
"""A worker that was silent for longer is not being started again by a service manager: no order waits for it."""
TOLD_AFTER_SECONDS = 0.9
LOOK_SECONDS = 0.2

Tell = Callable[[str], None]
"""Takes a sentence for the person who waits."""

WAITS = (
    "No worker runs at the moment, as when the service is being started again: "
    f"the order is kept here, and waits up to {ANSWER_SECONDS_MAX:.0f} seconds for one."
)
IS_THERE = (
    "The order is in the log and has no answer yet, as when the service is being started again: "
    f"the answer is waited for up to {ANSWER_SECONDS_MAX:.0f} seconds."
)
NOT_GIVEN = (
    "the order was not given, and nothing of it is left: start a worker with `holdingline serve`, then give it again."
)
GIVEN = (
    f"The order is in the log and was not answered within {ANSWER_SECONDS_MAX:.0f} seconds: do not give it again. "
    f"A worker takes it once, and may refuse it as too old after {ORDER_AGE_MAX // timedelta(minutes=1)} minutes; "
    "`holdingline status` shows what became of it, and `holdingline doctor` what is wrong."
)
START_ONE = "No worker runs now: start one with `holdingline serve`."


DoorError = LogError
"""What a door may fail with, for those who know no log."""
NoRoom = LogFull
"""The disk under the log is full: the order was not given."""


class NobodyServes(LogError):
    """No worker is running on this log: start one with `holdingline serve`, then give the order again."""


class NoAnswer(LogError):
    """The order is in the log, and no answer came: look at `holdingline status` before giving it again."""


async def worker_comes(log: DoorLog, tell: Tell) -> None:
    """Return once a worker runs; `NobodyServes` if none comes in time, or if none has run lately.

    A restart takes seconds. If the last worker was silent for longer, to wait would only keep the person from acting.
    """
    if await log.worker_runs():
        return
    if (silent_seconds := await log.silent_seconds()) > RESTART_SECONDS_MAX:
        raise NobodyServes(f"No worker has run on this log for {timedelta(seconds=int(silent_seconds))}: {NOT_GIVEN}")
    waiting = Patience(tell, WAITS)
    while not await log.worker_runs():
        if waiting.goes_on() > ANSWER_SECONDS_MAX:
            raise NobodyServes(f"No worker came within {ANSWER_SECONDS_MAX:.0f} seconds: {NOT_GIVEN}")
        await asyncio.sleep(LOOK_SECONDS)


async def answer_comes(reader: TopicReader, order_id: str, *, log: DoorLog, tell: Tell) -> Sequence[Fact]:
    """The facts that answer an order, all of them, as the reader of facts comes to them; `NoAnswer` if none in time."""
    waiting = Patience(tell, IS_THERE)
    try:
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            while not (found := _answering(order_id, await reader.more(wait_seconds=1.0))):
                waiting.goes_on()
            # They are committed together, but one read may end among them.
            found += _answering(order_id, await reader.rest())
    except TimeoutError:
        raise NoAnswer(GIVEN if await log.worker_runs() else f"{GIVEN} {START_ONE}") from None
    return found


def _answering(order_id: str, records: Sequence[Record]) -> list[Fact]:
    return [fact for fact in RecordReader().facts(records) if fact.cause == order_id]


class Patience:
    """A person waits from now on, and hears a sentence once if it takes longer than a moment."""

    def __init__(self, tell: Tell, sentence: str) -> None:
        self._tell = tell
        self._sentence: str | None = sentence
        self._seconds = asyncio.get_running_loop().time
        self._begun = self._seconds()

    def goes_on(self) -> float:
        """For how many seconds so far."""
        waited = self._seconds() - self._begun
        if self._sentence and waited > TOLD_AFTER_SECONDS:
            self._tell(self._sentence)
            self._sentence = None
        return waited
