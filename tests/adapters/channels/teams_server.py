"""A server that takes cards as a workflow of Teams does, over real HTTP on the loopback, and errs as one is known to.

It answers 202 before it does anything, without a name for the post, and nobody learns whether the post came to be.
"""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.loopback import served

SIG = "fakeSig-Q7wZV3nRk81X9pL"
WORKFLOW = "0a1b2c3d4e5f"
PATH = f"/powerautomate/automations/direct/workflows/{WORKFLOW}/triggers/manual/paths/invoke"
QUERY = "?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig="
CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE_BYTES_MAX = 28 * 1024
_DATE = re.compile(r"\{\{(DATE|TIME)\(.*?\)\}\}")


@dataclass
class TeamsServer:
    """What it does wrong: `refuses`: a status for each card. `is_off`: the workflow is. `fails_unseen`: its run does.

    `repeats`: an error repeats the signature. `has_no_run`: it does not say what the run is called.
    """

    refuses: int = 0
    is_off: bool = False
    fails_unseen: bool = False
    repeats: bool = False
    has_no_run: bool = False
    port: int = 0
    bodies: list[dict[str, Any]] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def address(self, port: int | None = None, sig: str = SIG) -> str:
        """Where the workflow listens, as Teams shows it to its owner."""
        return f"http://127.0.0.1:{port or self.port}{PATH}{QUERY}{sig}"

    def texts(self) -> Sequence[str]:
        """What a reader sees of each card."""
        return ["".join(map(_shown, card["body"])).removeprefix("\n") for card in self.cards]

    async def invoke(self, request: web.Request) -> web.Response:
        if request.query.get("sig") != SIG:
            return self._no(401, "DirectApiAuthorizationRequired", "The request must be authenticated.")
        if self.is_off:
            return self._no(400, "WorkflowTriggerIsNotEnabled", "The trigger is not enabled.")
        if self.refuses:
            return self._no(self.refuses, "Refused", SIG if self.repeats else "No.")
        body = await request.json()
        self.bodies.append(body)
        whole = request.content_length is not None and request.content_length <= MESSAGE_BYTES_MAX
        if whole and not self.fails_unseen:
            self.cards += [one["content"] for one in body["attachments"] if one["contentType"] == CARD]
        run = {} if self.has_no_run else {"x-ms-workflow-run-id": f"0858{len(self.bodies):04d}CU42"}
        return web.Response(status=202, headers=run)

    def _no(self, status: int, code: str, message: str) -> web.Response:
        return web.json_response({"error": {"code": code, "message": message}}, status=status)

    @web.middleware
    async def notes(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """What was asked for."""
        self.asked.append(f"{request.method} {request.path}")
        answer: web.StreamResponse = await handler(request)
        return answer


def _shown(element: dict[str, Any]) -> str:
    """An element as a client of Teams shows it: Markdown counts in a text block, and in a text run it does not."""
    before = "\n\n" if element.get("separator") else "\n"
    match element["type"]:
        case "RichTextBlock":
            runs = [run["text"] for run in element["inlines"]]
            assert all(runs), "a client leaves an empty run out"
            return before + "".join(_DATE.sub("(a date)", run) for run in runs if runs != ["\u00a0"])
        case "TextBlock":
            return before + re.sub(r"\\?[*_~\[\]]", "", _DATE.sub("(a date)", element["text"]))
        case other:
            raise AssertionError(f"no client shows {other}")


@asynccontextmanager
async def teams_server(**wrong: Any) -> AsyncIterator[TeamsServer]:
    """Listen on a free port of the loopback; what it does `wrong` are fields of `TeamsServer`."""
    server = TeamsServer(**wrong)
    app = web.Application(middlewares=[server.notes])
    app.add_routes([web.post(PATH, server.invoke)])
    async with served(app) as server.port:
        yield server
