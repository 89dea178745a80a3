"""Pages by text message through GOV.UK Notify.

If its answer did not come, it is asked by the page's own reference whether it has the page.
"""

import aiohttp

from agents.adapters.admission import admit_call
from agents.adapters.notify import NotifySettings, notify, plain
from agents.adapters.secrets import Secrets, secret_of
from agents.ports import Clock
from streams.values import cut_short
from streams.words.register.entries import PagerEntry
from streams.words.sign_off import Call

TEXT_CHARACTERS_MAX = 900


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
        async with notify(
            secret_of(self._entry.credential, self._secrets), self._settings, clock=self._clock
        ) as service:
            try:
                said = {"text": shorten(call.text)}
                taken = await service.send(said, to=plain(call.contact.address), reference=call.key)
            except (aiohttp.ClientError, TimeoutError):
                if await service.recipients_of(call.key):
                    return f"taken by GOV.UK Notify, found by its reference {call.key}"
                raise
        return f"taken by GOV.UK Notify as {taken}"


def shorten(text: str) -> str:
    """The text as a message takes it; the last line, which is the link that opens the decision, stays whole."""
    if len(text) <= TEXT_CHARACTERS_MAX:
        return text
    words, _, last = text.rpartition("\n")
    room = TEXT_CHARACTERS_MAX - 1 - len(last)
    return f"{cut_short(words, room)}\n{last}" if room > 0 else cut_short(text, TEXT_CHARACTERS_MAX)
