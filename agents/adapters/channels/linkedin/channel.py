"""A page on LinkedIn as a channel: it posts, edits and deletes, and reads back what the public sees."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import aiohttp

from agents.adapters.admission import admit
from agents.adapters.channels.account_channel import AccountChannel
from agents.adapters.channels.linkedin.page import NAMES_IN, LinkedInPage, headers_of
from agents.adapters.channels.linkedin.settings import LinkedInSettings, settings_of
from agents.adapters.channels.own_posts import ACTS, LOOKS
from agents.adapters.channels.vendor import Json, NoWholeAnswer, Refusal, VendorLine, always
from agents.ports import NotSent
from streams.values import digest, sentence
from streams.words.delivery import Dispatch, Look, Receipt

KEYS = 3
"""The app's client id, its client secret and the access token; a refresh token may be the fourth."""
SOON = timedelta(days=10)
"""So long before the token lapses, it is to be changed: a person has to make a new one, in a browser.

Until it lapses it opens the page, so that is no fault of the channel and wakes nobody.
"""
ASK_EVERY = timedelta(hours=1)
"""LinkedIn counts the requests of a day: checks leave those that a night of messages needs."""
RIGHTS = ("r_organization_social", "w_organization_social")
INTROSPECT, RENEW = "/oauth/v2/introspectToken", "/oauth/v2/accessToken"


class LinkedInChannel(AccountChannel[LinkedInSettings]):
    """Publishes on one page in one language; the options of the entry are those of `LinkedInSettings`.

    The app's two keys and the token are looked up for every act and kept nowhere; but a token that was renewed is kept
    for as long as the worker lives, or until the secret is another one.
    A check that found nothing wrong holds for an hour, or until the secret is another one.
    """

    read = staticmethod(settings_of)
    _well: tuple[datetime, str, str] | None = None
    _lapses_at: datetime | None = None
    _renewed: tuple[str, str] | None = None

    async def publish(self, dispatch: Dispatch) -> Receipt:
        admit(dispatch, mode=self._mode)
        return await ACTS[dispatch.verb](self._page(), dispatch)

    async def look(self, dispatch: Dispatch) -> Look:
        return await LOOKS[dispatch.verb](self._page(), dispatch)

    async def check(self) -> str:
        now, secret = self._clock.now(), digest(list(self._keys()))
        if self._well is None or now - self._well[0] >= ASK_EVERY or self._well[2] != secret:
            found = await self._token_state()
            # A token that was renewed meanwhile is another one.
            self._well = now, found, digest(list(self._keys()))
        return self._well[1]

    def secret_due(self) -> datetime | None:
        return self._lapses_at - SOON if self._lapses_at else None

    async def _token_state(self) -> str:
        said = await self._introspect()
        if self._keys().refresh and (said.get("active") is not True or self._is_soon(said)):
            said = await self._renewed_or(said)
        if said.get("active") is not True:
            raise NotSent(f"the token is {sentence(str(said.get('status', 'not active')))}: make a new one and set it")
        rights = str(said.get("scope", "")).replace(",", " ").split()
        if missing := [one for one in RIGHTS if one not in rights]:
            raise NotSent(f"the token lacks the right {' and '.join(missing)}: make a new one with it and set it")
        until = self._lapses_at = _until(said)
        # Without a role on the page, we could neither write nor know whether it is there.
        await self._page().latest()
        soon = ": make a new one and set it before then" if self._is_soon(said) else ""
        return f"the token opens the page {self._settings.page} on LinkedIn until {until:%d %B %Y}{soon}"

    async def _renewed_or(self, said: Json) -> Json:
        """What LinkedIn says of the renewed token; of the old one if it is not renewed and goes on for some days."""
        try:
            await self._renew()
        except NotSent:
            if said.get("active") is not True:
                raise
            return said
        return await self._introspect()

    def _is_soon(self, said: Json) -> bool:
        return _until(said) - self._clock.now() < SOON

    async def _introspect(self) -> Json:
        """What LinkedIn says of the token itself; only the app's own keys may ask."""
        try:
            return await self._login(INTROSPECT, token=self._keys().token)
        except (Refusal, NoWholeAnswer) as error:
            raise NotSent(f"{error}: if this goes on, see the app's two keys") from None

    async def _renew(self) -> None:
        """Take the next token for the refresh token. It never outlives that one, whose end stays as it is."""
        keys = self._keys()
        try:
            said = await self._login(RENEW, grant_type="refresh_token", refresh_token=keys.refresh)
        except (Refusal, NoWholeAnswer) as error:
            raise NotSent(f"{error}: the token is not renewed, so make new ones and set them") from None
        token = str(said.get("access_token", ""))
        if not _is_key(token):
            raise NotSent("LinkedIn renewed the token and gave none: make new ones and set them")
        self._renewed = keys.refresh, token

    async def _login(self, path: str, **form: str) -> Json:
        keys = self._keys()
        body = aiohttp.FormData({"client_id": keys.id, "client_secret": keys.secret, **form})
        return await self._line(self._settings.login_url, {}, keys=keys).ask("POST", path, body=body)

    def _page(self) -> LinkedInPage:
        keys = self._keys()
        headers = headers_of(keys.token, version=self._settings.version)
        return LinkedInPage(self._line(self._settings.url, headers, keys=keys), self._settings, self._pictures)

    def _line(self, url: str, headers: Mapping[str, str], *, keys: "AppKeys") -> VendorLine:
        return VendorLine(
            url,
            called="LinkedIn",
            seconds=self._entry.deadline_seconds,
            sign=always(headers),
            secrets=tuple(one for one in keys[1:] if one),
            kept=(NAMES_IN,),
        )

    def _keys(self) -> "AppKeys":
        parts = self._secret().split()
        if len(parts) not in {KEYS, KEYS + 1} or not all(map(_is_key, parts)):
            raise NotSent(
                f"the secret has {len(parts)} parts, not {KEYS}: set it to the app's client id, its client secret and "
                "the access token, with spaces between them, and behind them the refresh token if LinkedIn gave one"
            )
        keys = AppKeys(*parts)
        renewed = self._renewed and self._renewed[0] == keys.refresh
        return keys._replace(token=self._renewed[1]) if renewed and self._renewed else keys


class AppKeys(NamedTuple):
    """What opens the page: the app's own two, the access token, and the one that renews it, if there is one."""

    id: str
    secret: str
    token: str
    refresh: str = ""


def _is_key(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


def _until(said: Json) -> datetime:
    try:
        return datetime.fromtimestamp(int(said["expires_at"]), UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        raise NotSent("LinkedIn does not say when the token lapses: look at it in the developer portal") from None
