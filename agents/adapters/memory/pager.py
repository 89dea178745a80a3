"""A pager for drills that reaches no person, keeps a record, and plays troubles on demand."""

import asyncio
from collections.abc import Callable, Sequence

from agents.adapters.admission import admit_call
from agents.adapters.memory.played_faults import Trouble, play_after, play_before
from agents.ports import NotSent
from streams.values import is_drill
from streams.words.sign_off import Call

CALLS_MAX = 10_000

Plan = Callable[[Call], Trouble | None]
"""Which trouble a page meets, if any."""


def no_faults(call: Call) -> None:
    """Plan no trouble at all."""
    del call


class MemoryPager:
    """Keeps what was sent, in order. Mode `live` needs `pretends_live`, for tests of the live wiring.

    At most `CALLS_MAX` pages, then `NotSent`. Its record ends with the process.
    """

    def __init__(self, mode: str, *, plan: Plan = no_faults, pretends_live: bool = False) -> None:
        if not is_drill(mode) and not pretends_live:
            raise ValueError("a memory pager reaches nobody: give mode live a pager that people hear")
        self._mode, self._plan = mode, plan
        self._calls: list[bytes] = []

    @property
    def mode(self) -> str:
        return self._mode

    @property
    def calls(self) -> Sequence[Call]:
        """Every page that was sent, oldest first; a key that was sent twice is there twice."""
        return [Call.model_validate_json(call) for call in self._calls]

    async def page(self, call: Call) -> str:
        admit_call(call, mode=self._mode)
        fault = self._plan(call)
        await asyncio.sleep(0)
        await play_before(fault, "pager", what="contact")
        if len(self._calls) >= CALLS_MAX:
            raise NotSent(f"the record is full with {CALLS_MAX} pages: start a new exercise")
        # Keep it as encoded bytes, as a real pager would send it.
        self._calls.append(call.model_dump_json().encode())
        await play_after(fault)
        return f"page {len(self._calls)}"
