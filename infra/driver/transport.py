"""The transport: what Faust asks for a producer, a consumer and a conductor. A scheme says only which log it opens."""

from typing import Any, ClassVar

import faust.transport.base
from yarl import URL

from infra.driver.conductor import Conductor
from infra.driver.consumer import Consumer
from infra.driver.ground import Ground
from infra.driver.producer import Producer
from infra.log import Log, Partition, TopicSpec


class Transport(faust.transport.base.Transport):
    """Faust on a log. A subclass gives `new_log`; everything else is the same on every ground."""

    Consumer: ClassVar[type[Any]] = Consumer
    Producer: ClassVar[type[Any]] = Producer
    Conductor: ClassVar[type[Any]] = Conductor
    driver_version = "holdingline"
    record_bytes_max: ClassVar[int | None] = None
    """Key, value and headers of the largest record that the log accepts."""

    def new_log(self, url: URL, *, door: bool) -> Log:
        """Build the log that an URL names; a door shares it with the worker, which alone may join a group."""
        raise NotImplementedError(url, door)

    async def open(self) -> None:
        """Open the log of the app: as its worker when the app was started as one, else as a door."""
        app: Any = self.app
        ground: Ground = app.ground
        ground.record_bytes_max = self.record_bytes_max
        door = app.client_only or app.producer_only or not app.started
        await ground.open(lambda: self.new_log(self.url[0], door=door))
        if door and not app.producer_only:
            replies = Partition(app.conf.reply_to, 0)
            await ground.log.create_topics([TopicSpec(replies.topic, retention_seconds=app.conf.reply_expires)])
            ground.client_positions = await ground.log.ends({replies})
