"""Memberships when something goes wrong, or later than expected."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from infra.log import Fenced, Partition, TopicSpec
from infra.sqlite_log import SqliteLogSettings
from tests.contracts.log.grounds import Listener, assign_all, draft, join
from tests.infra.sqlite_log.kit import LETTERS, held_values, opened


async def test_a_topic_made_after_the_subscription_is_taken_up(tmp_path: Path) -> None:
    """Who subscribes to a topic before it exists gets its partitions when it is made, under a new generation."""
    async with opened(tmp_path / "log") as log:
        member, listener = join(log, "group")
        await member.subscribe(["letters", "later"])
        before, old = await listener.assigned()
        assert before == {LETTERS}
        await log.create_topics([TopicSpec("later", partitions=2)])
        after, new = await listener.assigned(times=2)
        assert after == {LETTERS, Partition("later", 0), Partition("later", 1)}
        assert new > old
        await member.commit([draft(Partition("later", 1))], {Partition("later", 0): 3}, new)


async def test_a_topic_nobody_asked_for_disturbs_nobody(tmp_path: Path) -> None:
    """Making another topic, or the same again, begins no new generation."""
    async with opened(tmp_path / "log") as log:
        member, listener = join(log, "group")
        await member.subscribe(["letters"])
        _, generation = await listener.assigned()
        await log.create_topics([TopicSpec("other"), TopicSpec("letters"), TopicSpec("letters", retention_seconds=9)])
        await asyncio.sleep(0.01)
        await member.commit([draft(LETTERS)], {}, generation)
        assert len(listener.told) == 1


async def test_a_listener_that_fails_does_not_end_the_membership(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Its fault is in the logs with its trace; the next subscription is reported as usual."""
    faults = [RuntimeError("a fault of the listener")]

    class Faulty(Listener):
        async def on_assigned(self, partitions: set[Partition], generation: int) -> None:
            await super().on_assigned(partitions, generation)
            if faults:
                raise faults.pop()

    listener = Faulty()
    async with opened(tmp_path / "log") as log:
        member = log.join("group", on_revoked=listener.on_revoked, on_assigned=listener.on_assigned, assign=assign_all)
        await member.subscribe(["letters"])
        await listener.assigned()
        await member.subscribe(["letters", "states"])
        partitions, generation = await listener.assigned(times=2)
        assert len(partitions) == 2
        await member.commit([], {LETTERS: 1}, generation)
    assert "a fault of the listener" in caplog.text


async def test_a_listener_that_hangs_is_not_waited_for_without_end(tmp_path: Path) -> None:
    """After its time the new generation begins without it, so that a hanging worker is fenced, not obeyed."""

    class Hanging(Listener):
        async def on_revoked(self, partitions: set[Partition], generation: int) -> None:
            await super().on_revoked(partitions, generation)
            await asyncio.Event().wait()

    listener = Hanging()
    async with opened(tmp_path / "log", SqliteLogSettings(callback_wait_seconds_max=0.02)) as log:
        member = log.join("group", on_revoked=listener.on_revoked, on_assigned=listener.on_assigned, assign=assign_all)
        await member.subscribe(["letters"])
        _, old = await listener.assigned()
        await member.subscribe(["letters"])
        await listener.assigned(times=2)
        with pytest.raises(Fenced):
            await member.commit([], {LETTERS: 1}, old)


async def test_a_listener_may_commit_until_it_has_given_its_partitions_back(tmp_path: Path) -> None:
    """While `on_revoked` runs the old generation is still good: what is done can still be written."""
    async with opened(tmp_path / "log") as log:
        listener = Listener()

        async def on_revoked(partitions: set[Partition], generation: int) -> None:
            await listener.on_revoked(partitions, generation)
            await member.commit([draft(LETTERS, b"last")], {LETTERS: 1}, generation)

        member = log.join("group", on_revoked=on_revoked, on_assigned=listener.on_assigned, assign=assign_all)
        await member.subscribe(["letters"])
        await listener.assigned()
        await member.subscribe(["letters"])
        await listener.assigned(times=2)
        assert await held_values(log) == [b"last"]


async def test_a_listener_may_leave(tmp_path: Path) -> None:
    """A worker that decides to stop while it receives its partitions does not wait for itself."""
    async with opened(tmp_path / "log") as log:
        listener = Listener()

        async def on_assigned(partitions: set[Partition], generation: int) -> None:
            await member.leave()
            await listener.on_assigned(partitions, generation)

        member = log.join("group", on_revoked=listener.on_revoked, on_assigned=on_assigned, assign=assign_all)
        await member.subscribe(["letters"])
        _, generation = await listener.assigned()
        with pytest.raises(Fenced):
            await member.commit([], {}, generation)


async def test_a_membership_begins_as_soon_as_the_file_can_be_written(tmp_path: Path) -> None:
    """A file that is locked or full at the start delays the first generation and does not prevent it."""
    path = tmp_path / "log"
    settings = SqliteLogSettings(lock_wait_seconds_max=0.02, rejoin_pause_seconds=0.01)
    async with opened(path, settings) as log:
        member, listener = join(log, "group")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await member.subscribe(["letters"])
            await asyncio.sleep(0.1)
            assert listener.told == []
        assert await listener.assigned() == ({LETTERS}, 1)
