"""A network that can be slow: before every broker stands a gate of ours, in a process of its own.

`python -m tests.scenarios.chaos_network SEED PORT:BROKER ...` obeys the words `slow`, `cut` and `calm` on its input,
and ends with it. Brokers reach one another without a gate.
"""

import asyncio
import subprocess
import sys
from contextlib import suppress
from random import Random
from typing import Self

from tests.cluster import Guard
from tests.cluster.cluster import free_ports

LATE_SECONDS = (0.02, 0.2)
CHUNK_BYTES = 65_536
READY_SECONDS_MAX = 180

PROPERTIES = """
listeners=PLAINTEXT://127.0.0.1:{port},INSIDE://127.0.0.1:{inside},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{gate},INSIDE://127.0.0.1:{inside}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=INSIDE
"""


class Network(Guard):
    """Brokers that name their gates to whoever asks for them; used with `with`, once their settings are written."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._gates: dict[int, int] = {}
        self._process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        """The gates, for those who come in."""
        return ",".join(f"127.0.0.1:{gate}" for gate in self._gates)

    def properties(self, *, port: int, controller_port: int) -> str:
        gate, inside = free_ports(2)
        self._gates[gate] = port
        return PROPERTIES.format(port=port, controller_port=controller_port, inside=inside, gate=gate)

    def say(self, word: str) -> None:
        """`slow`: whatever passes comes late. `cut`: every connection ends now. `calm`: nothing comes late any more."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()

    def __enter__(self) -> Self:
        gates = [f"{gate}:{port}" for gate, port in self._gates.items()]
        command = [sys.executable, "-m", "tests.scenarios.chaos_network", str(self._seed), *gates]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "open\n"
        return self

    def __exit__(self, *error: object) -> None:
        assert self._process is not None
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process.wait(READY_SECONDS_MAX)


class Gates:
    """The process: every byte that passes, and how long it is held back."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)
        self._slow = False
        self._open: set[asyncio.StreamWriter] = set()
        self._servers: list[asyncio.Server] = []

    def obey(self, word: str) -> None:
        if word == "cut":
            for writer in self._open:
                writer.transport.abort()
        else:
            self._slow = word == "slow"

    async def listen(self, gate: int, broker: int) -> None:
        async def let_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            # asyncio complains of a connection that is cancelled at the end.
            with suppress(OSError, asyncio.CancelledError):
                there, thence = await asyncio.open_connection("127.0.0.1", broker)
                await asyncio.gather(self._pass(reader, thence), self._pass(there, writer))
            writer.close()

        self._servers.append(await asyncio.start_server(let_in, "127.0.0.1", gate))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while chunk := await reader.read(CHUNK_BYTES):
                if self._slow:
                    await asyncio.sleep(self._chance.uniform(*LATE_SECONDS))
                writer.write(chunk)
                await writer.drain()
        except OSError:
            pass  # The other side is gone, or was cut off.
        finally:
            self._open.discard(writer)
            writer.close()


async def main(seed: int, pairs: list[str]) -> None:
    gates = Gates(seed)
    for pair in pairs:
        gate, broker = pair.split(":")
        await gates.listen(int(gate), int(broker))
    sys.stdout.write("open\n")
    sys.stdout.flush()
    while word := await asyncio.to_thread(sys.stdin.readline):
        gates.obey(word.strip())


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2:]))
