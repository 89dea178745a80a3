"""What a worker sent is not decoded again when it reads it back from the log."""

import pytest

from agents.runtime.door.dead_letters import checked
from agents.runtime.worker.agents_on_topics import SENT_MAX, SentMessages
from streams.codec import encode
from streams.errors import Undecodable
from streams.topics import COMMANDS, FACTS, key_of
from streams.values import LIVE
from streams.words.incident import Report
from tests import builders

ORDERS = [builders.command(Report(methane=builders.methane()), id=f"cmd-{number}") for number in range(SENT_MAX + 1)]


def test_the_same_bytes_of_the_same_topic_are_the_message_that_was_sent_once() -> None:
    """Whoever writes the same bytes later, or elsewhere, is read as anybody is."""
    sent, order = SentMessages(), ORDERS[0]
    sent.keep(order, encode(order))
    assert sent.take(COMMANDS, encode(ORDERS[1])) is None
    assert sent.take(COMMANDS, None) is None
    assert sent.take(COMMANDS, encode(order)) is order
    assert sent.take(COMMANDS, encode(order)) is None
    sent.keep(order, encode(order))
    assert sent.take(FACTS, encode(order)) is None


def test_what_is_never_read_back_makes_room() -> None:
    """As where another worker reads the topic."""
    sent = SentMessages()
    for order in ORDERS:
        sent.keep(order, encode(order))
    assert sent.take(COMMANDS, encode(ORDERS[0])) is None
    assert all(sent.take(COMMANDS, encode(order)) is order for order in ORDERS[1:])


def test_a_copy_of_it_under_another_key_stays_a_dead_letter() -> None:
    order = ORDERS[0]
    assert checked(order, COMMANDS, key=key_of(order), mode=LIVE) is order
    with pytest.raises(Undecodable, match="its key is not its subject"):
        checked(order, COMMANDS, key=b"incident/other", mode=LIVE)
