"""Word to the service manager, if it asked for any: that the worker is ready, that it goes on, that it stops.

systemd names a socket in the environment and ends a service that is silent for too long; see `man sd_notify`.
"""

import asyncio
import os
import socket
from collections.abc import Mapping
from contextlib import suppress

READY, STOPPING, GOES_ON = "READY=1", "STOPPING=1", "WATCHDOG=1"
IN_A_SPAN = 3
"""So often within the span of the watchdog we show that we go on."""


class ServiceManager:
    """The one that started this process; saying something to none does nothing."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        if self._address.startswith("@"):
            self._address = "\0" + self._address[1:]
        own = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        given = environment.get("WATCHDOG_USEC", "") if own else ""
        self.span_seconds = int(given) / 1_000_000 if given.isdigit() else 0.0

    def say(self, word: str) -> None:
        """One word; if the manager has ended, nothing happens."""
        if not self._address:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.setblocking(False)
            out.sendto(word.encode(), self._address)

    async def keep_saying(self) -> None:
        """Show that the event loop goes on, until cancelled; return at once if no manager watches."""
        while self.span_seconds:
            self.say(GOES_ON)
            await asyncio.sleep(self.span_seconds / IN_A_SPAN)
