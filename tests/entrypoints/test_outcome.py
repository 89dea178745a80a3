"""What became of a message is said for each channel, and by an exit code that a script can act on."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from agents.entrypoints.cli import outcome
from streams.projections.public import OnChannel, PublicWords
from streams.words.delivery import DeliveryConfirmed, DeliveryRefused, DeliveryState
from streams.words.facts import Fact
from tests import builders

PUBLIC, REFUSED, UNKNOWN = DeliveryState.CONFIRMED, DeliveryState.REFUSED, DeliveryState.UNKNOWN
SENDING, UNSENT = DeliveryState.SENDING, DeliveryState.UNSENT


def words(*states: DeliveryState) -> PublicWords:
    """A message with these states on its channels."""
    on = [OnChannel(delivery_id=f"dlv-{n}", channel=f"channel-{n}", state=state) for n, state in enumerate(states)]
    return PublicWords(message_id="msg-1", on={one.delivery_id: one for one in on})


@pytest.mark.parametrize(
    ("states", "code"),
    [
        ((PUBLIC, PUBLIC), 0),
        ((PUBLIC, REFUSED, UNKNOWN, SENDING), outcome.NOT_EVERYWHERE_EXIT),
        ((PUBLIC, UNKNOWN, SENDING), outcome.UNKNOWN_EXIT),
        ((PUBLIC, SENDING), outcome.STILL_WAITING_EXIT),
        ((PUBLIC, UNSENT), outcome.STILL_WAITING_EXIT),
    ],
)
def test_the_exit_code_says_the_worst_that_a_channel_answered(states: tuple[DeliveryState, ...], code: int) -> None:
    assert outcome.exit_code([words(*states)]) == code


async def test_an_order_waits_until_each_channel_has_answered_and_says_where_the_words_are() -> None:
    order = builders.order(builders.holding(), builders.declared())
    facts, after = builders.judged(order)
    first, second = after.deliveries
    later = builders.facts_of(
        after,
        [DeliveryConfirmed(delivery_id=first, receipt=None), DeliveryRefused(delivery_id=second, reason="too long")],
    )
    public, seen = await outcome.settled(outcome.let_out(facts), _given(later))
    assert list(seen) == later
    assert [line for one in public for line in outcome.told_outcome(one)] == [
        "website: PUBLIC, without a receipt",
        "social: NOT public: too long",
    ]


async def test_waiting_ends_in_time_with_what_is_known_by_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcome, "WAIT_SECONDS_MAX", 0.05)
    facts, _ = builders.judged(builders.order(builders.holding(), builders.declared()))
    public, _ = await outcome.settled(outcome.let_out(facts), _given([]))
    assert outcome.exit_code(public) == outcome.STILL_WAITING_EXIT


async def _given(facts: list[Fact]) -> AsyncIterator[Fact]:
    """These facts, and then none for ever."""
    for fact in facts:
        yield fact
    await asyncio.Event().wait()
