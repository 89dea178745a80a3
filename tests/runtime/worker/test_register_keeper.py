"""Each register that is judged by is kept under its version before anything is judged by it."""

import asyncio
from collections.abc import Sequence

from agents.runtime.worker.register_keeper import keeper
from infra.log import LogError
from streams.codec import decode, encode
from streams.topics import REGISTERS, Event
from streams.words.register.entries import Register
from streams.words.register.kept import RegisterRecord
from tests import builders
from tests.builders import COMMANDER, LIVE, WRITER


async def test_a_register_is_put_down_as_it_comes_into_force_and_under_what_its_content_hashes_to() -> None:
    """Once more when it is in force again after another one, since the newest is taken for the one in force."""
    kept: list[Event] = []

    async def put(messages: Sequence[Event]) -> None:
        kept.extend(messages)

    keep = keeper(LIVE, put)
    first, second = builders.register(), builders.register(mail_domains=("vale.example",))
    versions = [await keep(one) for one in (first, first, second, builders.register(), first)]
    assert versions == [one.version() for one in (first, first, second, first, first)]
    assert [decode(REGISTERS, encode(one)).id for one in kept] == [first.version(), second.version(), first.version()]


async def test_who_judges_waits_until_the_log_has_taken_it() -> None:
    tries: list[Event] = []

    async def put(messages: Sequence[Event]) -> None:
        tries.extend(messages)
        if len(tries) < 3:
            raise LogError("not now")

    async with asyncio.timeout(180):
        assert await keeper(LIVE, put)(builders.register()) == builders.register().version()
    assert len(tries) == 3


def test_a_record_gives_the_register_back_and_an_altered_one_shows() -> None:
    """The version stays what it was, also where a later release would write the register otherwise."""
    record = RegisterRecord.of(builders.register(), mode=LIVE)
    assert record.is_whole()
    assert record.register().model_dump() == builders.register().model_dump()
    assert record.register().version() == record.id
    changed = record.model_copy(update={"content": record.content.replace("Vale Hospitals", "Dale Hospitals")})
    assert not changed.is_whole()
    assert changed.register().version() == record.id


def test_the_order_of_people_is_part_of_what_was_judged_by() -> None:
    """They are asked, and named in refusals, in that order."""
    people = builders.people()
    turned = {name: people[name] for name in reversed(people)}
    assert {COMMANDER, WRITER} <= people.keys()
    assert Register(trust="x", people=people).version() != Register(trust="x", people=turned).version()
