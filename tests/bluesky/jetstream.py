"""A stand-in for Jetstream over a real server of accounts: a process of its own, which may end and start again."""

import subprocess
from pathlib import Path
from select import select
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from tests.bluesky.network import READY_SECONDS_MAX, BlueskyNetwork, ended
from tests.bluesky.packages import NoBluesky, node, packages

SCRIPT = Path(__file__).with_name("jetstream.js")


class Jetstream:
    """Starts with `with`. It numbers what happened on the network from 1 on, the same after each start."""

    def __init__(self, network: BlueskyNetwork) -> None:
        self._network, self._process = network, None
        self.url = ""

    _process: "subprocess.Popen[bytes] | None"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, *, floor: int = 0) -> None:
        """Start it, on the port that it had before; it goes back to the number `floor` and refuses lower ones."""
        port = str(urlsplit(self.url).port or 0)
        self._process = subprocess.Popen(
            [node(), str(SCRIPT), str(packages()), port, self._network.url, str(floor)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout
        ready, _, _ = select([self._process.stdout], [], [], READY_SECONDS_MAX)
        self.url = self._process.stdout.readline().decode().strip() if ready else ""
        if not self.url:
            raise NoBluesky("the stand-in for Jetstream did not start")

    def stop(self) -> None:
        """End it; safe to call twice."""
        if self._process:
            ended(self._process)
            self._process = None
