"""Through a running worker, on both grounds: a declaration in the second in which posts fall due lets none slip."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from streams.subjects.plan import Plan, PlanStatus
from streams.words.facts import Fact
from streams.words.orders import Tick
from tests import builders, planned
from tests.builders import OFFICER, SIGNER, WRITER
from tests.planned import AT, CLOCK
from tests.scenarios.worker_bench import PATIENCE_SECONDS, Bench, bench

POSTS = 12


async def with_posts(on: Bench) -> None:
    """Many posts that are due in the same second, which comes once all of them are planned."""
    at = on.clock.now() + timedelta(minutes=10)
    for number in range(POSTS):
        about = planned.subject(f"post-{number}")
        (fact, *_) = await on.answered(on.order(planned.post(at=at), by=WRITER, about=about))
        await on.answered(on.order(planned.approving(await plan(on, number)), by=SIGNER, about=about))
        assert fact.body.kind == "post_drafted"


async def plan(on: Bench, number: int) -> Plan:
    return await on.folded(planned.untouched(f"post-{number}", on.mode))


def claimed(facts: Sequence[Fact], *, since: bool) -> set[str]:
    """The posts of which something was claimed since the declaration, or before it."""
    declared = next(place for place, fact in enumerate(facts) if fact.body.kind == "incident_declared")
    looked_at = facts[declared:] if since else facts[:declared]
    return {fact.subject.id for fact in looked_at if fact.body.kind == "delivery_claimed"}


@pytest.mark.parametrize("first", ["declaration", "posts"])
async def test_a_declaration_among_posts_that_fall_due_holds_all_that_come_after_it(log_url: str, first: str) -> None:
    """In one batch of the log, in either order: only what was claimed before it can be public."""
    async with bench(log_url, builders.register(), start=AT) as on:
        await with_posts(on)
        due = [on.order(Tick(), by=CLOCK, about=planned.subject(f"post-{number}")) for number in range(POSTS)]
        declare = on.order(builders.declaration(), by=OFFICER)
        half = POSTS // 2
        on.clock._start += timedelta(minutes=10)
        batch = [declare, *due] if first == "declaration" else [*due[:half], declare, *due[half:]]
        await on.put(*batch)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                if PlanStatus.PLANNED not in [(await plan(on, number)).status for number in range(POSTS)]:
                    break
                await asyncio.sleep(0.05)
        facts = await on.facts()
        assert claimed(facts, since=True) == set()
        said = {post.incident_id for channel in on.channels.values() for post in channel.posts}
        assert said <= claimed(facts, since=False)
