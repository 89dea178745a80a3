"""The address of a cluster means what it says, or is refused with what it should say."""

import faust
import pytest
from faust.utils.urls import urllist

from infra.driver import create_app
from infra.kafka_log import Access, settings_of
from infra.transports import KafkaTransport, access_of, broker_url, register_transports

AS_IT_IS = Access()


def test_every_broker_and_number_of_the_address_is_taken() -> None:
    urls = urllist(broker_url("kafka://one:9093,two?replication=5&insync=3&session=30&worker=b"))
    settings = settings_of(urls, worker="a", access=AS_IT_IS)
    assert settings.bootstrap == ("one:9093", "two:9092")
    assert (settings.replication_count, settings.insync_count_min) == (5, 3)
    assert (settings.session_seconds, settings.worker) == (30, "b")


def test_three_copies_are_kept_and_two_must_be_written_unless_asked_otherwise() -> None:
    settings = settings_of(urllist("x://one"), worker="a", access=AS_IT_IS)
    assert (settings.replication_count, settings.insync_count_min, settings.worker) == (3, 2, "a")


@pytest.mark.parametrize("query", ["replication=0", "replication=many", "acks=1", "insync=-1"])
def test_what_the_address_cannot_mean_is_refused(query: str) -> None:
    """A mistyped promise is no smaller one."""
    with pytest.raises(ValueError, match="replication, insync, session"):
        settings_of(urllist(f"x://one?{query}"), worker="a", access=AS_IT_IS)


def test_an_address_without_a_broker_is_refused() -> None:
    with pytest.raises(ValueError, match="names no broker"):
        settings_of(urllist("x:///file"), worker="a", access=AS_IT_IS)


@pytest.mark.parametrize("url", ["kafka://one:9092", "holdingline-kafka://one:9092"])
def test_kafka_never_means_the_driver_that_loses_events(url: str) -> None:
    register_transports()
    for address in (url, broker_url(url)):
        app = create_app("trust", address, worker="b")
        assert isinstance(app.transport, KafkaTransport)
        assert app.ground.worker == "b"


def test_credentials_of_faust_are_ours() -> None:
    access = access_of(faust.SASLCredentials(username="trust", password="secret", mechanism="SCRAM-SHA-256"))
    assert access == Access("SASL_PLAINTEXT", "SCRAM-SHA-256", "trust", "secret")
    assert access_of(None) == Access()
