"""E-mail as a channel. A letter cannot be called back or looked up, so an unknown outcome goes to a person."""

import asyncio
from collections.abc import Sequence

from agents.adapters.admission import admit, admit_credential
from agents.adapters.channels.email.letter import letter, message_id
from agents.adapters.channels.email.sender import Route, greet, send
from agents.adapters.channels.email.settings import addresses, listed, settings_of
from agents.adapters.clocks import SystemClock
from agents.adapters.secrets import Secrets, secret_of
from agents.ports import Clock, NotSent
from streams.words.delivery import Dispatch, Look, Receipt
from streams.words.register.entries import ChannelEntry


class EmailChannel:
    """Sends each dispatch as one letter; the options of the entry are those of `EmailSettings`.

    `ValueError` if they are wrong or the credential is for another mode.
    The password is looked up for every letter and kept nowhere.
    Half of `deadline_seconds` is for what comes before the text: a server that hangs there is `NotSent`.
    The receipt gives the list position of each recipient that the server refuses; nothing is sent again for it.
    """

    def __init__(self, entry: ChannelEntry, mode: str, *, secrets: Secrets, clock: Clock | None = None) -> None:
        admit_credential(entry, mode=mode)
        self._mode, self._entry, self._secrets, self._clock = mode, entry, secrets, clock or SystemClock()
        self._settings = settings_of(entry)

    @property
    def mode(self) -> str:
        return self._mode

    async def publish(self, dispatch: Dispatch) -> Receipt:
        admit(dispatch, mode=self._mode)
        recipients = await self._recipients()
        route = Route(self._settings, self._entry.deadline_seconds, self._password())
        composed = letter(dispatch, self._entry, recipients=recipients, at=self._clock.now())
        said = await send(composed, route, recipients=recipients)
        return Receipt(reference=message_id(dispatch, self._settings), words=said)

    async def look(self, dispatch: Dispatch) -> Look:
        del dispatch
        raise NotSent("a letter cannot be looked up: ask a recipient whether it came")

    async def check(self) -> str:
        """Whether the list can be read, and the server takes our password and our address as sender."""
        recipients = await self._recipients()
        await greet(Route(self._settings, self._entry.deadline_seconds, self._password()))
        return f"the mail server answers; {len(recipients)} recipients are on the list"

    def _password(self) -> str | None:
        if self._entry.credential is None:
            return None
        return secret_of(self._entry.credential, self._secrets)

    async def _recipients(self) -> Sequence[str]:
        file = self._settings.recipients_file
        if file is None:
            return addresses(self._settings.recipients)
        try:
            return await asyncio.to_thread(listed, file)
        except ValueError as error:
            raise NotSent(f"the list of recipients cannot be used: {error}") from error
