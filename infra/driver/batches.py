"""Batched topics: an agent gets one event for each fetched batch of one partition, since Faust's cost is per event."""

from typing import Any

from faust.types import TopicT

from infra.driver.app import DriverApp
from infra.driver.schemas import BatchSchema


def batched(app: DriverApp, name: str, **settings: Any) -> TopicT:
    """Declare a topic whose events carry many records: a tuple of `infra.log.Record`, and the offset of the last one.

    Acking the event acks them all. What is sent to the topic is bytes, one record each.
    """
    app.ground.batched_topics.add(name)
    return app.topic(name, schema=BatchSchema(), **settings)
