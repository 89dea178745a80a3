"""A text message service that speaks as GOV.UK Notify does, over real HTTP on the loopback."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.loopback import served

SERVICE = "6b1f3a52-0c0f-4a57-9c7e-1f3c2d4e5a60"
SECRET = "0d9c8b7a-1111-4222-8333-444455556666"
KEY = f"night-{SERVICE}-{SECRET}"
CHARACTERS_MAX = 918
PAGE = 250
TEMPLATE = "11111111-2222-4333-8444-555555555555"


@dataclass
class NotifyServer:
    """Keeps what it takes. `answers` are given in turn instead of taking; `loses` takes and breaks off."""

    taken: list[dict[str, Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    loses: bool = False
    forgets: bool = False
    url: str = ""

    async def send(self, request: web.Request) -> web.Response:
        if not signed_well(request):
            return web.json_response({"errors": [{"error": "AuthError", "message": "Invalid token"}]}, status=403)
        if self.answers:
            status = self.answers.pop(0)
            error = {"error": "BadRequestError", "message": "phone_number 01632 960001 is not right"}
            return web.json_response({"status_code": status, "errors": [error]}, status=status)
        content = await request.json()
        if set(content) - {"phone_number", "template_id", "personalisation", "reference", "sms_sender_id"}:
            return web.json_response({"errors": [{"message": "Additional properties"}]}, status=400)
        if len(content["personalisation"]["text"]) > CHARACTERS_MAX:
            error = {"error": "BadRequestError", "message": "Content for template has a character count greater than"}
            return web.json_response({"status_code": 400, "errors": [error]}, status=400)
        if not self.forgets:
            self.taken.append(content)
        if self.loses:
            assert request.transport
            request.transport.abort()
        answer = {"id": f"notification-{len(self.taken)}", "reference": content["reference"]}
        return web.json_response(answer, status=201)

    async def find(self, request: web.Request) -> web.Response:
        if not signed_well(request):
            return web.json_response({}, status=403)
        known = [
            {"id": f"notification-{number}", "reference": one["reference"], "phone_number": one["phone_number"]}
            for number, one in enumerate(self.taken, 1)
            if one["reference"] == request.query["reference"]
        ]
        known.reverse()
        names = [one["id"] for one in known]
        first = names.index(request.query["older_than"]) + 1 if "older_than" in request.query else 0
        return web.json_response({"notifications": known[first : first + PAGE]})


def signed_well(request: web.Request) -> bool:
    """Whether the token is one of our service, signed with its secret."""
    token = request.headers["Authorization"].removeprefix("Bearer ")
    said, _, signature = token.rpartition(".")
    mac = hmac.new(SECRET.encode(), said.encode(), hashlib.sha256).digest()
    claims = json.loads(base64.urlsafe_b64decode(said.partition(".")[2] + "=="))
    return hmac.compare_digest(signature, base64.urlsafe_b64encode(mac).rstrip(b"=").decode()) and claims == {
        "iss": SERVICE,
        "iat": claims["iat"],
    }


@asynccontextmanager
async def notify_server() -> AsyncIterator[NotifyServer]:
    """Listen on a free port of the loopback."""
    held = NotifyServer()
    app = web.Application()
    app.add_routes([web.post("/v2/notifications/sms", held.send), web.get("/v2/notifications", held.find)])
    async with served(app) as port:
        held.url = f"http://127.0.0.1:{port}"
        yield held
