"""A broker that fell silent, and so ends no connection, does not delay a client that closes its own."""

import asyncio
from typing import Any

from infra.kafka_log import KafkaLogSettings
from infra.kafka_log.group.seat import GroupPlace, Seat
from infra.kafka_log.nodes import Nodes
from infra.kafka_log.protocol import GroupMember
from infra.kafka_log.records import producers
from infra.kafka_log.records.producers import FencedProducer

SETTINGS = KafkaLogSettings(close_seconds_max=0.01)
PATIENCE_SECONDS = 180.0


class Silent:
    """A client whose connections never end."""

    async def close(self) -> None:
        await asyncio.Event().wait()


async def test_a_seat_is_given_up() -> None:
    seat = Seat(SETTINGS, "group", place=GroupPlace(), assignor=None, tell=lambda _: None)
    seat._client = Silent()
    await asyncio.wait_for(seat.close(), PATIENCE_SECONDS)


async def test_a_producer_is_ended() -> None:
    producer: Any = FencedProducer(SETTINGS, GroupMember("group", 1, "member", None), transactional_id="worker")
    producer.client.close = Silent().close
    await asyncio.wait_for(producers.end(producer, seconds_max=0.01), PATIENCE_SECONDS)


async def test_a_log_is_closed() -> None:
    nodes = Nodes(SETTINGS)
    nodes._client = Silent()
    await asyncio.wait_for(nodes.close(), PATIENCE_SECONDS)
