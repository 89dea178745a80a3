"""A partner and the trust on one real Bluesky server: a worker, the feed of the partner, and what the public finds."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from agents.adapters.channels.bluesky import BlueskyChannel
from agents.adapters.clocks import ScaledClock
from agents.adapters.feeds.kinds import KINDS
from agents.adapters.feeds.tools import Tools
from agents.feed_port import Feed
from agents.runtime.door.door import Door
from agents.runtime.feeds.hearings import Hearings, states_of
from agents.runtime.worker.worker import Setup, Worker
from streams.lanes import CONTROL_LANE
from streams.values import LIVE, THE_REGISTER
from streams.words.register.accounts import Credential, PartnerStopped
from streams.words.register.entries import ChannelEntry
from streams.words.register.partners import PartnerAccount
from tests import builders
from tests.adapters.feeds.partners import OnBluesky
from tests.bluesky import REPOST, Account
from tests.scenarios.worker_bench import PATIENCE_SECONDS

LOOK_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Relay:
    """`police` is the partner in person, `trust` our account; both live on `police.network`."""

    police: OnBluesky
    trust: Account
    door: Door

    def shared(self) -> Sequence[str]:
        """The identifiers of the partner's posts that our account shares now, as the public finds them."""
        reposts = self.police.network.records(self.trust, REPOST)
        return [str(one["value"]["subject"]["uri"]).rpartition("/")[2] for one in reposts]

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


@asynccontextmanager
async def relay(log_url: str, police: OnBluesky, *, speed: float = 1.0) -> AsyncIterator[Relay]:
    """A live incident, and a partner whose posts on it go out on our account of the same network.

    A partner that is only asked is asked `speed` times as often as its account says.
    """
    trust = police.network.account("trust")
    clock = ScaledClock(builders.NOW, speed)
    entry = ChannelEntry(
        id="bluesky",
        kind="bluesky",
        title="The trust on Bluesky",
        owner=builders.WRITER,
        deadline_seconds=5.0 * speed,
        credential=Credential(secret="BLUESKY_APP_PASSWORD", mode=LIVE),
        options={"did": trust.did, "url": police.network.url},
    )
    partner = builders.partner(
        id="police", name="Vale Police", category="police", channels=("bluesky",), accounts=(police.account,)
    )
    partner = partner.model_copy(update={"account_id": police.account.account_id, "domain": police.account.domain})
    register = builders.register(partners={"police": partner}, channels={"bluesky": entry})
    channel = BlueskyChannel(entry, LIVE, secrets=lambda _: trust.password, clock=clock)

    def wire(account: PartnerAccount) -> Feed:
        return KINDS[account.kind].make(account, Tools(LIVE, clock, lambda _: None, lambda: 0.5))

    setup = Setup(LIVE, log_url, clock, lambda: register, {"bluesky": channel}, lanes=[CONTROL_LANE])
    async with Worker(setup), Door(LIVE, log_url) as door:
        declared, *_ = await door.ask(builders.command(builders.declaration(), at=clock.now()))
        assert declared.body.kind == "incident_declared"
        hearing = asyncio.create_task(Hearings(LIVE, log_url, wire, clock, lambda: 0.5).run())
        try:
            running = Relay(police, trust, door)
            await running.until_heard()
            yield running
        finally:
            hearing.cancel()
            with suppress(asyncio.CancelledError):
                await hearing
