"""The register in force for everybody who judges: one object until something changes, never half of it or too much."""

import asyncio

import pytest

from agents.ports import Registers
from agents.runtime.views import register_in_force
from agents.runtime.views.register_in_force import InForce, Look, Unknown
from streams.subjects.register_log import RegisterLog
from streams.values import Power
from streams.words.register.entries import Register
from tests import builders, changing
from tests.builders import LIVE, NURSE
from tests.changing import waiting

FILES = changing.register()
WANTED = changing.register(builders.person(NURSE, Power.DECLARE))
FOUNDED = changing.founded(FILES)
PROPOSED = changing.given(FOUNDED, changing.proposal(WANTED), FILES)


def made(files: Registers, followed: Look = lambda: None) -> InForce:
    """For a worker that does not write the register's log."""
    return InForce(files, LIVE, own=lambda: None, followed=followed)


def test_the_very_same_object_answers_until_files_or_log_change() -> None:
    """Whoever keeps what was judged by looks at nothing more than that."""
    files, log = [FILES], [FOUNDED]
    in_force = made(lambda: files[0], lambda: log[0])
    first = in_force()
    assert in_force() is first
    files[0] = WANTED
    second = in_force()
    assert second is not first
    assert second == first
    log[0] = changing.given(PROPOSED, changing.yes_to(waiting(PROPOSED)), FILES, by=changing.CLERK)
    assert in_force() == WANTED
    assert in_force() is in_force()


def test_who_writes_the_registers_log_believes_nobody_else_about_it() -> None:
    """Everybody else follows what that one has written."""
    confirmed = changing.given(PROPOSED, changing.yes_to(waiting(PROPOSED)), FILES, by=changing.CLERK)
    own: list[RegisterLog | None] = [None]
    in_force = InForce(lambda: WANTED, LIVE, own=lambda: own[0], followed=lambda: confirmed)
    assert in_force() == WANTED
    own[0] = PROPOSED
    assert in_force() == FILES


def test_before_the_founding_the_files_themselves_answer() -> None:
    assert made(lambda: FILES)() is FILES


def test_what_would_be_too_large_to_be_kept_is_not_judged_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last good one stays in force; a worker that has none yet does not start."""
    files = [FILES]
    in_force = made(lambda: files[0], lambda: FOUNDED)
    good = in_force()
    monkeypatch.setattr(register_in_force, "REGISTER_BYTES_MAX", 100)
    files[0] = WANTED
    assert in_force() is good
    with pytest.raises(Unknown, match="take out old entries"):
        made(lambda: FILES, lambda: FOUNDED)()


async def test_a_worker_that_cannot_read_the_registers_log_judges_nobody() -> None:
    """It says what is wrong once that takes too long."""
    with pytest.raises(Unknown, match="could not be read"):
        await made(lambda: FILES).begin(asyncio.Event().wait, seconds_max=0.1)


def unreadable() -> RegisterLog | None:
    raise Unknown("the table cannot be read")


async def test_where_the_registers_log_cannot_be_read_the_register_that_was_in_force_last_stays_so() -> None:
    """The files alone would give back a power that was taken away."""

    async def kept() -> Register | None:
        return FILES

    async def caught_up() -> None:
        """Everything was read."""

    in_force = made(lambda: WANTED, unreadable)
    await in_force.begin(caught_up, seconds_max=1, kept=kept)
    assert in_force() is FILES


async def test_a_worker_that_cannot_read_the_registers_log_and_finds_no_register_judges_nobody() -> None:
    in_force = made(lambda: WANTED, unreadable)
    with pytest.raises(Unknown, match="cannot be read"):
        in_force()


def test_a_registers_log_that_can_be_read_no_longer_changes_nothing_that_is_in_force() -> None:
    logs = [FOUNDED]

    def followed() -> RegisterLog | None:
        return logs[0] if logs else unreadable()

    in_force = made(lambda: FILES, followed)
    before = in_force()
    logs.clear()
    assert in_force() is before
