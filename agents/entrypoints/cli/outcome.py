"""What became of a message on its channels: waited for after an order that lets it out, told, and said by exit code."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress

from streams.projections.public import OnChannel, PublicWords
from streams.words.delivery import DeliveryState
from streams.words.facts import Fact
from streams.words.release import MessageAuthorised

WAIT_SECONDS_MAX = 60.0
NOT_EVERYWHERE_EXIT = 4
UNKNOWN_EXIT = 5
STILL_WAITING_EXIT = 6
"""A channel refused; else one may have it and nobody knows; else one has not answered in time. All public: 0."""


def let_out(facts: Sequence[Fact]) -> list[PublicWords]:
    """Each message that these facts let out, with what they say of it."""
    names = [fact.body.message.id for fact in facts if isinstance(fact.body, MessageAuthorised)]
    return [_after(PublicWords(message_id=name), facts) for name in names]


async def settled(
    words: Sequence[PublicWords], facts: AsyncIterator[Fact]
) -> tuple[Sequence[PublicWords], Sequence[Fact]]:
    """The same once every channel has answered, or after `WAIT_SECONDS_MAX`; and the facts that say so."""
    now, seen = list(words), list[Fact]()
    with suppress(TimeoutError):
        async with asyncio.timeout(WAIT_SECONDS_MAX):
            while not all(one.is_settled for one in now):
                fact = await anext(facts)
                changed = [one.after(fact) for one in now]
                if changed != now:
                    seen.append(fact)
                now = changed
    return now, seen


def told_outcome(words: PublicWords) -> Iterator[str]:
    """A line for each channel: whether the message is public there, and where."""
    return (f"{one.channel}: {_state(one)}" for one in words.on.values())


def exit_code(words: Sequence[PublicWords]) -> int:
    """What a script needs to know: 0 if every message is public on every channel, else what comes first above."""
    channels = [one for message in words for one in message.on.values()]
    states = {one.state for one in channels}
    if DeliveryState.REFUSED in states:
        return NOT_EVERYWHERE_EXIT
    if DeliveryState.UNKNOWN in states:
        return UNKNOWN_EXIT
    return 0 if states == {DeliveryState.CONFIRMED} else STILL_WAITING_EXIT


def _after(words: PublicWords, facts: Sequence[Fact]) -> PublicWords:
    for fact in facts:
        words = words.after(fact)
    return words


def _state(one: OnChannel) -> str:
    match one.state:
        case DeliveryState.CONFIRMED:
            return f"PUBLIC, {one.where or 'without a receipt'}"
        case DeliveryState.REFUSED:
            return f"NOT public: {one.reason}"
        case DeliveryState.UNKNOWN:
            return f"UNKNOWN, it may be public: {one.reason}"
        case _:
            return f"not public yet, {one.state}{f': {one.reason}' if one.reason else ''}"
