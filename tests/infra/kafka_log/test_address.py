"""The address of a cluster means what it says, or is refused with what it should say."""

import pytest

from infra.driver import create_app
from infra.kafka_log import settings_of, urls_of
from infra.transports import KafkaTransport


def test_every_broker_and_number_of_the_address_is_taken() -> None:
    urls = urls_of("kafka://one:9093,two?replication=5&insync=3&session=30&segment=600&worker=b")
    settings = settings_of(urls, worker="a")
    assert settings.bootstrap == ("one:9093", "two:9092")
    assert (settings.replication_count, settings.insync_count_min) == (5, 3)
    assert (settings.session_seconds, settings.segment_seconds, settings.worker) == (30, 600, "b")


def test_three_copies_are_kept_and_two_must_be_written_unless_asked_otherwise() -> None:
    settings = settings_of(urls_of("x://one"), worker="a")
    assert (settings.replication_count, settings.insync_count_min, settings.worker) == (3, 2, "a")


@pytest.mark.parametrize("query", ["replication=0", "replication=many", "acks=1", "insync=-1"])
def test_what_the_address_cannot_mean_is_refused(query: str) -> None:
    """A mistyped promise is no smaller one."""
    with pytest.raises(ValueError, match="replication, insync, session"):
        settings_of(urls_of(f"x://one?{query}"), worker="a")


def test_an_address_without_a_broker_is_refused() -> None:
    with pytest.raises(ValueError, match="names no broker"):
        settings_of(urls_of("x:///file"), worker="a")


def test_kafka_never_means_the_driver_that_loses_events() -> None:
    app = create_app("trust", "kafka://one:9092,two:9092", worker="b")
    assert isinstance(app.transport, KafkaTransport)
    assert app.ground.worker == "b"
