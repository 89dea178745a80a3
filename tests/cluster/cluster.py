"""A cluster of brokers on loopback ports, each broker and controller at once, in a folder of its own."""

import base64
import os
import random
import resource
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.cluster.jars import NoKafka, alone, classes, jars, java

READY_SECONDS_MAX = 180.0
STOP_SECONDS_MAX = 20.0
PORTS = range(20_000, 32_000)
"""Below those that outgoing connections take: a broker that was killed finds its own port free again."""
HEAP = ("-Xmx384m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")

PROPERTIES = """\
process.roles=broker,controller
node.id={node}
controller.quorum.voters={voters}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={folder}
auto.create.topics.enable=false
default.replication.factor={copies}
min.insync.replicas={insync}
offsets.topic.replication.factor={copies}
offsets.topic.num.partitions=5
transaction.state.log.replication.factor={copies}
transaction.state.log.min.isr={insync}
transaction.state.log.num.partitions=5
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.cleaner.dedupe.buffer.size=8388608
log.cleaner.backoff.ms=1000
file.delete.delay.ms=1000
num.network.threads=2
num.io.threads=4
"""

LOGGING = """\
status=error
rootLogger.level=warn
rootLogger.appenderRef.file.ref=file
appender.file.type=File
appender.file.name=file
appender.file.fileName=${sys:holdingline.log}
appender.file.layout.type=PatternLayout
appender.file.layout.pattern=%d %p %c %m%n
"""


class Guard:
    """Which clients are let in: here all. A class that derives from this adds encryption, users and rights."""

    def properties(self, *, port: int, controller_port: int) -> str:
        """Settings that come after those of every broker."""
        del port, controller_port
        return ""

    def format_arguments(self) -> Sequence[str]:
        """What the disk of a new broker is formatted with, beside its settings: users, for example."""
        return ()


class Broker:
    """One process; it may be killed, paused and started again."""

    def __init__(self, node: int, folder: Path, *, ports: tuple[int, int]) -> None:
        self.node, self.folder = node, folder
        self.port, self.controller_port = ports
        self._process: subprocess.Popen[bytes] | None = None
        self._options = (f"-XX:SharedArchiveFile={classes()}",)

    def write(self, voters: str, *, copies: int, guard: Guard) -> None:
        """Write the settings of this broker; if a setting is said twice, Kafka takes the last."""
        self.folder.mkdir()
        settings = PROPERTIES.format(
            node=self.node,
            voters=voters,
            port=self.port,
            controller_port=self.controller_port,
            folder=self.folder / "data",
            copies=copies,
            insync=min(2, copies),
        )
        settings += guard.properties(port=self.port, controller_port=self.controller_port)
        (self.folder / "server.properties").write_text(settings, encoding="utf-8")
        (self.folder / "log4j2.properties").write_text(LOGGING, encoding="utf-8")

    def format(self, cluster_id: str, guard: Guard) -> None:
        """Make the disk of a new broker."""
        arguments = [
            "kafka.tools.StorageTool",
            "format",
            "-t",
            cluster_id,
            "-c",
            str(self.folder / "server.properties"),
            *guard.format_arguments(),
        ]
        self._java(arguments).wait(READY_SECONDS_MAX)

    def start(self) -> None:
        """Start the process; it is ready a few seconds later."""
        self._process = self._java(["kafka.Kafka", str(self.folder / "server.properties")])

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process: SIGKILL, SIGSTOP, SIGCONT, SIGTERM."""
        if self._process is not None:
            self._process.send_signal(number)

    def fill_disk(self) -> None:
        """Let every write of the process fail from now on, as on a full disk; starting it again gives it room.

        It is a limit on the size of its files: unlike a small file system it needs no rights. A broker goes by whether
        a write fails, not by the reason.
        """
        if self._process is not None:
            _, hard = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (0, hard))

    def ended(self) -> bool:
        """Whether the process has ended, or was never started."""
        return self._process is None or self._process.poll() is not None

    def last_words(self) -> str:
        """What it has written last, to explain why it does not run."""
        files = [self.folder / name for name in ("output.txt", "broker.log")]
        said = [one.read_text(encoding="utf-8", errors="replace") for one in files if one.exists()]
        code = self._process.poll() if self._process else None
        return "\n".join([f"node {self.node}, exit code {code}", *(words[-2000:] for words in said)])

    def leave_classes(self, path: Path) -> None:
        """Run the broker once until it listens, and have Java leave an archive of its classes here when it ends."""
        self._options = (f"-XX:ArchiveClassesAtExit={path}",)
        self.start()
        deadline = time.monotonic() + READY_SECONDS_MAX
        while not self.ended() and time.monotonic() < deadline and not self.listens():
            time.sleep(0.1)
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            process.wait(READY_SECONDS_MAX)
        self._options = (f"-XX:SharedArchiveFile={classes()}",)

    def stop(self) -> None:
        """End the process; safe to call twice."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait(STOP_SECONDS_MAX)

    def listens(self) -> bool:
        """Whether a process answers on the broker's port."""
        with socket.socket() as probe:
            probe.settimeout(0.2)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _java(self, arguments: Sequence[str]) -> "subprocess.Popen[bytes]":
        logging = [
            f"-Dlog4j2.configurationFile={self.folder / 'log4j2.properties'}",
            f"-Dholdingline.log={self.folder / 'broker.log'}",
        ]
        command = [java(), *HEAP, *self._options, *logging, "-cp", f"{jars()}/*", *arguments]
        with (self.folder / "output.txt").open("ab") as output:
            return subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)


class Cluster:
    """So many brokers, started together, their records forgotten at the end."""

    def __init__(self, brokers_count: int = 1, *, guard: Guard | None = None) -> None:
        self._guard = guard or Guard()
        self._folder = tempfile.TemporaryDirectory(prefix="kafka-", ignore_cleanup_errors=True)
        root = Path(self._folder.name)
        ports = free_ports(2 * brokers_count)
        self.brokers = [
            Broker(number + 1, root / str(number + 1), ports=(ports[2 * number], ports[2 * number + 1]))
            for number in range(brokers_count)
        ]

    @property
    def address(self) -> str:
        """Host and port of every broker, joined by commas."""
        return ",".join(f"127.0.0.1:{broker.port}" for broker in self.brokers)

    def start(self) -> None:
        """Format and start all brokers and wait until all of them listen; raises `NoKafka` if they do not."""
        voters = ",".join(f"{broker.node}@127.0.0.1:{broker.controller_port}" for broker in self.brokers)
        cluster_id = base64.urlsafe_b64encode(os.urandom(16)).decode().rstrip("=").replace("-", "A")
        for broker in self.brokers:
            broker.write(voters, copies=min(3, len(self.brokers)), guard=self._guard)
            broker.format(cluster_id, self._guard)
        if len(self.brokers) == 1:
            self._keep_classes(self.brokers[0])
        self.start_again()

    def start_again(self) -> None:
        """Start the brokers that have ended and wait until all listen; raises `NoKafka` if they do not."""
        for broker in self.brokers:
            if broker.ended():
                broker.start()
        self._wait()

    def stop(self) -> None:
        """End all brokers and remove their folders."""
        for broker in self.brokers:
            broker.stop()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _keep_classes(self, broker: Broker) -> None:
        """Once on a machine: the broker runs to an end before, for Java to keep its classes. One of several waits."""
        with alone(classes().with_suffix("")):
            if not classes().exists():
                made = classes().with_suffix(".new")
                broker.leave_classes(made)
                if made.exists():
                    made.rename(classes())

    def _wait(self) -> None:
        deadline = time.monotonic() + READY_SECONDS_MAX
        while not all(broker.listens() for broker in self.brokers):
            ended = [broker for broker in self.brokers if broker.ended()]
            if ended or time.monotonic() > deadline:
                silent = ended or [broker for broker in self.brokers if not broker.listens()]
                raise NoKafka(f"A broker did not start: {silent[0].last_words()}")
            time.sleep(0.1)


def free_ports(count: int) -> list[int]:
    """Ports that no process listens on now."""
    found: list[int] = []
    for port in random.SystemRandom().sample(PORTS, len(PORTS)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == count:
            break
    return found
