"""The memory channel: an honest record, and troubles that come when they are planned."""

import asyncio

import pytest

from agents.adapters.memory.channel import MemoryChannel
from agents.adapters.memory.played_faults import Trouble, in_turn
from agents.ports import NotSent, Rejected
from streams.decisions.channels.kinds import KINDS
from streams.words.delivery import Earlier, Resolution, Sight, Verb
from tests.adapters.channels.dispatches import DRILL, after, dispatch
from tests.networks import BY_RESOLUTION

DRILLED = dispatch(mode=DRILL)


def test_it_is_no_live_channel_unless_it_says_that_it_pretends() -> None:
    """It would confirm a message that is not public."""
    with pytest.raises(ValueError, match="publishes nowhere"):
        MemoryChannel("live")
    assert MemoryChannel("live", pretends_live=True).mode == "live"


async def test_what_was_published_is_read_back_as_it_was() -> None:
    """The record is encoded and decoded, like anything a wire carries."""
    channel = MemoryChannel(DRILL)
    await channel.publish(DRILLED)
    assert list(channel.posts) == [DRILLED]
    assert channel.posts[0] is not DRILLED


@pytest.mark.parametrize(
    ("fault", "error", "public"),
    [
        (Trouble.NOT_SENT, NotSent, False),
        (Trouble.REFUSED, Rejected, False),
        (Trouble.BROKEN_BEFORE, ConnectionError, False),
        (Trouble.ANSWER_LOST, ConnectionError, True),
        (Trouble.HANGS_BEFORE, TimeoutError, False),
        (Trouble.HANGS_AFTER, TimeoutError, True),
    ],
)
async def test_every_trouble_is_as_it_says(fault: Trouble, error: type[Exception], *, public: bool) -> None:
    """The sender's answer and what became public are two things; the next try succeeds."""
    channel = MemoryChannel(DRILL, plan=in_turn(fault))
    with pytest.raises(error):
        async with asyncio.timeout(0.05):
            await channel.publish(DRILLED)
    assert bool(channel.posts) is public
    await channel.publish(DRILLED)
    assert len(channel.posts) == 1


@pytest.mark.parametrize("resolution", [Resolution.READ_BACK, Resolution.ASK_A_PERSON])
async def test_a_channel_that_is_not_idempotent_doubles_what_is_sent_twice(resolution: Resolution) -> None:
    """So that a simulation finds an agent that sends blindly."""
    channel = MemoryChannel(DRILL, BY_RESOLUTION[resolution])
    for _ in range(2):
        await channel.publish(DRILLED)
    assert len(channel.posts) == 2


async def test_a_withdrawal_of_a_hidden_correction_deletes_by_its_receipt_what_that_should_have_changed() -> None:
    """As a network does that hid a correction and shows what it corrects."""
    channel = MemoryChannel(
        "live",
        KINDS["linkedin"],
        pretends_live=True,
        plan=lambda one, _: Trouble.HIDDEN if one.verb is Verb.CORRECT else None,
    )
    first = dispatch()
    shown = await channel.publish(first)
    correction = after(first, verb=Verb.CORRECT, receipt=shown)
    hidden = await channel.publish(correction)
    withdrawal = after(correction, verb=Verb.WITHDRAW, receipt=hidden, name="third")
    earlier = Earlier(key=first.key, at=first.authorisation.at, receipt=shown)
    withdrawal = withdrawal.model_copy(update={"earlier": (earlier,)})
    assert (await channel.look(withdrawal)).sight is Sight.ABSENT
    await channel.publish(withdrawal)
    assert [one.message.id for one in channel.shown] == [withdrawal.message.id]
