"""The conductor: topics exist before they are read, and no message waits for a stream that no agent reads."""

from collections.abc import Iterable
from typing import cast

import faust.transport.conductor
from faust import Topic
from faust.types import TP

from infra.log import Log


class Conductor(faust.transport.conductor.Conductor):
    """Faust's conductor; it takes up a topic that is added later at once; Faust waits 45 seconds."""

    _resubscribe_sleep_lock_seconds = 0.1

    def _update_tp_index(self, assigned: set[TP]) -> None:
        super()._update_tp_index(assigned)
        self._leave_out_idle()

    def _leave_out_idle(self) -> None:
        """Leave out streams that no agent reads: their queues would fill, and their messages would never be acked."""
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
