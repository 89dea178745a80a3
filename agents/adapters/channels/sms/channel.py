"""Text messages as a channel, through GOV.UK Notify: each number gets a message of its own, all with one reference.

A message cannot be called back. Notify tells which numbers it has a reference for, so that nobody gets one twice.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager

from agents.adapters.admission import admit, admit_credential
from agents.adapters.channels.sms.settings import listed, settings_of
from agents.adapters.clocks import SystemClock
from agents.adapters.notify import Notify, notify
from agents.adapters.secrets import Secrets, secret_of
from agents.ports import Clock, NotSent, Rejected
from streams.decisions.wording.shown.renderings import renderings
from streams.values import sentence
from streams.words.delivery import Dispatch, Look, Receipt, Sight
from streams.words.register.entries import ChannelEntry

AT_ONCE = 20
"""So many requests are under way at the same time; Notify takes 3,000 a minute."""
TOLD_MAX = 20


class SmsChannel:
    """The options of the entry are those of `SmsSettings`, its credential names the API key, which is kept nowhere.

    The receipt gives the list position of each number that did not get the message; nothing is sent again for it.
    """

    def __init__(self, entry: ChannelEntry, mode: str, *, secrets: Secrets, clock: Clock | None = None) -> None:
        admit_credential(entry, mode=mode)
        self._settings = settings_of(entry)
        self._mode, self._entry, self._secrets, self._clock = mode, entry, secrets, clock or SystemClock()

    @property
    def mode(self) -> str:
        return self._mode

    async def publish(self, dispatch: Dispatch) -> Receipt:
        """Only the numbers for which Notify has nothing are sent to: after a lost answer, that is the rest of them."""
        admit(dispatch, mode=self._mode)
        numbers = await self._numbers()
        async with self._service() as service:
            had = await service.numbers_of(dispatch.key)
            waiting = [one for one in numbers if one not in had]
            found = await _send_each(service, waiting, text=self._text(dispatch), reference=dispatch.key)
            faults = {one: fault for one, fault in found.items() if fault}
            if any(not isinstance(fault, Rejected | NotSent) for fault in faults.values()):
                had = await service.numbers_of(dispatch.key)
                faults = {one: fault for one, fault in faults.items() if one not in had}
        if len(faults) == len(numbers):
            raise _worst(faults.values())
        return self._receipt(dispatch, numbers, missed=faults)

    async def look(self, dispatch: Dispatch) -> Look:
        """Shown once anybody has it: then the receipt says who has not."""
        numbers = await self._numbers()
        async with self._service() as service:
            had = await service.numbers_of(dispatch.key)
        if not had:
            return Look(sight=Sight.ABSENT)
        missed = {one: None for one in numbers if one not in had}
        return Look(sight=Sight.SHOWN, receipt=self._receipt(dispatch, numbers, missed=missed))

    async def check(self) -> str:
        """Whether the list can be read, and Notify takes our key."""
        numbers = await self._numbers()
        async with self._service() as service:
            await service.numbers_of("check")
        return f"GOV.UK Notify answers; {len(numbers)} numbers are on the list"

    def _service(self) -> AbstractAsyncContextManager[Notify]:
        return notify(secret_of(self._entry.credential, self._secrets), self._settings, clock=self._clock)

    def _text(self, dispatch: Dispatch) -> str:
        (rendering,) = renderings(dispatch.message, self._entry, mode=self._mode)
        return rendering.text

    async def _numbers(self) -> Sequence[str]:
        try:
            return await asyncio.to_thread(listed, self._settings)
        except ValueError as error:
            raise NotSent(f"the list of numbers cannot be used: {error}") from error

    def _receipt(
        self, dispatch: Dispatch, numbers: Sequence[str], *, missed: Mapping[str, Exception | None]
    ) -> Receipt:
        """Numbers by their position in the list, never themselves, because this goes into the record."""
        taken = f"taken by GOV.UK Notify for {len(numbers) - len(missed)} of {len(numbers)} numbers"
        if not missed:
            return Receipt(reference=dispatch.key, words=taken)
        told = [f"number {place} ({_why(missed[one])})" for place, one in enumerate(numbers, 1) if one in missed]
        more = f", {len(told) - TOLD_MAX} more" if len(told) > TOLD_MAX else ""
        words = f"{taken}; NOT for {', '.join(told[:TOLD_MAX])}{more}: tell them another way"
        return Receipt(reference=dispatch.key, words=sentence(words))


async def _send_each(
    service: Notify, numbers: Sequence[str], *, text: str, reference: str
) -> Mapping[str, Exception | None]:
    """Send to each number once; answer with what went wrong for each."""
    room = asyncio.Semaphore(AT_ONCE)

    async def send(number: str) -> Exception | None:
        async with room:
            try:
                await service.send(text, number=number, reference=reference)
            except Exception as error:  # noqa: BLE001 - what it means is decided once all are known
                return error
        return None

    return dict(zip(numbers, await asyncio.gather(*map(send, numbers)), strict=True))


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
