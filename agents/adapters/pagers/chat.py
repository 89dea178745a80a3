"""Pages by chat, through Apprise: one library for whatever the trust talks on."""

import asyncio
from urllib.parse import quote

from agents.adapters.admission import admit_call
from agents.adapters.secrets import Secrets, secret_of
from agents.ports import NotSent, Unclear
from streams.words.register.entries import PagerEntry
from streams.words.sign_off import Call

GAP = "{address}"


class ChatPager:
    """The entry's credential names the Apprise address of the chat, with a token in it and `{address}` for the person.

    Apprise cannot tell a clear refusal from a lost answer, so every answer except a yes is unknown.
    """

    def __init__(self, entry: PagerEntry, mode: str, *, secrets: Secrets) -> None:
        if entry.credential is None:
            raise ValueError("its `credential` is missing: name the secret that holds the chat's Apprise address")
        self._mode, self._entry, self._secrets = mode, entry, secrets

    @property
    def mode(self) -> str:
        return self._mode

    async def page(self, call: Call) -> str:
        admit_call(call, mode=self._mode)
        address = secret_of(self._entry.credential, self._secrets).replace(GAP, quote(call.contact.address, safe=""))
        import apprise  # noqa: PLC0415 - it takes long to import, and most workers never page by chat

        chat = apprise.Apprise()
        # The first address takes long to read: every kind of chat is loaded for it.
        if not await asyncio.to_thread(chat.add, address):
            raise NotSent("the secret holds no address that Apprise knows: set it to one with {address} in it")
        if not await chat.async_notify(body=call.text):
            raise Unclear("the chat gave no yes: ask the person another way")
        return "taken by the chat"
