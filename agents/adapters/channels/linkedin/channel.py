"""A page on LinkedIn as a channel: it posts, edits and deletes, and reads back what the public sees."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import aiohttp

from agents.adapters.admission import admit, admit_credential
from agents.adapters.channels.linkedin.page import NAMES_IN, LinkedInPage, headers_of
from agents.adapters.channels.linkedin.settings import settings_of
from agents.adapters.channels.own_posts import ACTS, LOOKS
from agents.adapters.channels.vendor import Json, NoWholeAnswer, Refusal, VendorLine, always
from agents.adapters.clocks import SystemClock
from agents.adapters.secrets import Secrets, secret_of
from agents.ports import Clock, NotSent
from streams.values import sentence
from streams.words.delivery import Dispatch, Look, Receipt
from streams.words.register.entries import ChannelEntry

KEYS = 3
SOON = timedelta(days=10)
"""So long before the token lapses, the check says so: a person has to make a new one, in a browser."""
ASK_EVERY = timedelta(hours=1)
"""LinkedIn counts the requests of a day: checks leave those that a night of messages needs."""
RIGHTS = ("r_organization_social", "w_organization_social")
INTROSPECT = "/oauth/v2/introspectToken"


class LinkedInChannel:
    """Publishes on one page in one language; the options of the entry are those of `LinkedInSettings`.

    `ValueError` if they are wrong or the credential is for another mode.
    The app's two keys and the token are looked up for every act and kept nowhere.
    A check that found nothing wrong holds for an hour.
    """

    def __init__(self, entry: ChannelEntry, mode: str, *, secrets: Secrets, clock: Clock | None = None) -> None:
        admit_credential(entry, mode=mode)
        self._mode, self._entry, self._secrets, self._clock = mode, entry, secrets, clock or SystemClock()
        self._settings = settings_of(entry)
        self._well: tuple[datetime, str] | None = None

    @property
    def mode(self) -> str:
        return self._mode

    async def publish(self, dispatch: Dispatch) -> Receipt:
        admit(dispatch, mode=self._mode)
        return await ACTS[dispatch.verb](self._page(), dispatch)

    async def look(self, dispatch: Dispatch) -> Look:
        return await LOOKS[dispatch.verb](self._page(), dispatch)

    async def check(self) -> str:
        now = self._clock.now()
        if self._well is None or now - self._well[0] >= ASK_EVERY:
            self._well = now, await self._token_state()
        return self._well[1]

    async def _token_state(self) -> str:
        said = await self._introspect()
        if said.get("active") is not True:
            raise NotSent(f"the token is {sentence(str(said.get('status', 'not active')))}: make a new one and set it")
        rights = str(said.get("scope", "")).replace(",", " ").split()
        if missing := [one for one in RIGHTS if one not in rights]:
            raise NotSent(f"the token lacks the right {' and '.join(missing)}: make a new one with it and set it")
        until = _until(said)
        if until - self._clock.now() < SOON:
            raise NotSent(f"the token lapses on {until:%d %B %Y}: make a new one and set it before then")
        # Without a role on the page, we could neither write nor know whether it is there.
        await self._page().latest()
        return f"the token opens the page {self._settings.page} on LinkedIn until {until:%d %B %Y}"

    async def _introspect(self) -> Json:
        """What LinkedIn says of the token itself; only the app's own keys may ask."""
        keys = key, key_secret, token = self._keys()
        form = aiohttp.FormData({"client_id": key, "client_secret": key_secret, "token": token})
        try:
            return await self._line(self._settings.login_url, {}, keys=keys).ask("POST", INTROSPECT, body=form)
        except (Refusal, NoWholeAnswer) as error:
            raise NotSent(f"{error}: if this goes on, see the app's two keys") from None

    def _page(self) -> LinkedInPage:
        keys = self._keys()
        headers = headers_of(keys[-1], version=self._settings.version)
        return LinkedInPage(self._line(self._settings.url, headers, keys=keys), self._settings)

    def _line(self, url: str, headers: Mapping[str, str], *, keys: tuple[str, str, str]) -> VendorLine:
        return VendorLine(
            url,
            called="LinkedIn",
            seconds=self._entry.deadline_seconds,
            sign=always(headers),
            secrets=keys[1:],
            kept=(NAMES_IN,),
        )

    def _keys(self) -> tuple[str, str, str]:
        parts = secret_of(self._entry.credential, self._secrets).split()
        if len(parts) != KEYS or not all(one.isascii() and one.isprintable() for one in parts):
            raise NotSent(
                f"the secret has {len(parts)} parts, not {KEYS}: set it to the app's client id, its client secret and "
                "the access token, with spaces between them"
            )
        key, key_secret, token = parts
        return key, key_secret, token


def _until(said: Json) -> datetime:
    try:
        return datetime.fromtimestamp(int(said["expires_at"]), UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        raise NotSent("LinkedIn does not say when the token lapses: look at it in the developer portal") from None
