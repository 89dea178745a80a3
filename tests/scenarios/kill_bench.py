"""A live service to kill: worker processes on a log, a folder that a web server would show, and a real mail server."""

import asyncio
import io
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from agents.adapters.registers import data_folder
from agents.entrypoints.cli.main import main
from agents.runtime.door.door import Door
from infra.log import Draft, LogError, Partition
from streams.subjects.incident import Incident
from streams.topics import Event
from streams.words.delivery import DeliveryState
from tests.examples import take_unsigned_orders
from tests.scenarios.chaos_worker import COMMAND, Serving

PUBLIC = "desk@paper.example"
"""Where the e-mail channel sends what the public may read."""
CHANNELS = """
- id: site
  kind: site
  title: Pages
  owner: lowri.penfynach
  deadline_seconds: 2.0
  options:
    folder: "{folder}/site"
    url: "https://trust.example/"
    trust: Test Trust
    sender: alerts@trust.example
    languages: "en,cy"
- id: email
  kind: email
  title: Mail
  owner: lowri.penfynach
  deadline_seconds: 2.0
  options: {{host: 127.0.0.1, port: "{port}", sender: alerts@trust.example, recipients: {public}}}
"""
PATIENCE_SECONDS = 180.0
PUT_SECONDS_MAX = 180.0


class Mailbox:
    """Counts every letter that the mail server took, by its Message-ID: nobody who was mailed can be un-mailed.

    A page is no letter to the public, if it is named as one and went to none of the public's addresses.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.pages: Counter[str] = Counter()
        self._lock = threading.Lock()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        del server, session
        line = next(line for line in envelope.content.decode().splitlines() if line.lower().startswith("message-id:"))
        name = line.partition("<")[2].partition("@")[0]
        is_page = name.startswith("page-") and PUBLIC not in envelope.rcpt_tos
        with self._lock:
            (self.pages if is_page else self.counts)[name] += 1
        return "250 taken"


@dataclass(frozen=True)
class Done:
    """How a command of the command line ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


@dataclass
class Service:
    """The service as its operator sees it: files, a port, and processes that die.

    `start`, `kill` and `stop` are about its one worker where it has only one.
    """

    folder: Path
    mailbox: Mailbox
    log_url: str
    mail_port: int = 0
    workers: list[Serving] = field(default_factory=list)

    def start(self) -> None:
        """Start the worker, as a service manager does."""
        (self.workers[0] if self.workers else self.worker("serve.log", log_url=self.log_url)).start()

    def worker(self, lines: str, *options: str, log_url: str) -> Serving:
        """Another worker of this service, which is not started yet."""
        given = ("--log", log_url, "--register", str(self.folder / "register"), *options)
        self.workers.append(Serving(self.folder / lines, given))
        return self.workers[-1]

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing is said."""
        self.workers[0].kill()

    def stop(self) -> int:
        """SIGTERM, and the exit code of a clean end."""
        return self.workers[0].stop()

    @property
    def problems(self) -> list[str]:
        """What workers did that nobody had asked them for."""
        return [problem for worker in self.workers for problem in worker.problems]

    def wait_until_ready(self) -> None:
        """Return once the worker says that it serves."""
        wait_until(lambda: b'"event": "serving"' in (self.folder / "serve.log").read_bytes(), "the worker serves")

    def wait_until_settled(self) -> None:
        """Return once no delivery is on its way."""
        wait_until(lambda: not open_deliveries(asyncio.run(self.incidents())), "every delivery is settled")

    def order(self, *arguments: str, by: str, file: Any = None) -> Done:
        """One order of one person, with its file as JSON."""
        path = self.folder / "order.json"
        path.write_text(json.dumps(file))
        given = [] if file is None else ["--file", str(path)]
        return self.run(*arguments, *given, "--as", by, "--log", self.log_url)

    def run(self, *arguments: str) -> Done:
        """One command of the command line, in this process: starting Python anew for each would take longer."""
        said, complained = io.StringIO(), io.StringIO()
        with redirect_stdout(said), redirect_stderr(complained), pytest.raises(SystemExit) as ended:
            main(arguments)
        return Done(int(ended.value.code or 0), said.getvalue(), complained.getvalue())

    def process_with(self, *arguments: str, typed: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """One command in a process of its own, in the folder of the service, with what a person types."""
        return subprocess.run(
            [sys.executable, "-c", COMMAND, *arguments, "--log", self.log_url],
            input="\n".join([*typed, ""]),
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
            cwd=self.folder,
        )

    def facts(self, incident: str) -> list[dict[str, Any]]:
        """The facts of an incident as the command line shows them."""
        shown: list[dict[str, Any]] = json.loads(
            self.run("log", "show", incident, "--log", self.log_url, "--json").stdout
        )
        return shown

    async def put_stray(self, topic: str, value: bytes) -> None:
        """Leave bytes that are no message."""
        async with Door("live", self.log_url) as door:
            await door._log.append([Draft(Partition(topic, 0), b"stray", value, 0)])

    async def put(self, messages: Sequence[Event]) -> None:
        """Leave messages for the worker, whether it lives or not; durable when this returns."""
        async with asyncio.timeout(PUT_SECONDS_MAX):
            while True:
                try:
                    async with Door("live", self.log_url) as door:
                        await door.put(messages)
                except LogError:
                    await asyncio.sleep(0.1)
                else:
                    return

    async def incidents(self) -> dict[str, Incident]:
        async with Door("live", self.log_url) as door:
            return await door.incidents()

    def published_on_site(self) -> Counter[str]:
        """Every entry of the public feed by its delivery."""
        names = Counter[str]()
        for path in (self.folder / "site" / "record").glob("*.json"):
            names[json.loads(path.read_text())["dispatch"]["key"]] += 1
        return names


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def service(folder: Path, log_url: str | None = None) -> Iterator[Service]:
    """Lay out the files and start the mail server; the worker is started by the test, on a file if nothing is said."""
    mailbox = Mailbox()
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    running = Service(folder, mailbox, log_url or f"sqlite:////{folder}/log.db", port)
    try:
        shutil.copytree(data_folder(), folder / "register")
        take_unsigned_orders(folder / "register")
        channels = folder / "register" / "register" / "channels.yaml"
        channels.write_text(CHANNELS.format(folder=folder, port=port, public=PUBLIC))
        pagers = channels.with_name("pagers.yaml")
        pagers.write_text(pagers.read_text().replace('port: "1025"', f'port: "{port}"'))
        yield running
    finally:
        for worker in running.workers:
            if worker.runs:
                worker.kill()
        controller.stop()


def take_many_posts(on: Service) -> None:
    """A hundred incidents within minutes have more posts than a real partner writes."""
    partners = on.folder / "register/register/partners.yaml"
    partners.write_text(partners.read_text().replace("  passes_holds:", "  posts_max: 1000\n  passes_holds:"))


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    """Look again and again, for as long as a test is patient."""
    for _ in range(int(PATIENCE_SECONDS / 0.1)):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {PATIENCE_SECONDS} seconds")


def open_deliveries(incidents: dict[str, Incident]) -> list[str]:
    """Deliveries that are neither public nor refused yet."""
    final = {DeliveryState.CONFIRMED, DeliveryState.REFUSED}
    return [one.id for incident in incidents.values() for one in incident.deliveries.values() if one.state not in final]
