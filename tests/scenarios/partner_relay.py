"""A partner and the trust on one real server of a network: a worker, the partner's feed, and what the public finds."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.error import HTTPError
from urllib.parse import quote

from agents.adapters.channels.bluesky import BlueskyChannel
from agents.adapters.channels.mastodon import MastodonChannel
from agents.adapters.clocks import ScaledClock
from agents.adapters.feeds.kinds import KINDS
from agents.adapters.feeds.tools import Tools
from agents.feed_port import Feed
from agents.ports import Channel
from agents.runtime.door.door import Door
from agents.runtime.feeds.hearings import Hearings, states_of
from agents.runtime.worker.worker import Setup, Worker
from streams.lanes import CONTROL_LANE
from streams.values import LIVE, THE_REGISTER, Purpose
from streams.words.register.accounts import Credential, PartnerStopped
from streams.words.register.entries import ChannelEntry
from streams.words.register.partners import PartnerAccount
from streams.words.release import MessageAuthorised
from tests import builders
from tests.adapters.feeds.partners import SECRET, OnBluesky, OnSnac, Person
from tests.bluesky import REPOST, BlueskyNetwork
from tests.scenarios.worker_bench import PATIENCE_SECONDS

LOOK_SECONDS = 0.01
P = TypeVar("P", bound=Person)


@dataclass(frozen=True, slots=True)
class Ours:
    """Our account on the partner's network: its entry, its channel, and what the public finds there.

    `shared` gives the identifiers of the partner's posts that the account shares now, `said` the words that it posted.
    """

    entry: ChannelEntry
    channel: Channel
    shared: Callable[[], Sequence[str]]
    said: Callable[[], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Relay(Generic[P]):
    """`police` is the partner in person; our account lives on the same network."""

    police: P
    ours: Ours
    door: Door

    def shared(self) -> Sequence[str]:
        """The identifiers of the partner's posts that our account shares now, as the public finds them."""
        return self.ours.shared()

    async def until_shared(self, *post_ids: str) -> None:
        """Wait until exactly these are shared."""
        await until(lambda: sorted(self.shared()) == sorted(post_ids))

    async def until_stopped(self) -> None:
        """Wait until the partner is stopped in all incidents."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await self._is_stopped():  # noqa: ASYNC110 - a log tells nobody
                await asyncio.sleep(LOOK_SECONDS)

    async def _is_stopped(self) -> bool:
        facts = await self.door.facts_about(THE_REGISTER)
        return any(isinstance(fact.body, PartnerStopped) for fact in facts)

    async def until_said(self, *purposes: Purpose) -> None:
        """Wait until these messages of the incident, in this order, and no others were let out."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self._let_out() != list(purposes):  # noqa: ASYNC110 - a log tells nobody
                await asyncio.sleep(LOOK_SECONDS)

    async def _let_out(self) -> list[Purpose]:
        facts = await self.door.facts_about(builders.SUBJECT)
        return [fact.body.message.purpose for fact in facts if isinstance(fact.body, MessageAuthorised)]

    async def until_heard(self) -> None:
        """Wait until the feed was read once: what the partner does from now on is seen."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not any(one.read_at for one in (await states_of(self.door)).values()):  # noqa: ASYNC110 - a log tells nobody
                await asyncio.sleep(LOOK_SECONDS)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until this holds; it may block."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await asyncio.to_thread(holds):  # noqa: ASYNC110 - a server tells nobody
            await asyncio.sleep(LOOK_SECONDS)


def _ours(police: Person, clock: ScaledClock, *, deadline_seconds: float) -> Ours:
    if isinstance(police, OnBluesky):
        return _on_bluesky(police.network, clock, deadline_seconds)
    if isinstance(police, OnSnac):
        return _on_snac(police, deadline_seconds)
    raise TypeError(type(police))


def _entry(kind: str, deadline_seconds: float, **options: str) -> ChannelEntry:
    return ChannelEntry(
        id=kind,
        kind=kind,
        title="The trust on the network",
        owner=builders.WRITER,
        deadline_seconds=deadline_seconds,
        credential=Credential(secret="OUR_PASSWORD", mode=LIVE),
        options=options,
    )


def _on_bluesky(network: BlueskyNetwork, clock: ScaledClock, deadline_seconds: float) -> Ours:
    trust = network.account("trust")
    entry = _entry("bluesky", deadline_seconds, did=trust.did, url=network.url)

    def shared() -> Sequence[str]:
        subjects = [one["value"]["subject"] for one in network.records(trust, REPOST)]
        return [str(one["uri"]).rpartition("/")[2] for one in subjects]

    def said() -> Sequence[str]:
        return [str(one["value"]["text"]) for one in network.records(trust)]

    return Ours(entry, BlueskyChannel(entry, LIVE, secrets=lambda _: trust.password, clock=clock), shared, said)


def _on_snac(police: OnSnac, deadline_seconds: float) -> Ours:
    server = police.server
    name, token = server.account()
    entry = _entry("mastodon", deadline_seconds, server=server.url, account=name)

    def is_shared(post_id: str) -> bool:
        with suppress(HTTPError):
            return server.call("GET", f"/api/v1/statuses/{quote(post_id)}", token)["reblogged"] is True
        return False

    return Ours(
        entry,
        MastodonChannel(entry, LIVE, secrets=lambda _: token),
        lambda: [one for one in police.posted if is_shared(one)],
        lambda: server.texts(name),
    )


@asynccontextmanager
async def relay(log_url: str, police: P, *, speed: float = 1.0) -> AsyncIterator[Relay[P]]:
    """A live incident, and a partner whose posts on it go out on our account of the same network.

    A partner that is only asked is asked `speed` times as often as its account says.
    """
    clock = ScaledClock(builders.NOW, speed)
    ours = _ours(police, clock, deadline_seconds=5.0 * speed)
    name = ours.entry.id
    partner = builders.partner(
        id="police", name="Vale Police", category="police", channels=(name,), accounts=(police.account,)
    )
    partner = partner.model_copy(update={"account_id": police.account.account_id, "domain": police.account.domain})
    register = builders.register(partners={"police": partner}, channels={name: ours.entry})

    def wire(account: PartnerAccount) -> Feed:
        return KINDS[account.kind].make(account, Tools(LIVE, clock, {SECRET: police.secret}.get, lambda: 0.5))

    setup = Setup(LIVE, log_url, clock, lambda: register, {name: ours.channel}, lanes=[CONTROL_LANE])
    async with Worker(setup), Door(LIVE, log_url) as door:
        declared, *_ = await door.ask(builders.command(builders.declaration(), at=clock.now()))
        assert declared.body.kind == "incident_declared"
        hearing = asyncio.create_task(Hearings(LIVE, log_url, wire, clock, lambda: 0.5).run())
        try:
            running = Relay(police, ours, door)
            await running.until_heard()
            yield running
        finally:
            hearing.cancel()
            with suppress(asyncio.CancelledError):
                await hearing
