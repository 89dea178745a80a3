"""The agents that read facts share each event, and still each answers for itself."""

import asyncio
from collections.abc import Sequence

import pytest

from agents import amplification, escalation
from streams.words.facts import Fact
from streams.words.orders import Command
from tests import builders
from tests.scenarios.worker_bench import PATIENCE_SECONDS, Bench, bench


async def test_what_one_agent_fails_at_is_its_dead_letter_and_the_others_go_on(
    log_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the three that read facts the one in the middle breaks: messages go out, and the last one sees every fact."""
    seen: list[int] = []
    declaration = amplification.handle_declaration

    async def broken(fact: Fact, needs: escalation.Needs) -> Sequence[Command]:
        raise RuntimeError(f"{needs.run} cannot handle {fact.id}")

    async def seeing(fact: Fact, needs: amplification.Needs) -> Sequence[Command]:
        seen.append(fact.sequence)
        return await declaration(fact, needs)

    monkeypatch.setattr(escalation, "handle", broken)
    monkeypatch.setattr(amplification, "handle_declaration", seeing)
    async with bench(log_url, builders.register()) as on:
        await on.answered(on.order(builders.declaration()))
        await on.answered(on.order(builders.holding()))
        facts = await _confirmed_everywhere(on)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while min(len(letters := await on.dead_letters()), len({*seen})) < len(facts):  # noqa: ASYNC110 - a topic tells nobody
                await asyncio.sleep(0.02)
    assert [len(channel.posts) for channel in on.channels.values()] == [1] * len(on.channels)
    # A fact that a rebalance takes away is handled again.
    assert list(dict.fromkeys(seen)) == [fact.sequence for fact in facts]
    assert {letter.handler for letter in letters} == {escalation.NAME}
    assert len({(letter.partition, letter.offset) for letter in letters}) == len(facts)


async def _confirmed_everywhere(on: Bench) -> Sequence[Fact]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            facts = await on.facts()
            if sum(fact.body.kind == "delivery_confirmed" for fact in facts) == len(on.channels):
                return facts
            await asyncio.sleep(0.02)
