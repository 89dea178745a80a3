"""An account on X as a channel: it posts, edits, deletes and passes on, and reads back what the public sees.

X refuses words that it has already; that is a reason to look, never a receipt.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from agents.adapters.admission import admit, admit_credential
from agents.adapters.channels import own_posts
from agents.adapters.channels.vendor import VendorLine
from agents.adapters.channels.x import posts
from agents.adapters.channels.x.account import XAccount, headers_of, signed_by
from agents.adapters.channels.x.settings import settings_of
from agents.adapters.clocks import SystemClock
from agents.adapters.pictures import Pictures, no_pictures
from agents.adapters.secrets import Secrets, secret_of
from agents.ports import Clock, NotSent
from streams.values import sentence
from streams.words.delivery import Dispatch, Look, Receipt, Verb
from streams.words.register.entries import ChannelEntry

ACTS: Mapping[Verb, Callable[[XAccount, Dispatch], Awaitable[Receipt]]] = {
    **own_posts.ACTS,
    Verb.REPOST: posts.share,
    Verb.UN_REPOST: posts.take_back,
}
LOOKS: Mapping[Verb, Callable[[XAccount, Dispatch], Awaitable[Look]]] = {
    **own_posts.LOOKS,
    Verb.REPOST: posts.look_for_share,
    Verb.UN_REPOST: posts.look_for_take_back,
}


class XChannel:
    """Publishes on one account in one language; the options of the entry are those of `XSettings`.

    `ValueError` if they are wrong or the credential is for another mode.
    The keys are looked up for every act and kept nowhere, and must be those of the account that the options name.
    """

    def __init__(  # budget: an entry, a mode, and what it sends with
        self,
        entry: ChannelEntry,
        mode: str,
        *,
        secrets: Secrets,
        clock: Clock | None = None,
        pictures: Pictures = no_pictures,
    ) -> None:
        self._pictures = pictures
        admit_credential(entry, mode=mode)
        self._mode, self._entry, self._secrets, self._clock = mode, entry, secrets, clock or SystemClock()
        self._settings = settings_of(entry)

    @property
    def mode(self) -> str:
        return self._mode

    async def publish(self, dispatch: Dispatch) -> Receipt:
        admit(dispatch, mode=self._mode)
        return await ACTS[dispatch.verb](self._account(), dispatch)

    async def look(self, dispatch: Dispatch) -> Look:
        return await LOOKS[dispatch.verb](self._account(), dispatch)

    async def check(self) -> str:
        opened = await self._account().opened()
        if opened != self._settings.account:
            raise NotSent(f"the keys open the account {sentence(opened)}, not {self._settings.account}: set the others")
        return f"the keys open the account {self._settings.name} on X"

    def _account(self) -> XAccount:
        client, keys = signed_by(secret_of(self._entry.credential, self._secrets), self._settings)
        sign = partial(headers_of, client)
        line = VendorLine(self._settings.url, called="X", seconds=self._entry.deadline_seconds, sign=sign, secrets=keys)
        return XAccount(line, self._settings, clock=self._clock, pictures=self._pictures)
