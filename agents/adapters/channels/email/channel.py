"""E-mail as a channel. A letter cannot be called back or looked up, so an unknown outcome goes to a person."""

import asyncio
from collections.abc import Sequence

from agents.adapters.admission import admit
from agents.adapters.channels.account_channel import AccountChannel
from agents.adapters.channels.email.letter import letter, message_id
from agents.adapters.channels.email.sender import Route, greet, send
from agents.adapters.channels.email.settings import EmailSettings, addresses, listed, settings_of
from agents.ports import NotSent
from streams.words.delivery import Dispatch, Look, Receipt


class EmailChannel(AccountChannel[EmailSettings]):
    """Sends each dispatch as one letter; the options of the entry are those of `EmailSettings`.

    The password is looked up for every letter and kept nowhere.
    Half of `deadline_seconds` is for what comes before the text: a server that hangs there is `NotSent`.
    The receipt gives the list position of each recipient that the server refuses; nothing is sent again for it.
    """

    read = staticmethod(settings_of)

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
        return self._secret()

    async def _recipients(self) -> Sequence[str]:
        file = self._settings.recipients_file
        if file is None:
            return addresses(self._settings.recipients)
        try:
            return await asyncio.to_thread(listed, file)
        except ValueError as error:
            raise NotSent(f"the list of recipients cannot be used: {error}") from error
