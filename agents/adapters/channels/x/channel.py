"""An account on X as a channel: it posts, edits, deletes and passes on, and reads back what the public sees.

X refuses words that it has already; that is a reason to look, never a receipt.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from agents.adapters.admission import admit
from agents.adapters.channels import own_posts
from agents.adapters.channels.account_channel import AccountChannel
from agents.adapters.channels.vendor import VendorLine
from agents.adapters.channels.x import posts
from agents.adapters.channels.x.account import XAccount, headers_of, signed_by
from agents.adapters.channels.x.settings import XSettings, settings_of
from agents.ports import NotSent
from streams.values import sentence
from streams.words.delivery import Dispatch, Look, Receipt, Verb

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


class XChannel(AccountChannel[XSettings]):
    """Publishes on one account in one language; the options of the entry are those of `XSettings`.

    The keys are looked up for every act and kept nowhere, and must be those of the account that the options name.
    """

    read = staticmethod(settings_of)

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
        client, keys = signed_by(self._secret(), self._settings)
        sign = partial(headers_of, client)
        line = VendorLine(self._settings.url, called="X", seconds=self._entry.deadline_seconds, sign=sign, secrets=keys)
        return XAccount(line, self._settings, clock=self._clock, pictures=self._pictures)
