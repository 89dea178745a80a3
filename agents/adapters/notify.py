"""GOV.UK Notify as a client sees it: one text message or e-mail, and what Notify knows of a reference.

Notify sends the same reference twice if it is asked twice, but it can be asked what it has of one.
An answer that is neither a yes nor a clear no is raised as the client's error: the message may have been taken.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

import aiohttp
from pydantic import Field, StringConstraints

from agents.ports import Clock, NotSent, Rejected
from streams.values import Frozen, canonical, sentence

URL = "https://api.notifications.service.gov.uk"
SECONDS_MAX = 8.0
"""The limit for one request: a message and a question about it fit into the time of a claim."""
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_KEY = re.compile(rf".*({_UUID})-({_UUID})")
TAKEN, REFUSED, TRY_LATER = 201, (400, 404, 410, 413), (401, 403, 429)


class NotifySettings(Frozen):
    """`template` is one of the trust in Notify, which is nothing but gaps: ((text)), and ((subject)) in an e-mail.

    `sender` is one of the service's own, if it has several; in an e-mail it is the address for replies.
    """

    template: Annotated[str, StringConstraints(pattern=f"^{_UUID}$")]
    sender: Annotated[str, StringConstraints(pattern=f"^{_UUID}$")] | None = None
    url: str = Field(default=URL, pattern=r"^https://|^http://127\.0\.0\.1:")


def plain(number: str) -> str:
    """A telephone number without what people put between its digits."""
    return re.sub(r"[\s().-]", "", number)


@dataclass(frozen=True, slots=True)
class NotifyKind:
    """One of the kinds of messages that Notify sends: its name there, and the fields for recipient and sender.

    `written` gives a recipient in the spelling by which two are compared.
    """

    name: str
    recipient: str
    sender: str
    written: Callable[[str], str]


TEXTS = NotifyKind("sms", "phone_number", "sms_sender_id", plain)
LETTERS = NotifyKind("email", "email_address", "email_reply_to_id", str.lower)


class Notify:
    """One connection to the service, for messages of one kind."""

    def __init__(self, session: aiohttp.ClientSession, settings: NotifySettings, kind: NotifyKind) -> None:
        self._session, self._settings, self._kind = session, settings, kind

    def _asks(self, method: str, path: str = "", **content: Any) -> Any:  # noqa: ANN401 - the client's own
        """A request; where it would lead on to another address, nothing is sent there."""
        return self._session.request(method, f"/v2/notifications{path}", allow_redirects=False, **content)

    async def send(self, gaps: Mapping[str, str], *, to: str, reference: str) -> str:
        """Hand over what fills the gaps of the template; answer with Notify's own name for the message."""
        content: dict[str, Any] = {
            self._kind.recipient: to,
            "template_id": self._settings.template,
            "personalisation": dict(gaps),
            "reference": reference,
        }
        if self._settings.sender:
            content[self._kind.sender] = self._settings.sender
        async with _reached(self._asks("POST", f"/{self._kind.name}", json=content)) as answer:
            if answer.status in REFUSED:
                raise Rejected(f"GOV.UK Notify refused it ({answer.status}): {await _reasons(answer)}")
            if answer.status in TRY_LATER:
                raise NotSent(f"GOV.UK Notify took nothing ({answer.status}): {await _reasons(answer)}")
            if answer.status != TAKEN:
                raise aiohttp.ClientResponseError(answer.request_info, (), status=answer.status)
            taken = await answer.json()
            return sentence(str(taken.get("id", "unnamed")))

    async def recipients_of(self, reference: str) -> Sequence[str]:
        """Those for whom Notify took a message with this reference in the last days, as `written` spells them.

        A message that it does not have may still be on its way.
        """
        found: list[str] = []
        params = {"reference": reference}
        while True:
            async with _reached(self._asks("GET", params=params)) as answer:
                if answer.status in TRY_LATER:
                    raise NotSent(f"GOV.UK Notify does not answer us ({answer.status}): {await _reasons(answer)}")
                if answer.status != HTTPStatus.OK:
                    raise aiohttp.ClientResponseError(answer.request_info, (), status=answer.status)
                page = (await answer.json()).get("notifications", ())
            known = [str(one.get(self._kind.recipient) or "") for one in page if one.get("reference") == reference]
            found += [self._kind.written(one) for one in known]
            if not page:
                return found
            params = {"reference": reference, "older_than": str(page[-1]["id"])}


@asynccontextmanager
async def notify(
    key: str, settings: NotifySettings, *, clock: Clock, kind: NotifyKind = TEXTS
) -> AsyncIterator[Notify]:
    """A connection that is opened with the service's API key; `NotSent` if that is none."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise NotSent("the API key of GOV.UK Notify is not one: set the secret to the whole key")
    headers = {"Authorization": f"Bearer {_token(clock, service=found[1], secret=found[2])}"}
    limit = aiohttp.ClientTimeout(total=SECONDS_MAX)
    async with aiohttp.ClientSession(settings.url, headers=headers, timeout=limit) as session:
        yield Notify(session, settings, kind)


@asynccontextmanager
async def _reached(request: Any) -> AsyncIterator[aiohttp.ClientResponse]:  # noqa: ANN401 - the client's own manager
    """A request that never reached the server is `NotSent`."""
    try:
        async with request as answer:
            yield answer
    except aiohttp.ClientConnectorError as error:
        raise NotSent(f"GOV.UK Notify cannot be reached ({type(error).__name__})") from error


def _token(clock: Clock, *, service: str, secret: str) -> str:
    """A JSON Web Token as Notify asks for it (HS256); it holds for half a minute."""
    claims = {"iss": service, "iat": int(clock.now().timestamp())}
    signed = f"{_part({'typ': 'JWT', 'alg': 'HS256'})}.{_part(claims)}"
    return f"{signed}.{_base64(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())}"


def _part(content: Mapping[str, Any]) -> str:
    return _base64(canonical(content))


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


async def _reasons(answer: aiohttp.ClientResponse) -> str:
    """What Notify says is wrong, without people's telephone numbers and addresses."""
    try:
        errors = (await answer.json()).get("errors", ())
        said = "; ".join(str(one.get("message", "")) for one in errors)
    except (ValueError, AttributeError, aiohttp.ClientError):
        said = ""
    said = re.sub(r"\S+@\S+", "(address)", said)
    return re.sub(r"\+?[0-9][0-9 ]{5,}[0-9]", "(number)", said) or "no reason given"
