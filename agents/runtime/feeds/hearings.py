"""All feeds of a mode: the accounts of the register in force are heard, each by a task of its own."""

import asyncio
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic

import structlog

from agents.feed_port import Feed
from agents.ports import Clock
from agents.runtime.door.door import Door
from agents.runtime.door.reading import RecordReader
from agents.runtime.feeds import carried as carrying
from agents.runtime.feeds.carried import CarriedPosts
from agents.runtime.feeds.hearing import Ears, Hearing
from infra.log import LogError
from streams.topics import FEED_STATES, PARTNER_POSTS, REGISTERS
from streams.values import LIVE, TRAINING
from streams.words.feeds import FeedState
from streams.words.register.entries import Register
from streams.words.register.partners import Partner, PartnerAccount

HEARING = (LIVE, TRAINING)
"""An exercise hears no partner: its script says what they post."""

logger = structlog.get_logger(__name__)

LOOK_SECONDS = 5.0
"""So often the register in force is looked at."""
AGAIN_SECONDS = 2.0
ENDING_SECONDS_MAX = 5.0

Wire = Callable[[PartnerAccount], Feed]


def heard(register: Register, mode: str) -> Iterator[tuple[Partner, PartnerAccount]]:
    """Each account that this mode hears: one whose credential is of another mode stays there."""
    known: set[str] = set()
    for partner in register.partners.values():
        for account in partner.accounts:
            is_here = account.credential is None or account.credential.mode == mode
            if is_here and account.account_id not in known:
                known.add(account.account_id)
                yield partner, account


def hears(register: Register, mode: str) -> bool:
    """Whether this mode has any account to hear."""
    return mode in HEARING and any(True for _ in heard(register, mode))


async def states_of(door: Door) -> Mapping[str, FeedState]:
    """How each feed went last, by its account."""
    found: dict[str, FeedState] = {}
    for record in await door.records(FEED_STATES):
        state: FeedState | None = door.reading.message(FEED_STATES, record)
        if state is not None:
            found[state.account_id] = state
    return found


@dataclass(slots=True)
class _Task:
    hearing: Hearing
    running: asyncio.Task[None]


@dataclass(slots=True)
class Hearings:
    """Hears what the register in force names, and follows it; `wire` makes the feed of an account."""

    mode: str
    log_url: str
    wire: Wire
    clock: Clock
    chance: Callable[[], float]
    carried: CarriedPosts = field(default_factory=CarriedPosts)
    tasks: dict[str, _Task] = field(default_factory=dict)

    async def run(self) -> None:
        """Hear until cancelled. While the log cannot be used, wait for it: the worker of the control lane makes it."""
        while True:
            try:
                await self._hear()
            except LogError as error:
                logger.warning("the feeds wait for the log", reason=str(error))
            await asyncio.sleep(AGAIN_SECONDS)

    async def _hear(self) -> None:
        async with Door(self.mode, self.log_url) as door:
            if not (door.has(FEED_STATES) and door.has(PARTNER_POSTS)):
                raise LogError("its worker has not made the topics of this release yet: start it once")
            known = dict(await states_of(door))
            ears = Ears(self.clock, self.chance, door.put)
            registers, reading, looked_at = door.topic_reader(REGISTERS), RecordReader(), -math.inf
            try:
                while True:
                    if monotonic() - looked_at >= carrying.LOOK_SECONDS:
                        looked_at = monotonic()
                        await self.carried.look(door)
                    async for record in registers.newest_first():
                        if register := reading.register(record):
                            await self._match(register, known, ears)
                            break
                    await asyncio.sleep(LOOK_SECONDS)
            finally:
                await self._end([*self.tasks])
                await registers.close()

    async def _match(self, register: Register, known: dict[str, FeedState], ears: Ears) -> None:
        """Begin with accounts that came, and end those that went or changed; the others go on."""
        wanted = {
            f"{one.id}/{account.model_dump_json()}": (one, account) for one, account in heard(register, self.mode)
        }
        ending = [key for key in self.tasks if key not in wanted]
        for key in ending:
            state = self.tasks[key].hearing.state
            known[state.account_id] = state
        await self._end(ending)
        for key, (partner, account) in wanted.items():
            if key not in self.tasks:
                state = self._begun(partner, account, known.get(account.account_id))
                hearing = Hearing(account, self.wire(account), state, ears=ears)
                name = f"feed of {account.account_id}"
                self.tasks[key] = _Task(hearing, asyncio.create_task(hearing.run(), name=name))
                logger.info("a feed is heard", partner=partner.id, kind=account.kind)

    def _begun(self, partner: Partner, account: PartnerAccount, last: FeedState | None) -> FeedState:
        """Where to read on: where the same kind of feed of the same account was read last."""
        if last and last.kind == account.kind and last.partner == partner.id:
            return last
        return FeedState(
            mode=self.mode,
            partner=partner.id,
            account_id=account.account_id,
            kind=account.kind,
            at=self.clock.now(),
        )

    async def _end(self, keys: list[str]) -> None:
        ending = [self.tasks.pop(key).running for key in keys]
        for task in ending:
            task.cancel()
        if ending:
            await asyncio.wait(ending, timeout=ENDING_SECONDS_MAX)
