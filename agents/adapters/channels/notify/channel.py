"""Text messages and e-mail through GOV.UK Notify: each recipient gets a message of their own, all with one reference.

A message cannot be called back. Notify tells for whom it has a reference, so that no recipient gets a message twice.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager

from agents.adapters.admission import admit
from agents.adapters.channels.account_channel import AccountChannel
from agents.adapters.channels.notify.markdown import literal
from agents.adapters.channels.notify.settings import SERVED, Served, SmsSettings, listed, settings_of
from agents.adapters.notify import Notify, notify
from agents.ports import NotSent, Rejected
from streams.decisions.wording.shown.renderings import renderings
from streams.values import sentence
from streams.words.delivery import Dispatch, Look, Receipt, Sight

AT_ONCE = 20
"""So many requests are under way at the same time; Notify takes 3,000 a minute."""
TOLD_MAX = 20


class NotifyChannel(AccountChannel[SmsSettings]):
    """The kind of the entry says whether it sends text messages or e-mail, and so which options it has.

    Its credential names the API key, which is kept nowhere. The receipt gives the list position of each recipient who
    did not get the message; nothing is sent again for them.
    """

    read = staticmethod(settings_of)

    @property
    def _served(self) -> Served:
        return SERVED[self._entry.kind]

    async def publish(self, dispatch: Dispatch) -> Receipt:
        """Only those for whom Notify has nothing are sent to: after a lost answer, that is the rest of them."""
        admit(dispatch, mode=self._mode)
        recipients = await self._recipients()
        async with self._service() as service:
            had = await service.recipients_of(dispatch.key)
            waiting = self._without(recipients, had)
            found = await _send_each(service, waiting, gaps=self._gaps(dispatch), reference=dispatch.key)
            faults = {one: fault for one, fault in found.items() if fault}
            if any(not isinstance(fault, Rejected | NotSent) for fault in faults.values()):
                had = await service.recipients_of(dispatch.key)
                faults = {one: faults[one] for one in self._without(tuple(faults), had)}
        if len(faults) == len(recipients):
            raise _worst(faults.values())
        return self._receipt(dispatch, recipients, missed=faults)

    async def look(self, dispatch: Dispatch) -> Look:
        """Shown once anybody has it: then the receipt says who has not."""
        recipients = await self._recipients()
        async with self._service() as service:
            had = await service.recipients_of(dispatch.key)
        if not had:
            return Look(sight=Sight.ABSENT)
        missed = dict.fromkeys(self._without(recipients, had))
        return Look(sight=Sight.SHOWN, receipt=self._receipt(dispatch, recipients, missed=missed))

    async def check(self) -> str:
        """Whether the list can be read, and Notify takes our key."""
        recipients = await self._recipients()
        async with self._service() as service:
            await service.recipients_of("check")
        return f"GOV.UK Notify answers; {len(recipients)} {self._served.called} are on the list"

    def _service(self) -> AbstractAsyncContextManager[Notify]:
        key = self._secret()
        return notify(key, self._settings, clock=self._clock, kind=self._served.kind)

    def _gaps(self, dispatch: Dispatch) -> Mapping[str, str]:
        """What fills the gaps of the template. An e-mail has a subject, and its text is read as Markdown."""
        (rendering,) = renderings(dispatch.message, self._entry, mode=self._mode)
        if rendering.subject is None:
            return {"text": rendering.text}
        return {"subject": rendering.subject, "text": literal(rendering.text)}

    def _without(self, recipients: Sequence[str], had: Sequence[str]) -> Sequence[str]:
        return [one for one in recipients if self._served.kind.written(one) not in had]

    async def _recipients(self) -> Sequence[str]:
        try:
            return await asyncio.to_thread(listed, self._entry, self._settings)
        except ValueError as error:
            raise NotSent(f"the list of {self._served.called} cannot be used: {error}") from error

    def _receipt(
        self, dispatch: Dispatch, recipients: Sequence[str], *, missed: Mapping[str, Exception | None]
    ) -> Receipt:
        """Recipients by their position in the list, never themselves, because this goes into the record."""
        called = self._served.called
        taken = f"taken by GOV.UK Notify for {len(recipients) - len(missed)} of {len(recipients)} {called}"
        if not missed:
            return Receipt(reference=dispatch.key, words=taken)
        places = [(place, one) for place, one in enumerate(recipients, 1) if one in missed]
        told = [f"{self._served.each} {place} ({_why(missed[one])})" for place, one in places]
        more = f", {len(told) - TOLD_MAX} more" if len(told) > TOLD_MAX else ""
        words = f"{taken}; NOT for {', '.join(told[:TOLD_MAX])}{more}: tell them another way"
        return Receipt(reference=dispatch.key, words=sentence(words))


async def _send_each(
    service: Notify, recipients: Sequence[str], *, gaps: Mapping[str, str], reference: str
) -> Mapping[str, Exception | None]:
    """Send to each recipient once; answer with what went wrong for each."""
    room = asyncio.Semaphore(AT_ONCE)

    async def send(recipient: str) -> Exception | None:
        async with room:
            try:
                await service.send(gaps, to=recipient, reference=reference)
            except Exception as error:  # noqa: BLE001 - what it means is decided once all are known
                return error
        return None

    return dict(zip(recipients, await asyncio.gather(*map(send, recipients)), strict=True))


def _worst(faults: Iterable[Exception]) -> Exception:
    """If nobody has it: what leaves it open whether somebody will, else what a retry may mend, else the refusal."""
    found = [*faults]
    open_ones = [one for one in found if not isinstance(one, Rejected | NotSent)]
    return next(iter([*open_ones, *(one for one in found if isinstance(one, NotSent)), *found]))


def _why(fault: Exception | None) -> str:
    match fault:
        case Rejected():
            return "refused"
        case NotSent():
            return "not taken"
        case _:
            return "no answer"
