"""A real Bluesky network on this machine: a directory of accounts and one server of accounts, both on the loopback.

The directory forgets all when it ends, so it is a process of its own: the server may be killed and started again.
"""

import base64
import http.client
import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from select import select
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from tests.bluesky.packages import NoBluesky, node, packages

SCRIPT = Path(__file__).with_name("network.js")
READY_SECONDS_MAX = 180.0
STOP_SECONDS_MAX = 180.0
PASSWORD = "a-long-password-1"
NOTHING: Mapping[str, Any] = {}
"""The body of an order that takes none: the server refuses even an empty one."""
POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
ADMIN = "Basic " + base64.b64encode(b"admin:admin-pass").decode()
TAKEDOWN = "com.atproto.admin.updateSubjectStatus"


@dataclass(frozen=True)
class Account:
    """An account on the network; `password` is an app password, as a person makes one for us."""

    did: str
    handle: str
    password: str
    token: str


class BlueskyNetwork:
    """Starts with `with`; raises `NoBluesky` if it cannot."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="bluesky-", ignore_cleanup_errors=True)
        self._data = Path(self._folder.name) / "data"
        self._data.mkdir()
        self._numbers = count(1)
        self._processes: list[subprocess.Popen[bytes]] = []
        self.directory = self.url = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start both processes; `NoBluesky` if one of them does not answer."""
        try:
            self.directory = self._start("plc")
            self.start_server()
        except BaseException:
            self.stop()
            raise

    @property
    def port(self) -> int:
        """Where the server of accounts listens on the loopback."""
        return int(urlsplit(self.url).port or 0)

    def start_server(self) -> None:
        """Start the server of accounts, on the port that it had before, with all that it had."""
        port = str(urlsplit(self.url).port or 0)
        self.url = self._start("pds", port, str(self._data), self.directory)

    def kill_server(self) -> None:
        """End the server of accounts with SIGKILL."""
        ended(self._processes.pop())

    def stop(self) -> None:
        """End both processes and forget everything; safe to call twice."""
        while self._processes:
            ended(self._processes.pop())
        self._folder.cleanup()

    def account(self, name: str = "trust") -> Account:
        """A new account with an app password."""
        handle = f"{name}{next(self._numbers)}.test"
        made = self.call(
            "com.atproto.server.createAccount",
            {"handle": handle, "email": f"{handle}@mail.example", "password": PASSWORD},
        )
        token = made["accessJwt"]
        app = self.call("com.atproto.server.createAppPassword", {"name": "holdingline"}, token=token)
        return Account(made["did"], handle, app["password"], token)

    def records(self, account: Account, collection: str = POST) -> Sequence[Mapping[str, Any]]:
        """What the public finds in a collection of the account, as its server says."""
        records: list[Mapping[str, Any]] = []
        more = ""
        while True:
            page = self.call(
                "com.atproto.repo.listRecords", repo=account.did, collection=collection, limit="100", cursor=more
            )
            records += page["records"]
            if "cursor" not in page:
                return records
            more = page["cursor"]

    def post(self, account: Account, text: str, **fields: Any) -> Mapping[str, Any]:
        """Let the account say something, as a person does; answers with its `uri` and `cid`."""
        record = {"$type": POST, "text": text, "createdAt": "2026-11-21T22:40:00.000Z", **fields}
        body = {"repo": account.did, "collection": POST, "record": record}
        made: Mapping[str, Any] = self.call("com.atproto.repo.createRecord", body, token=account.token)
        return made

    def edit(self, account: Account, uri: str, text: str, **fields: Any) -> None:
        """Let the account put other words in the place of a post."""
        _, _, repo, collection, key = uri.split("/")
        record = {"$type": POST, "text": text, "createdAt": "2026-11-21T22:40:00.000Z", **fields}
        body = {"repo": repo, "collection": collection, "rkey": key, "record": record}
        self.call("com.atproto.repo.putRecord", body, token=account.token)

    def rename(self, account: Account, handle: str) -> None:
        """Let the account be called otherwise."""
        self.call("com.atproto.identity.updateHandle", {"handle": handle}, token=account.token)

    def close(self, account: Account, *, closed: bool = True) -> None:
        """Let the account's owner deactivate it, or open it again."""
        method = "deactivateAccount" if closed else "activateAccount"
        self.call(f"com.atproto.server.{method}", {} if closed else NOTHING, token=account.token)

    def delete(self, account: Account, uri: str) -> None:
        """Let the account delete a record, as a person does."""
        _, _, repo, collection, key = uri.split("/")
        body = {"repo": repo, "collection": collection, "rkey": key}
        self.call("com.atproto.repo.deleteRecord", body, token=account.token)

    def take_down(self, subject: Mapping[str, str] | Account, *, applied: bool = True) -> None:
        """Let the moderators of the server hide a record (`uri` and `cid`) or a whole account, or show it again."""
        if isinstance(subject, Account):
            what: Mapping[str, str] = {"$type": "com.atproto.admin.defs#repoRef", "did": subject.did}
        else:
            what = {"$type": "com.atproto.repo.strongRef", "uri": subject["uri"], "cid": subject["cid"]}
        body = {"subject": what, "takedown": {"applied": applied, "ref": "test"}}
        self.call(TAKEDOWN, body, authorization=ADMIN)

    def call(  # budget: a request has as many parts
        self,
        method: str,
        body: Mapping[str, Any] | None = None,
        *,
        token: str | None = None,
        authorization: str | None = None,
        **query: str,
    ) -> Any:
        """One request to the server of accounts; fails the test where the answer is no."""
        address = urlsplit(self.url)
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=STOP_SECONDS_MAX)
        headers = {"Authorization": authorization or f"Bearer {token}"} if authorization or token else {}
        content = None if body is None or body is NOTHING else json.dumps(body)
        if content:
            headers["Content-Type"] = "application/json"
        try:
            connection.request(
                "GET" if body is None else "POST",
                f"/xrpc/{method}" + (f"?{urlencode(query)}" if query else ""),
                body=content,
                headers=headers,
            )
            answer = connection.getresponse()
            said = answer.read()
        finally:
            connection.close()
        assert answer.status == 200, f"{method}: {answer.status} {said[:500]!r}"
        return json.loads(said) if said else None

    def _start(self, what: str, *arguments: str) -> str:
        """Start a process and answer with the address that it says."""
        errors = Path(self._folder.name) / f"{what}.txt"
        with errors.open("ab") as file:
            process = subprocess.Popen(
                [node(), str(SCRIPT), str(packages()), what, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
            )
        self._processes.append(process)
        assert process.stdout
        ready, _, _ = select([process.stdout], [], [], READY_SECONDS_MAX)
        address = process.stdout.readline().decode().strip() if ready else ""
        if not address:
            raise NoBluesky(f"the {what} did not start: {errors.read_text(encoding='utf-8', errors='replace')[-2000:]}")
        return address


def ended(process: "subprocess.Popen[bytes]") -> None:
    """End a process with SIGKILL, and close what we had of it."""
    process.kill()
    process.wait(STOP_SECONDS_MAX)
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
