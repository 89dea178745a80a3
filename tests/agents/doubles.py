"""Small stand-ins for what the runtime gives an agent: tables, views, and works that run when the test says so."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Generic, TypeVar

from agents.adapters.clocks import ScaledClock
from agents.adapters.memory.channel import MemoryChannel
from agents.adapters.memory.played_faults import Trouble
from agents.ports import NotSent, Work
from streams.decisions.channels.kinds import KINDS, MEMORY
from streams.subjects.incident import Incident
from streams.subjects.past import Ended
from streams.subjects.state import State
from streams.values import Subject
from streams.words.orders import Command
from streams.words.plans import ScheduledPost
from streams.words.posts import PartnerPost
from streams.words.register.entries import Register
from streams.words.release import Credit
from tests.builders import NOW

Value = TypeVar("Value")


def clock_at(moment: datetime = NOW, speed: float = 1.0) -> ScaledClock:
    """A clock that does not move; its timeouts pass so many times as fast."""
    return ScaledClock(moment, speed, elapsed=lambda: 0.0)


def clock_for(fault: Trouble) -> ScaledClock:
    """Only what hangs is not waited for: else a machine that stalls would end what has an outcome."""
    return clock_at(speed=1_000.0 if fault in {Trouble.HANGS_BEFORE, Trouble.HANGS_AFTER} else 1.0)


async def not_recalled(subject: Subject, left: Ended) -> State:
    """No incident has left memory."""
    raise AssertionError(f"{subject.called} is not asked for: {left.sequence}")


async def kept(register: Register) -> str:
    """Keeps nothing, and tells under which version it would."""
    return register.version()


@dataclass
class MemoryStore(Generic[Value]):
    """A table in a dictionary."""

    values: dict[str, Value] = field(default_factory=dict)

    def get(self, key: str) -> Value | None:
        return self.values.get(key)

    def put(self, key: str, value: Value) -> None:
        self.values[key] = value

    def remove(self, key: str) -> None:
        del self.values[key]

    def keys(self, prefix: str = "") -> Sequence[str]:
        return [key for key in self.values if key.startswith(prefix)]


@dataclass
class MemoryIncidents:
    """A view of these incidents."""

    incidents: Sequence[Incident] = ()

    async def all(self) -> Mapping[str, Incident]:
        return {one.id: one for one in self.incidents}

    async def carrying(self, credit: Credit) -> Sequence[str]:
        post = (credit.account_id, credit.post_id)
        return [
            incident.id
            for incident in self.incidents
            for one in incident.messages.values()
            if one.credit and (one.credit.account_id, one.credit.post_id) == post
        ]

    async def carried_of(self, account_id: str) -> Mapping[str, Sequence[str]]:
        found = {
            one.id: [
                message.credit.post_id
                for message in one.messages.values()
                if message.credit and message.credit.account_id == account_id
            ]
            for one in self.incidents
        }
        return {name: posts for name, posts in found.items() if posts}

    async def live(self) -> Sequence[Incident]:
        return [one for one in self.incidents if one.is_live]


@dataclass
class MemoryPosts:
    """A view of these partner posts."""

    posts: Sequence[PartnerPost] = ()

    async def recent(self) -> Sequence[PartnerPost]:
        return [*{(one.account_id, one.post_id): one for one in self.posts}.values()]

    async def versions(self, account_id: str, post_id: str) -> Sequence[PartnerPost]:
        return [one for one in self.posts if (one.account_id, one.post_id) == (account_id, post_id)]

    async def before(self, post: PartnerPost, since: datetime, *, accounts: Collection[str]) -> Sequence[PartnerPost]:
        earlier = takewhile(lambda one: one.post_id != post.post_id, self.posts)
        return [one for one in earlier if one.account_id in accounts and one.at >= since]


@dataclass
class HeldBackground:
    """Keeps works, once for each key, until the test runs them."""

    works: dict[str, Work] = field(default_factory=dict)

    def start(self, key: str, work: Work) -> None:
        self.works.setdefault(key, work)

    async def finish(self) -> Sequence[Command]:
        """Run all works to their end and hand over what they answer."""
        return [command for work in self.works.values() for command in await work()]


class Scheduling(MemoryChannel):
    """A channel in memory whose server keeps scheduled posts, and answers no more if it is `away`."""

    def __init__(self, mode: str, *posts: ScheduledPost, away: bool) -> None:
        super().__init__(mode, KINDS[MEMORY], pretends_live=True)
        self.queue, self.away, self.asked = {one.reference: one for one in posts}, away, 0

    async def list_scheduled(self) -> Sequence[ScheduledPost]:
        self.asked += 1
        if self.away:
            raise NotSent("the server cannot be reached")
        return [*self.queue.values()]

    async def unschedule(self, post: ScheduledPost, *, put_off_to: datetime | None) -> bool:
        was_there = post.reference in self.queue
        if put_off_to and was_there:
            self.queue[post.reference] = post.model_copy(update={"at": put_off_to})
        else:
            self.queue.pop(post.reference, None)
        return was_there
