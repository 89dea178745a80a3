"""A service of text messages and e-mail that speaks as GOV.UK Notify does, over real HTTP on the loopback.

Its requests, answers and Markdown are those of the service's published client, schemas and libraries.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import AsyncIterator, Iterator
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
LETTER_BYTES_MAX = 2_000_000
SENDER = "northgate@notifications.service.gov.uk"
FIELDS = {"sms": "phone_number", "email": "email_address"}
SENDERS = {"sms": "sms_sender_id", "email": "email_reply_to_id"}
LINK = re.compile(r"(https?://\S+)")
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
            return refusal(403, "AuthError", "Invalid token: signature, api token not found")
        if self.answers:
            return refusal(self.answers.pop(0), "BadRequestError", "phone_number 01632 960001 is not right")
        kind, content = request.match_info["kind"], await request.json()
        if faults := [*faults_of(kind, content)]:
            return refusal(400, *faults[0])
        if not self.forgets:
            self.taken.append(content)
        if self.loses:
            assert request.transport
            request.transport.abort()
        return web.json_response(self._taken(kind, content, len(self.taken)), status=201)

    async def find(self, request: web.Request) -> web.Response:
        if not signed_well(request):
            return refusal(403, "AuthError", "Invalid token: signature, api token not found")
        known = [
            {"id": named(number), "reference": one["reference"], **{to: one.get(to) for to in FIELDS.values()}}
            for number, one in enumerate(self.taken, 1)
            if one["reference"] == request.query["reference"]
        ]
        known.reverse()
        names = [one["id"] for one in known]
        first = names.index(request.query["older_than"]) + 1 if "older_than" in request.query else 0
        links = {"current": str(request.url)}
        return web.json_response({"notifications": known[first : first + PAGE], "links": links})

    def _taken(self, kind: str, content: dict[str, Any], number: int) -> dict[str, Any]:
        """The answer to a message that was taken, as the service's own schemas have it."""
        template = {"id": content["template_id"], "version": 1, "uri": f"{self.url}/services/templates/1"}
        said = {"body": content["personalisation"]["text"]}
        said |= {"from_number": "40604"} if kind == "sms" else {"from_email": SENDER, "subject": subject_of(content)}
        name = named(number)
        uri = f"{self.url}/v2/notifications/{name}"
        return {"id": name, "reference": content["reference"], "content": said, "uri": uri, "template": template}


def named(number: int) -> str:
    """What the service calls a notification."""
    return f"740e5834-3a29-46b4-9a6f-{number:012}"


def subject_of(letter: dict[str, Any]) -> str:
    return str(letter["personalisation"]["subject"])


def faults_of(kind: str, content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What the service says is wrong with a message: the name of the error, and its words."""
    known = {FIELDS[kind], SENDERS[kind], "template_id", "personalisation", "reference"}
    yield from (("ValidationError", f"Additional properties are not allowed ({one})") for one in set(content) - known)
    if not content.get(FIELDS[kind]):
        yield "ValidationError", f"{FIELDS[kind]} is a required property"
    gaps = ("text",) if kind == "sms" else ("subject", "text")
    if missing := [one for one in gaps if one not in content["personalisation"]]:
        yield "BadRequestError", f"Missing personalisation: {', '.join(missing)}"
    elif kind == "sms" and len(content["personalisation"]["text"]) > CHARACTERS_MAX:
        yield (
            "BadRequestError",
            f"Content for template has a character count greater than the limit of {CHARACTERS_MAX}",
        )
    elif len(content["personalisation"]["text"].encode()) > LETTER_BYTES_MAX:
        yield "BadRequestError", f"Emails cannot be longer than {LETTER_BYTES_MAX} bytes."


def refusal(status: int, error: str, message: str) -> web.Response:
    told = {"status_code": status, "errors": [{"error": error, "message": message}]}
    return web.json_response(told, status=status)


def shown(text: str) -> str:
    """What the reader of an e-mail sees of a text, as the service's own Markdown shows it in plain text.

    It knows headings, lists, quotes, rules and links; emphasis and code in a line it leaves as they are.
    """
    lines = [_line(one) for one in text.split("\n")]
    parts = LINK.split("\n".join(one for one in lines if one is not None))
    parts[::2] = [re.sub(r"\[([^\]\n\\]*)\]\(([^)\n]*)\)", r"\1: \2", one) for one in parts[::2]]
    parts[::2] = [re.sub(r"\\([\\`*{}\[\]()#+\-.!_>~|])", r"\1", one) for one in parts[::2]]
    return "".join(parts)


def _line(line: str) -> str | None:
    """A line without its Markdown; None if nothing is left of it."""
    if re.fullmatch(r" *([-*_] *){3,}", line):
        return "=-" * 32
    if re.match(r" *(`{3,}|~{3,})", line) or re.match(r" *\[[^\]]+\]: *\S", line):
        return None
    line = re.sub(r"^ *#{1,6} *", "", line)
    return re.sub(r"^ *\^ ?", "", re.sub(r"^ *([•*-]|[0-9]+\.)", "•", line))


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
    app.add_routes([web.post("/v2/notifications/{kind:sms|email}", held.send), web.get("/v2/notifications", held.find)])
    async with served(app) as port:
        held.url = f"http://127.0.0.1:{port}"
        yield held
