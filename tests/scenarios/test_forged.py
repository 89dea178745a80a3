"""What somebody writes beside the desk: forged facts and orders publish nothing."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from infra.doors import door_of
from infra.log import Draft, Partition
from streams.chain import START, seal
from streams.codec import encode
from streams.lanes import CONTROL_LANE
from streams.topics import DEAD_LETTERS, FACTS
from streams.values import Subject
from streams.words.delivery import DeliveryClaimed, DeliveryUnknown, Resolution
from streams.words.facts import Fact
from streams.words.orders import Giver, command
from streams.words.sign_off import PersonPaged
from tests import builders, searches
from tests.scenarios.worker_bench import PATIENCE_SECONDS, Bench, bench

FORGED = "dlv-forged"


async def published(on: Bench) -> Fact:
    """Release a holding message, and return its claim, which can then be imitated."""
    await on.answered(on.order(builders.declaration()))
    facts = await on.answered(on.order(builders.holding()))
    return next(fact for fact in facts if isinstance(fact.body, DeliveryClaimed))


def forged(on: Bench, claim: Fact) -> Sequence[Fact]:
    """Claims in the name of the running worker: crude, well sealed, and for a delivery that does not exist."""
    assert isinstance(claim.body, DeliveryClaimed)
    dispatch = claim.body.dispatch.model_copy(update={"key": FORGED})
    words = claim.body.model_copy(update={"dispatch": dispatch, "run": on.worker.run})
    new, again = (words.model_copy(update=one) for one in ({"delivery_id": FORGED}, {"attempt": 2}))
    ahead = claim.model_copy(update={"id": "fact-forged", "body": words, "sequence": 99, "previous": START})
    level = [seal(claim.model_copy(update={"id": "fact-forged", "body": one})) for one in (words, new, again)]
    return [ahead.model_copy(update={"hash": START}), seal(ahead), *level]


async def letters(on: Bench, count: int) -> Sequence[str]:
    """Who buried what, and why, once there are so many dead letters."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            found = await on.dead_letters()
            if len(found) >= count:
                return [f"{letter.handler}: {letter.reason}" for letter in found]
            await asyncio.sleep(0.02)


def sent(on: Bench) -> set[str]:
    """The keys of everything that is public."""
    return {post.key for channel in on.channels.values() for post in channel.posts}


def called(on: Bench) -> set[str]:
    """The keys of every page that was made."""
    return {call.key for pager in on.pagers.values() for call in pager.calls}


async def until(holds: Callable[[], bool]) -> None:
    """Wait until this holds: what goes out is on its way for a moment."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():  # noqa: ASYNC110 - a channel tells nobody
            await asyncio.sleep(0.02)


async def test_a_forged_claim_on_the_topic_of_facts_sends_nothing(log_url: str) -> None:
    """Even where its writer had the right to write there: the record of the incident does not have it."""
    async with bench(log_url, builders.register()) as on:
        claim = await published(on)
        facts = forged(on, claim)
        await on.put_raw(FACTS.name, [(claim.subject.key.encode(), encode(fact)) for fact in facts])
        found = await letters(on, 2)
        assert all("is not a fact that the desk wrote" in one for one in found)
        await on.answered(on.order(builders.declaration()))
        await until(lambda: bool(sent(on)))
        assert FORGED not in sent(on)


def forged_pages(on: Bench, page: Fact) -> Sequence[Fact]:
    """Pages in the name of the running worker, each well sealed but the first: none is in the desk's record."""
    assert isinstance(page.body, PersonPaged)
    words = page.body.model_copy(
        update={
            "run": on.worker.run,
            "until": on.clock.now() + timedelta(hours=1),
            "call": page.body.call.model_copy(update={"key": FORGED}),
        }
    )
    changes: list[dict[str, object]] = [
        {"body": words},
        {"body": words.model_copy(update={"number": 2})},
        {"body": words.model_copy(update={"search_id": "search-forged"})},
        {"body": words, "subject": Subject.incident("inc-forged")},
        {"body": words, "sequence": 99},
    ]
    unsealed = page.model_copy(update={"id": "fact-forged", "body": words})
    return [unsealed, *(seal(page.model_copy(update={"id": "fact-forged", **one})) for one in changes)]


async def test_a_forged_page_on_the_topic_of_facts_calls_no_person(log_url: str) -> None:
    """Not even for an incident or a search of which the desk knows nothing; the true page is made once."""
    async with bench(log_url, searches.register()) as on:
        await on.answered(on.order(builders.declaration()))
        facts = await on.answered(on.order(builders.line(), by=builders.WRITER))
        page = next(fact for fact in facts if isinstance(fact.body, PersonPaged))
        assert isinstance(page.body, PersonPaged)
        written = forged_pages(on, page)
        await on.put_raw(FACTS.name, [(fact.subject.key.encode(), encode(fact)) for fact in written])
        found = await letters(on, 5)
        assert all(one.startswith("escalation") and "is not a fact that the desk wrote" in one for one in found)
        await on.answered(on.order(builders.declaration()))
        true = page.body.call.key
        await until(lambda: true in called(on))
        assert FORGED not in called(on)


async def test_a_forged_doubt_on_the_topic_of_facts_is_not_looked_after(log_url: str) -> None:
    """Words that never were do not go out, and a true message is not claimed a second time."""
    async with bench(log_url, builders.register()) as on:
        claim = await published(on)
        assert isinstance(claim.body, DeliveryClaimed)
        dispatch = claim.body.dispatch.model_copy(update={"key": FORGED})
        doubt = DeliveryUnknown(
            delivery_id=claim.body.delivery_id,
            attempt=1,
            looks=1,
            reason="It is not known.",
            look_again_at=None,
            look_now=True,
            way=Resolution.SEND_AGAIN,
            dispatch=dispatch,
        )
        forged = claim.model_copy(update={"id": "fact-forged", "body": doubt})
        ahead, strange = {"sequence": 99}, {"subject": Subject.incident("inc-forged")}
        written = [forged, *(seal(forged.model_copy(update=one)) for one in ({}, ahead, strange))]
        await on.put_raw(FACTS.name, [(fact.subject.key.encode(), encode(fact)) for fact in written])
        found = await letters(on, 3)
        assert all(one.startswith("publishing") and "is not a fact that the desk wrote" in one for one in found)
        await on.answered(on.order(builders.declaration()))
        assert FORGED not in sent(on)
        claims = [fact.body for fact in await on.facts() if isinstance(fact.body, DeliveryClaimed)]
        assert {one.attempt for one in claims} == {1}


async def test_the_inbox_takes_no_facts_no_tables_and_no_orders_of_agents(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Each becomes a dead letter that says so, and nothing else comes of it."""
    url = f"sqlite:////{tmp_path_factory.mktemp('forged')}/log.db"
    async with bench(url, builders.register()) as on:
        claim = await published(on)
        key, now, about = claim.subject.key.encode(), on.clock.now(), builders.SUBJECT
        givers = (Giver.AMPLIFICATION, Giver.PUBLISHING, Giver.ESCALATION, Giver.CLOCK)
        orders = [command(builders.holding(), cause="x", mode="live", subject=about, at=now, by=one) for one in givers]
        left = [(f"live.{FACTS.name}", encode(fact)) for fact in forged(on, claim)]
        left += [(f"{CONTROL_LANE.group('live')}-subjects-changelog", b"{}"), (f"live.{DEAD_LETTERS}", b"x")]
        left += [("live.registers", b"{}"), *(("live.commands", encode(order)) for order in orders)]
        async with door_of(url, CONTROL_LANE.group("live")) as door:
            await door.append([Draft(Partition(topic, 0), key, value, 0) for topic, value in left])
        found = await letters(on, len(left))
        assert all(one.startswith("inbox: another process left it") for one in found)
        assert not [fact for fact in await on.facts() if fact.id == "fact-forged"]
        assert FORGED not in sent(on)
