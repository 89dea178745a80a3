"""One snac server on a free port of the loopback: started, killed and ended by its process id."""

import hashlib
import json
import re
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.snac.packages import NoSnac, program

START_SECONDS_MAX = 180.0
EMPTY_READS_MIN = 40


class Snac:
    """Keeps its data below `folder`; what it has taken is read from its files, not asked of it.

    `host` is what it calls itself in addresses; with the port that it listens at, if nothing is said.
    """

    def __init__(self, folder: Path, host: str | None = None) -> None:
        self._program, self._data, self._log = program(), folder / "data", folder / "log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self._host = host or f"localhost:{self.port}"
        self.called = f"http://{self._host}"
        self._process: subprocess.Popen[bytes] | None = None
        self._accounts = 0

    def __enter__(self) -> Self:
        self._data.parent.mkdir(parents=True, exist_ok=True)
        answers = f"127.0.0.1\n{self.port}\n{self._host}\n\n\n"
        self._run("init", str(self._data), given=answers)
        file = self._data / "server.json"
        # With fewer threads all of them may wait, seconds long, for an answer of this same server.
        settings = json.loads(file.read_text(encoding="utf-8")) | {"protocol": "http", "num_threads": 32}
        file.write_text(json.dumps(settings | {"queue_timeout": 1, "queue_timeout_2": 1}), encoding="utf-8")
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.kill()

    def start(self) -> None:
        """Run the server, after a kill too, and return when it listens."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._program, "httpd", str(self._data)], stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        until = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise NoSnac(f"snac did not start: {self._log.read_text(encoding='utf-8', errors='replace')[-1000:]}")

    def kill(self) -> None:
        """End the process at once, as a loss of power does."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def account(self) -> tuple[str, str]:
        """A new account: its name, and a token that may do all in its name."""
        self._accounts += 1
        name = f"trust{self._accounts}"
        self._copy_account(name)
        said = self._run("resetpwd", str(self._data), name)
        found = re.search(r"^New password for user \S+ is (.+)$", said, re.MULTILINE)
        assert found, said
        form = urllib.parse.urlencode({"login": name, "passwd": found[1]}).encode()
        with urllib.request.urlopen(f"{self.url}/oauth/x-snac-get-token", form, timeout=180) as answer:  # noqa: S310 - the loopback
            token = re.search(r"[0-9a-f]{32,}", answer.read().decode())
        assert token
        return name, token[0]

    def _copy_account(self, name: str) -> None:
        """Make an account from one that does nothing itself: to make its pair of keys takes longer than most tests."""
        pattern = self._data / "user" / "pattern"
        if not pattern.exists():
            self._run("adduser", str(self._data), pattern.name)
        own = Path(shutil.copytree(pattern, pattern.with_name(name))) / "user.json"
        own.write_text(
            json.dumps(json.loads(own.read_text(encoding="utf-8")) | {"uid": name, "name": name}), encoding="utf-8"
        )

    def write(self, text: str, token: str) -> Any:
        """Post this in the name of the account that the token opens, and answer with the post."""
        return self.call("POST", "/api/v1/statuses", token, status=text, visibility="public")

    def call(self, method: str, path: str, token: str, **form: str) -> Any:
        """One request in the name of the account that the token opens; answers with the JSON of it."""
        body = urllib.parse.urlencode(form).encode() if form else None
        headers = {"Authorization": f"Bearer {token}"}
        request = urllib.request.Request(self.url + path, body, headers, method=method)  # noqa: S310 - the loopback
        with urllib.request.urlopen(request, timeout=180) as answer:  # noqa: S310 - the loopback
            return json.loads(answer.read() or b"null")

    def posts(self, name: str) -> Sequence[Any]:
        """Each public post of an account as the server keeps it, in no order; `sourceContent` has its words.

        An edit takes the old file away before the new one is there, so they are read until nothing moves, and longer
        where there is none: on a busy machine the new one may take a while.
        What is not in its index nobody is shown: a kill between the file and the index leaves such a file behind.
        """
        folder, seen, same = self._data / "user" / name / "public", None, 0
        index = folder.with_suffix(".idx")
        while True:
            with suppress(FileNotFoundError, json.JSONDecodeError):
                shown = index.read_text(encoding="utf-8").split() if index.exists() else ()
                files = [file for file in sorted(folder.glob("*.json")) if file.stem in shown]
                read = [json.loads(file.read_text(encoding="utf-8")) for file in files]
                same = same + 1 if read == seen else 0
                if same >= (1 if read else EMPTY_READS_MIN):
                    return [one for one in read if one["attributedTo"] == f"{self.called}/{name}"]
                seen = read
            time.sleep(0.05)

    def texts(self, name: str) -> Sequence[str]:
        """The words of each public post of an account, as they were written."""
        return [str(one["sourceContent"]) for one in self.posts(name)]

    def pictures(self, name: str) -> Sequence[tuple[bytes, str]]:
        """Each picture beside a public post of an account, with its description."""
        found = [one for post in self.posts(name) for one in post.get("attachment", ())]
        folder = self._data / "user" / name / "static"
        return [((folder / str(one["url"]).rpartition("/")[2]).read_bytes(), str(one["name"])) for one in found]

    def boosts(self, name: str) -> Sequence[str]:
        """The words of each post that an account boosts now."""
        booster = hashlib.md5(f"{self.called}/{name}".encode(), usedforsecurity=False).hexdigest()
        found = [file for file in self._data.glob("object/*/*_a.idx") if booster in file.read_text(encoding="utf-8")]
        posts = [file.with_name(file.name.replace("_a.idx", ".json")).read_text(encoding="utf-8") for file in found]
        return [str(json.loads(one)["sourceContent"]) for one in posts]

    def is_told(self, name: str) -> bool:
        """Whether this account was told of what another one did, such as a boost of its post.

        The server tells it some seconds later by a queue of its own, and writes the boost again when it does.
        """
        return any((self._data / "user" / name / "notify").glob("*.json"))

    def _run(self, *arguments: str, given: str = "") -> str:
        command = [*self._program, *arguments]
        done = subprocess.run(command, input=given, check=True, capture_output=True, text=True, timeout=180)
        return done.stdout
