"""Through a running worker, on both grounds: a power counts from another person's yes, and not a moment sooner."""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from agents.adapters.memory.channel import MemoryChannel
from agents.runtime.door.tables import PAST, SUBJECTS, changelog
from agents.runtime.door.topic_reader import TopicReader
from agents.runtime.record.verify import verify
from agents.runtime.worker.worker import Setup, Worker
from streams.chain import seal
from streams.codec import encode
from streams.values import THE_REGISTER, Power, Subject
from streams.words.facts import CommandRefused, Fact
from streams.words.orders import CommandBody
from streams.words.register.changes import Change, FoundRegister, WithdrawChange, founding_hash
from streams.words.register.entries import Register
from tests import builders, changing
from tests.builders import COMMANDER, LIVE, NURSE
from tests.changing import CHAIR, CHIEF, CLERK, yes_to
from tests.grounds import on_a_cluster
from tests.scenarios.worker_bench import PATIENCE_SECONDS, Bench, bench

FILES = changing.register()
WANTED = changing.register(builders.person(NURSE, Power.DECLARE))


class Files:
    """The files of the register while a worker runs."""

    def __init__(self, register: Register = FILES) -> None:
        self.register = register

    def __call__(self) -> Register:
        return self.register


async def given(on: Bench, body: CommandBody, *, by: str = CHAIR, about: Subject = THE_REGISTER) -> list[Fact]:
    return list(await on.answered(on.order(body, by=by, about=about)))


async def kinds(on: Bench, body: CommandBody, *, by: str = CHAIR, about: Subject = THE_REGISTER) -> list[str]:
    return builders.kinds(fact.body for fact in await given(on, body, by=by, about=about))


async def founded(on: Bench, files: Register = FILES) -> None:
    assert await kinds(on, FoundRegister(content_hash=founding_hash(files))) == ["change_proposed"]
    assert (await kinds(on, yes_to(await waiting(on)), by=CHIEF))[-1] == "register_founded"


async def waiting(on: Bench) -> Change:
    return changing.waiting(await on.register_log())


async def declares(on: Bench, name: str, by: str = NURSE) -> bool:
    """Whether this person's declaration of an incident is taken."""
    return await kinds(on, builders.declaration(), by=by, about=Subject.incident(name)) == ["incident_declared"]


async def faults(on: Bench) -> list[str]:
    """What `log verify` finds."""
    tables = [TopicReader(lambda: on.worker.log, changelog(on.mode, table)) for table in (SUBJECTS, PAST)]
    kept = [record for table in tables for record in await table.rest()]
    facts = await TopicReader(lambda: on.worker.log, f"{on.mode}.facts").rest()
    return verify(facts, kept)


async def test_a_power_that_was_added_to_the_files_counts_once_another_person_confirmed_it(log_url: str) -> None:
    """Unconfirmed it is refused, by oneself and by whom it is about it cannot be confirmed; the record holds."""
    files = Files()
    async with bench(log_url, files) as on:
        await founded(on)
        files.register = WANTED
        assert not await declares(on, "inc-1")
        assert await kinds(on, changing.proposal(WANTED)) == ["change_proposed"]
        change = await waiting(on)
        for by in (CHAIR, NURSE, COMMANDER):
            assert await kinds(on, yes_to(change), by=by) == ["command_refused"]
        assert not await declares(on, "inc-2")
        assert await kinds(on, yes_to(change), by=CLERK) == ["change_confirmed"]
        assert await declares(on, "inc-3")
        assert THE_REGISTER.id not in await on.worker.incidents.all()
        assert await faults(on) == []


async def test_whoever_is_taken_out_of_the_files_can_do_nothing_more_at_once(log_url: str) -> None:
    """And nothing that only the files say brings anybody back with more."""
    files = Files()
    async with bench(log_url, files) as on:
        await founded(on)
        assert await declares(on, "inc-1", by=COMMANDER)
        people = {name: one for name, one in FILES.people.items() if name != COMMANDER}
        files.register = FILES.model_copy(update={"people": people})
        (refused,) = await given(on, builders.holding(), by=COMMANDER, about=Subject.incident("inc-1"))
        assert isinstance(refused.body, CommandRefused)
        assert "is not on the register" in refused.body.reasons[0]


async def test_a_change_that_nobody_confirms_lapses_and_gives_nothing(log_url: str) -> None:
    """Three days pass in a moment; the worker's own clock lets it lapse."""
    files = Files(WANTED)
    async with bench(log_url, Files(FILES)) as on:
        await founded(on)
        assert await kinds(on, changing.proposal(WANTED)) == ["change_proposed"]
        change = await waiting(on)
    async with bench(log_url, files, start=builders.NOW + timedelta(days=3, minutes=1)) as on:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await on.register_log()).changes.waiting:  # noqa: ASYNC110 - what is waited for is on the log
                await asyncio.sleep(0.01)
        (refused,) = await given(on, yes_to(change), by=CLERK)
        assert isinstance(refused.body, CommandRefused)
        assert not await declares(on, "inc-1")
        assert builders.kinds(fact.body for fact in await on.facts() if fact.subject == THE_REGISTER)[-2:] == [
            "change_lapsed",
            "command_refused",
        ]


async def test_a_restart_changes_nothing_of_what_is_in_force(log_url: str) -> None:
    """What was confirmed counts, what waits still waits, and what only the files say gives nothing."""
    async with bench(log_url, Files(FILES)) as on:
        await founded(on)
        await given(on, changing.proposal(WANTED))
        await given(on, yes_to(await waiting(on)), by=CLERK)
        stranger = changing.register(builders.person(NURSE, Power.DECLARE), builders.person("stranger", Power.DECLARE))
        await given(on, changing.proposal(stranger, "stranger"))
    async with bench(log_url, Files(stranger)) as on:
        assert await declares(on, "inc-1")
        assert not await declares(on, "inc-2", by="stranger")
        order = WithdrawChange(change_id=(await waiting(on)).id, reason="not him")
        assert await kinds(on, order, by=CHIEF) == ["change_withdrawn"]
        assert not await declares(on, "inc-3", by="stranger")
        assert await faults(on) == []


async def test_an_order_to_the_register_that_is_none_of_its_own_is_refused(log_url: str) -> None:
    """The register is no incident."""
    async with bench(log_url, Files()) as on:
        (refused,) = await given(on, builders.declaration(), by=COMMANDER)
        assert isinstance(refused.body, CommandRefused)
        assert "cannot declare on the register" in refused.body.reasons[0]
        assert await on.worker.incidents.all() == {}


async def test_an_altered_fact_of_the_register_is_found(log_url: str) -> None:
    """Also where it was given a hash that fits: the next one does not follow, and the table says otherwise."""
    async with bench(log_url, Files()) as on:
        await founded(on)
        await given(on, changing.proposal(WANTED))
        table = await TopicReader(lambda: on.worker.log, changelog(on.mode, SUBJECTS)).rest()
        facts = list(await TopicReader(lambda: on.worker.log, f"{on.mode}.facts").rest())
    assert verify(facts, table) == []
    for place in (1, len(facts) - 1):
        fact = Fact.model_validate_json(facts[place].value or b"")
        forged = encode(seal(fact.model_copy(update={"by": CLERK})))
        altered = [*facts[:place], replace(facts[place], value=forged), *facts[place + 1 :]]
        assert any("the register" in one for one in verify(altered, table)), verify(altered, table)


@pytest.fixture
def cluster_url(kafka: str) -> Iterator[str]:
    with on_a_cluster(kafka) as url:
        yield url


async def test_two_workers_learn_of_a_change_whichever_of_them_judged_it(cluster_url: str) -> None:
    """The one that has nothing to do follows the facts; it goes on with the same register when the other stops."""
    async with AsyncExitStack() as running:
        async with bench(f"{cluster_url}&worker=one", Files(WANTED)) as one:
            other = await running.enter_async_context(bench(f"{cluster_url}&worker=two", Files(WANTED)))
            await given(one, FoundRegister(content_hash=founding_hash(WANTED)))
            await given(one, yes_to(await waiting(one)), by=CHIEF)
            await given(one, changing.proposal(WANTED, NURSE, content=None))
            await given(one, yes_to(await waiting(one)), by=CLERK)
            async with asyncio.timeout(PATIENCE_SECONDS):
                while NURSE in in_force_at(other) or NURSE in in_force_at(one):  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.01)
        assert not await declares(other, "inc-1")
        assert await declares(other, "inc-2", by=COMMANDER)


def in_force_at(on: Bench) -> Collection[str]:
    """The people whom this worker knows now."""
    assert on.worker._in_force
    return on.worker._in_force().people


async def test_channels_are_wired_as_they_were_confirmed(log_url: str) -> None:
    """An address that only the files have is used by no worker, also not after a restart."""
    moved = builders.channel("website", options={"url": "https://elsewhere.example/"})
    files = Files(FILES.model_copy(update={"channels": {**FILES.channels, "website": moved}}))
    async with bench(log_url, Files(FILES)) as on:
        await founded(on)
    wired: list[Register] = []

    def wire(register: Register) -> dict[str, MemoryChannel]:
        wired.append(register)
        return {}

    async with Worker(Setup(LIVE, log_url, on.clock, files, {}, wire=wire)):
        assert wired[0].channels == FILES.channels
