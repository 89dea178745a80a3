"""A session ends once, and with it everything that was begun in it."""

from typing import Any

import pytest

from infra.driver.session.session import Session
from infra.driver.session.staging import Delivered, StaleEvent
from infra.log import Fenced, LogError, Partition, Record

SOURCE = Partition("source", 0)
NOBODY: Any = None


def begun(troubles: list[LogError], *, generation: int = 1) -> Session:
    """A session with one open partition."""
    session = Session(7, NOBODY, generation=generation, partitions=[SOURCE], on_trouble=troubles.append)
    session.open({SOURCE: 3})
    return session


def delivered(session: Session) -> Delivered:
    message = Delivered(Record(SOURCE, 3, b"k", b"v", 0), value=b"v", next_offset=4, tenure=session)
    session.flights.add(message)
    return message


def test_an_event_lives_as_long_as_its_session() -> None:
    session = begun([])
    message = delivered(session)
    message.require_living()
    session.end()
    with pytest.raises(StaleEvent):
        message.require_living()


def test_what_was_in_flight_at_the_end_is_never_committed() -> None:
    """Also if its handler ends later: the next session reads it again."""
    session = begun([])
    message = delivered(session)
    session.end()
    message.acked = True
    assert not session.flights.landed()
    assert not session.reads(SOURCE)


def test_a_closed_session_reads_nothing_and_still_commits() -> None:
    session = begun([])
    delivered(session).acked = True
    session.close()
    assert not session.reads(SOURCE)
    assert session.flights.take_landed().offsets == {SOURCE: 4}


def test_trouble_is_reported_while_the_session_goes_on_and_not_afterwards() -> None:
    """A late error of an old session must not end the new one."""
    troubles = list[LogError]()
    session = begun(troubles)
    error = Fenced()
    session.fail(error)
    session.end()
    session.fail(LogError("late"))
    assert troubles == [error]


@pytest.mark.parametrize(("before", "follows"), [(4, True), (3, False), (5, False)])
def test_only_the_next_generation_follows(before: int, *, follows: bool) -> None:
    """With one in between, another worker may have had the partitions."""
    assert begun([], generation=5).follows(before) is follows
