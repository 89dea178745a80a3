"""The transport: what Faust asks for a producer, a consumer and a conductor. A scheme says only which log it opens."""

from typing import Any, ClassVar

import faust.transport.base
from yarl import URL

from infra.driver.faces.conductor import Conductor
from infra.driver.faces.consumer import Consumer
from infra.driver.faces.producer import Producer
from infra.driver.ground import Ground
from infra.driver.refusals import Unsupported
from infra.log import Log


class Transport(faust.transport.base.Transport):
    """Faust on a log. A subclass gives `new_log`; everything else is the same on every ground."""

    Consumer: ClassVar[type[Any]] = Consumer
    Producer: ClassVar[type[Any]] = Producer
    Conductor: ClassVar[type[Any]] = Conductor
    driver_version = "holdingline"
    record_bytes_max: ClassVar[int | None] = None
    """Key, value and headers of the largest record that the log accepts."""

    def new_log(self, url: URL) -> Log:
        """Build the log that an URL names."""
        raise NotImplementedError(url)

    async def open(self) -> None:
        """Open the log of an app that was started as a worker; every other process comes through a door."""
        app: Any = self.app
        if not app.started:
            raise Unsupported("Only a worker opens its log this way: start the app, or come through `infra.doors`.")
        ground: Ground = app.ground
        ground.record_bytes_max = self.record_bytes_max
        await ground.open(lambda: self.new_log(self.url[0]))
