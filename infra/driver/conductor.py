"""The conductor: a stream added late gets its messages at once, and topics exist before they are read."""

from collections.abc import Iterable
from typing import Any, cast

import faust.transport.conductor
from faust import Topic
from faust.types import TP

from infra.log import Log


class Conductor(faust.transport.conductor.Conductor):
    """Faust's conductor with three differences, each where Faust waits for a Kafka broker."""

    # Faust waits 45 s, which hides that a stream may be opened long after its topic was subscribed; `add` mends that.
    _resubscribe_sleep_lock_seconds = 0.1

    def add(self, topic: Any) -> None:
        super().add(topic)
        if self._can_join_now(topic):
            self._index(topic, self.app.consumer.assignment())
            self._update_callback_map()

    def _can_join_now(self, topic: Any) -> bool:
        """A second stream of a topic that is assigned already: nothing about the subscription changes."""
        known = {partition.topic for partition in self._tp_index}
        return bool(known) and topic.active_partitions is None and known.issuperset(topic.topics)

    def _index(self, topic: Any, assigned: Iterable[TP]) -> None:
        for partition in assigned:
            if partition.topic in topic.topics:
                self._tp_index[partition].add(topic)

    async def on_client_only_start(self) -> None:
        await super().on_client_only_start()
        self._leave_out_idle()
        self._update_callback_map()

    def _update_tp_index(self, assigned: set[TP]) -> None:
        super()._update_tp_index(assigned)
        self._leave_out_idle()

    def _leave_out_idle(self) -> None:
        """Leave out what nobody iterates over: its queue would fill, and its messages would never be acked."""
        for channels in self._tp_index.values():
            channels -= {channel for channel in channels if not cast("Topic", channel).is_iterator}

    def _update_callback_map(self) -> None:
        super()._update_callback_map()
        for partition in [tp for tp, channels in self._tp_index.items() if not channels]:
            self._tp_to_callback.pop(partition, None)

    async def _update_indices(self) -> Iterable[str]:
        log: Log = self.app.ground.log  # type: ignore[attr-defined] # Only a DriverApp gets this conductor.
        for topic in list(self._topics):
            if any(log.partitions_of(name) is None for name in topic.topics):
                await topic.maybe_declare()
        return await super()._update_indices()
