"""Seeded troubles on a real Bluesky server: what its own records hold when all is over."""

from collections import Counter
from collections.abc import AsyncIterator
from random import Random

import pytest

from agents.adapters.channels.bluesky import BlueskyChannel
from streams.words.delivery import Dispatch, Sight, Verb
from tests.adapters.channels.dispatches import after, dispatch
from tests.adapters.grounds import bluesky
from tests.adapters.proxy import Proxy, Trouble, proxy_before
from tests.bluesky import Account, BlueskyNetwork

TROUBLES = [one for one in Trouble if one is not Trouble.SILENT_AFTER]
"""Silence takes the client's whole patience; the other tests have it."""
MESSAGES, TRIES_MAX = 4, 40


@pytest.fixture
async def line(network: BlueskyNetwork) -> AsyncIterator[Proxy]:
    async with proxy_before(network.port, about="com.atproto.repo.applyWrites") as opened:
        yield opened


def message(seed: int, number: int) -> Dispatch:
    return dispatch(f"{seed} {number}", texts={"en": f"Message {number}.", "cy": f"Neges {number}."}, minutes=number)


def follow_up(one: Dispatch, verb: Verb, number: int) -> Dispatch:
    later = after(one, verb=verb, name=f"{one.key} {verb}")
    texts = {"en": f"About message {number}.", "cy": f"Am neges {number}."}
    return later.model_copy(update={"message": later.message.model_copy(update={"texts": texts}).sealed()})


async def tried(one: Dispatch, channel: BlueskyChannel, line: Proxy, drawn: Random) -> bool:
    """One attempt, after which some of what is on its way may come; whether its outcome is known."""
    line.forget()
    if drawn.random() < 0.6:
        line.expect([drawn.choice(TROUBLES)])
    try:
        await channel.publish(one)
    except Exception:  # noqa: BLE001 - whatever it was, it is tried again
        return False
    finally:
        if drawn.random() < 0.4:
            await line.let_arrive()
    return True


async def settled(one: Dispatch, channel: BlueskyChannel, line: Proxy, drawn: Random) -> None:
    """Try until it is known to be public."""
    for _ in range(TRIES_MAX):
        if await tried(one, channel, line, drawn):
            return
    raise AssertionError(f"{one.key} is not public after {TRIES_MAX} tries")


async def test_whatever_happens_each_message_is_there_once_and_what_was_withdrawn_is_not(
    network: BlueskyNetwork, account: Account, line: Proxy, seed: int
) -> None:
    """Lost and cut answers, connections that end, copies that come late: nothing lost, doubled or undone.

    Some messages are withdrawn or corrected before anybody knows what became of them, and are not sent again then.
    """
    drawn, there = Random(seed), Counter[str]()
    channel = bluesky(account, line.url, "live", seconds=30)
    await channel.check()
    last: list[Dispatch] = []
    for number in range(MESSAGES):
        one, verb = message(seed, number), drawn.choice([None, Verb.WITHDRAW, Verb.CORRECT])
        is_known = await tried(one, channel, line, drawn)
        if not is_known and (verb is not Verb.WITHDRAW or drawn.random() < 0.5):
            await settled(one, channel, line, drawn)
        if verb is not None:
            last.append(follow_up(one, verb, number))
            await settled(last[-1], channel, line, drawn)
            there.update(last[-1].message.texts.values())
        if verb is not Verb.WITHDRAW:
            last.append(one)
            there.update(one.message.texts.values())
    await line.let_arrive()
    found = Counter(post["value"]["text"].removesuffix(" #NorthgateFire") for post in network.records(account))
    assert found == there
    line.forget()
    assert {(await channel.look(one)).sight for one in last} == {Sight.SHOWN}
