"""Budgets: how much may go out on an account in a span of time, over all incidents, and what waits when that is used.

The row of the channel's kind gives the budget. Corrections and withdrawals may use all of it. Our other words leave
them the reserve, and a partner's posts leave our own words as much again. So partners' posts wait first.

A claim counts, whatever becomes of it. It counts for its whole slot, a sixtieth of the span: never above the budget.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from streams.decisions.channels.kinds import Rate, kind_on
from streams.errors import MessageError
from streams.subjects.account import Spent, spent_key
from streams.subjects.outgoing import Outgoing
from streams.values import Purpose
from streams.words.delivery import Delivery, DeliveryClaimed, DeliveryPaced
from streams.words.facts import Fact, FactBody
from streams.words.register.entries import Register
from streams.words.release import MENDS

SLOTS = 60
NOTHING = Spent()


class Budgets(Protocol):
    """How much every account has left, as of one moment."""

    def free_at(self, delivery: Delivery, record: Outgoing, *, register: Register, now: datetime) -> datetime | None:
        """When this delivery may be sent, if that is not now; None if it may."""

    def after(self, bodies: Iterable[FactBody], *, register: Register, now: datetime) -> "Budgets":
        """The budgets once these facts are written at this moment."""


@dataclass(frozen=True, slots=True)
class AccountBudgets:
    """The budgets by what is kept of each account. `changed` is what was claimed since, and is to be kept.

    `row` answers with what is kept under a key. `paced` counts the deliveries that were put off since.
    """

    row: Callable[[str], object]
    changed: Mapping[str, Spent] = field(default_factory=dict)
    paced: Mapping[str, int] = field(default_factory=dict)

    def free_at(self, delivery: Delivery, record: Outgoing, *, register: Register, now: datetime) -> datetime | None:
        """When the budget of the channel's account lets this delivery out, if that is not now."""
        rate = _rate(delivery.channel, register)
        if rate is None:
            return None
        most = _most(delivery, record, rate=rate)
        before = sum(1 for one in _first(delivery, record, now=now) if _most(one, record, rate=rate) >= most)
        if most < rate.requests:
            before += self.paced.get(delivery.channel, 0)
        return free_at(self._spent(delivery.channel), rate, most=most, now=now, before=before)

    def after(self, bodies: Iterable[FactBody], *, register: Register, now: datetime) -> "AccountBudgets":
        """A claim uses the budget of its channel's account; what was put off uses what becomes free next."""
        changed, paced = dict(self.changed), dict(self.paced)
        for body in bodies:
            if isinstance(body, DeliveryPaced):
                paced[body.channel] = paced.get(body.channel, 0) + 1
            elif isinstance(body, DeliveryClaimed) and (rate := _rate(body.dispatch.channel, register)):
                channel = body.dispatch.channel
                changed[channel] = with_claim(changed.get(channel) or self._spent(channel), rate, at=now)
        return replace(self, changed=changed, paced=paced)

    def rows(self) -> Iterator[tuple[str, Spent]]:
        """What is to be kept, by its key."""
        return ((spent_key(channel), spent) for channel, spent in self.changed.items())

    def _spent(self, channel: str) -> Spent:
        if channel in self.changed:
            return self.changed[channel]
        try:
            found = self.row(spent_key(channel))
        except MessageError:
            return NOTHING  # A row that cannot be read could only slow what comes.
        return found if isinstance(found, Spent) else NOTHING


NO_BUDGETS = AccountBudgets(lambda _: None)
"""For a judgement before which nothing was sent."""


@dataclass(frozen=True, slots=True)
class AsStored:
    """The budgets as these facts tell them, where their order is judged again: what waited then waits again."""

    until: Mapping[str, datetime]

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> "AsStored":
        """Those that these facts tell."""
        return cls({one.body.delivery_id: one.body.retry_at for one in facts if isinstance(one.body, DeliveryPaced)})

    def free_at(self, delivery: Delivery, record: Outgoing, *, register: Register, now: datetime) -> datetime | None:
        """When it was to be sent, if it had to wait."""
        del record, register, now
        return self.until.get(delivery.id)

    def after(self, bodies: Iterable[FactBody], *, register: Register, now: datetime) -> "AsStored":
        """Nothing is counted."""
        del bodies, register, now
        return self


def ceiling(rate: Rate, purpose: Purpose, *, is_mended: bool = False) -> int:
    """So many claims may there be in the span, this one included, for words of this purpose to go out.

    `is_mended`: a correction waits for these words to go first.
    """
    if is_mended or purpose in MENDS:
        return rate.requests
    return max(1, rate.requests - rate.kept * (2 if purpose is Purpose.AMPLIFICATION else 1))


def free_at(spent: Spent, rate: Rate, *, most: int, now: datetime, before: int = 0) -> datetime | None:
    """When so few claims count that one more stays within `most`; None if that is so now.

    If it is not, `before` others wait and go first: each of them uses what becomes free before.
    """
    length = _slot_seconds(rate)
    ending = sorted((_ends(slot, length=length, rate=rate), claims) for slot, claims in spent.claims.items())
    counting = [(ends, claims) for ends, claims in ending if ends > now]
    left = sum(claims for _, claims in counting)
    if left < most:
        return None
    left += before
    for ends, claims in counting:
        left -= claims
        if left < most:
            return ends
    # None of these counts any more by then, but those before this one fill the span again.
    last = counting[-1][0] if counting else now
    return last + (rate.within + timedelta(seconds=length)) * (left // most)


def with_claim(spent: Spent, rate: Rate, *, at: datetime) -> Spent:
    """The same with one claim more, and without what counts no more at its moment."""
    length = _slot_seconds(rate)
    slot = int(at.timestamp()) // length * length
    counts = {one: claims for one, claims in spent.claims.items() if _ends(one, length=length, rate=rate) > at}
    return Spent(claims={**counts, slot: counts.get(slot, 0) + 1})


def count_at(spent: Spent, rate: Rate, *, now: datetime) -> int:
    """How many claims count at a moment."""
    length = _slot_seconds(rate)
    return sum(claims for slot, claims in spent.claims.items() if _ends(slot, length=length, rate=rate) > now)


def _slot_seconds(rate: Rate) -> int:
    return max(1, int(rate.within.total_seconds()) // SLOTS)


def _ends(slot: int, *, length: int, rate: Rate) -> datetime:
    """When the claims of a slot count no more: the last of them may have been made at its end."""
    return datetime.fromtimestamp(slot, UTC) + timedelta(seconds=length) + rate.within


def _rate(channel: str, register: Register) -> Rate | None:
    kind = kind_on(channel, register)
    return kind.rate if kind else None


def _most(delivery: Delivery, record: Outgoing, *, rate: Rate) -> int:
    """The ceiling of a delivery; words that a correction waits for are not slowed for it."""
    messages = record.messages
    is_mended = any(one.follows == delivery.message_id and one.purpose in MENDS for one in messages.values())
    return ceiling(rate, messages[delivery.message_id].purpose, is_mended=is_mended)


def _first(delivery: Delivery, record: Outgoing, *, now: datetime) -> Iterator[Delivery]:
    """Those that wait for the same budget and have waited longer: what is put off again keeps its place."""
    for one in record.deliveries.values():
        if one.id == delivery.id and delivery.paced_at:
            return
        waits = one.channel == delivery.channel and one.due_at is not None and one.due_at > now
        if waits and one.paced_at and (delivery.paced_at is None or one.paced_at <= delivery.paced_at):
            yield one
