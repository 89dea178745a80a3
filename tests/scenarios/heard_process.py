"""A process that hears partners, to be killed: `python -m tests.scenarios.heard_process <log>`.

Its one kind of feed is the listing of the tests, asked many times a second.
"""

import asyncio
import sys
from random import Random

from agents.adapters.clocks import SystemClock
from agents.adapters.feeds.polling import PollingFeed, no_headers
from agents.feed_port import Feed
from agents.runtime.feeds.hearings import Hearings
from streams.words.register.partners import PartnerAccount
from tests.adapters.feeds.sources import card, parse, tools

EVERY_SECONDS = 0.05


def listing(account: PartnerAccount) -> Feed:
    """The feed of an account of kind `listing`."""
    often = card("by-absence").model_copy(update={"every_seconds": EVERY_SECONDS})
    return PollingFeed(account, tools(SystemClock()), card=often, parse=parse, headers=no_headers)


async def hear(log_url: str) -> None:
    """Hear until killed."""
    await Hearings("live", log_url, listing, SystemClock(), Random(0).random).run()


if __name__ == "__main__":
    asyncio.run(hear(sys.argv[1]))
