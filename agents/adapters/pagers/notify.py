"""Pages by text message through GOV.UK Notify.

Notify would send the same reference twice, but it can be asked for one: if its answer did not come, that tells whether
it has the page.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any

import aiohttp
from pydantic import Field, StringConstraints

from agents.adapters.admission import admit_call
from agents.adapters.pagers.secrets import Secrets, secret_of
from agents.ports import Clock, NotSent, Rejected
from streams.values import Frozen, canonical, sentence
from streams.words.register.entries import PagerEntry
from streams.words.sign_off import Call

URL = "https://api.notifications.service.gov.uk"
TEXT_CHARACTERS_MAX = 900
SECONDS_MAX = 8.0
"""The limit for one request: a page and a question about it fit into the time of a claim."""
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_KEY = re.compile(rf".*({_UUID})-({_UUID})")
TAKEN, REFUSED, TRY_LATER = 201, (400, 404, 410, 413), (401, 403, 429)


class NotifySettings(Frozen):
    """`template` has one gap, ((text)); `sender` is one of the service's own, if it has several."""

    template: Annotated[str, StringConstraints(pattern=f"^{_UUID}$")]
    sender: Annotated[str, StringConstraints(pattern=f"^{_UUID}$")] | None = None
    url: str = Field(default=URL, pattern=r"^https://|^http://127\.0\.0\.1:")


class NotifyPager:
    """The options of the entry are those of `NotifySettings`, its credential names the API key."""

    def __init__(self, entry: PagerEntry, mode: str, *, secrets: Secrets, clock: Clock) -> None:
        if entry.credential is None:
            raise ValueError("its `credential` is missing: name the secret that holds the API key")
        self._settings = NotifySettings.model_validate(dict(entry.options))
        self._mode, self._entry, self._secrets, self._clock = mode, entry, secrets, clock

    @property
    def mode(self) -> str:
        return self._mode

    async def page(self, call: Call) -> str:
        admit_call(call, mode=self._mode)
        async with self._session() as session:
            try:
                return await self._send(session, call)
            except (NotSent, Rejected):
                raise
            except aiohttp.ClientConnectorError as error:
                raise NotSent(f"GOV.UK Notify cannot be reached ({type(error).__name__})") from error
            except (aiohttp.ClientError, TimeoutError):
                if await self._has(session, call):
                    return f"taken by GOV.UK Notify, found by its reference {call.key}"
                raise

    async def _send(self, session: aiohttp.ClientSession, call: Call) -> str:
        """Hand the text over; an answer that is neither a yes nor a clear no is raised as the client's error."""
        content: dict[str, Any] = {
            "phone_number": call.contact.address.replace(" ", ""),
            "template_id": self._settings.template,
            "personalisation": {"text": call.text[:TEXT_CHARACTERS_MAX]},
            "reference": call.key,
        }
        if self._settings.sender:
            content["sms_sender_id"] = self._settings.sender
        async with session.post("/v2/notifications/sms", json=content) as answer:
            if answer.status in REFUSED:
                raise Rejected(f"GOV.UK Notify refused the page ({answer.status}): {await _reasons(answer)}")
            if answer.status in TRY_LATER:
                raise NotSent(f"GOV.UK Notify took no page ({answer.status}): {await _reasons(answer)}")
            if answer.status != TAKEN:
                raise aiohttp.ClientResponseError(answer.request_info, (), status=answer.status)
            taken = await answer.json()
            return sentence(f"taken by GOV.UK Notify as {taken.get('id', 'unnamed')}")

    async def _has(self, session: aiohttp.ClientSession, call: Call) -> bool:
        """Whether Notify knows the page; if not, the page may still be on its way."""
        async with session.get("/v2/notifications", params={"reference": call.key}) as answer:
            answer.raise_for_status()
            return any(one.get("reference") == call.key for one in (await answer.json()).get("notifications", ()))

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[aiohttp.ClientSession]:
        found = _KEY.fullmatch(secret_of(self._entry, self._secrets))
        if found is None:
            raise NotSent("the API key of GOV.UK Notify is not one: set the secret to the whole key")
        headers = {"Authorization": f"Bearer {self._token(service=found[1], secret=found[2])}"}
        limit = aiohttp.ClientTimeout(total=SECONDS_MAX)
        async with aiohttp.ClientSession(self._settings.url, headers=headers, timeout=limit) as session:
            yield session

    def _token(self, *, service: str, secret: str) -> str:
        """A JSON Web Token as Notify asks for it (HS256); it holds for half a minute."""
        claims = {"iss": service, "iat": int(self._clock.now().timestamp())}
        signed = f"{_part({'typ': 'JWT', 'alg': 'HS256'})}.{_part(claims)}"
        return f"{signed}.{_base64(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())}"


def _part(content: Mapping[str, Any]) -> str:
    return _base64(canonical(content))


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


async def _reasons(answer: aiohttp.ClientResponse) -> str:
    """What Notify says is wrong, without people's telephone numbers."""
    try:
        errors = (await answer.json()).get("errors", ())
        said = "; ".join(str(one.get("message", "")) for one in errors)
    except (ValueError, AttributeError, aiohttp.ClientError):
        said = ""
    return re.sub(r"\+?[0-9][0-9 ]{5,}[0-9]", "(number)", said) or "no reason given"
