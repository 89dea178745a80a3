"""Budgets: how much may go out on an account in a span of time, over all incidents, and what waits when that is used.

The row of the channel's kind gives the budget, or its entry if the row has none. Corrections and withdrawals may use
all of it. Our other words leave them the reserve, and a partner's posts leave our own words as much again. So partners'
posts wait first. A look uses nothing of it: what may be public already is looked at, and waits for no budget.

A claim counts, whatever becomes of it. It counts for its whole slot, a sixtieth of the span: never above the budget.

What is put off takes a turn of its own, which is kept with the account: so the incidents do not all try at one moment.
A turn is a plan: when it comes, the claims decide, and who was put off first goes first.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from streams.decisions.channels.card import Rate
from streams.decisions.channels.kinds import kind_on
from streams.errors import MessageError
from streams.subjects.account import PacedTurn, Spent, spent_key
from streams.subjects.outgoing import Outgoing
from streams.subjects.state import State
from streams.values import Purpose
from streams.words.delivery import Delivery, DeliveryClaimed, DeliveryPaced, DeliveryUnknown, Resolution
from streams.words.facts import Fact, FactBody
from streams.words.register.entries import Register
from streams.words.release import MENDS

SLOTS = 60
TURNS_MAX = 1_000
"""So many turns are kept of an account; what waits beyond them takes the last moment, and tries again then."""
NOTHING = Spent()


class Budgets(Protocol):
    """How much every account has left, as of one moment."""

    def free_at(self, delivery: Delivery, record: Outgoing, *, register: Register, now: datetime) -> datetime | None:
        """When this delivery may be sent, if that is not now; None if it may."""

    def after(self, bodies: Iterable[FactBody], state: State, *, register: Register, now: datetime) -> "Budgets":
        """The budgets once these facts of this subject are written at this moment."""


@dataclass(frozen=True, slots=True)
class AccountBudgets:
    """The budgets by what is kept of each account. `changed` is what was claimed or put off since, and is to be kept.

    `row` answers with what is kept under a key.
    """

    row: Callable[[str], object]
    changed: Mapping[str, Spent] = field(default_factory=dict)

    def free_at(self, delivery: Delivery, record: Outgoing, *, register: Register, now: datetime) -> datetime | None:
        """When the budget of the channel's account lets this delivery out, if that is not now."""
        rate = rate_on(delivery.channel, register)
        if rate is None:
            return None
        most = _most(delivery, record, rate=rate)
        return free_at(self._spent(delivery.channel), rate, most=most, now=now, name=delivery.id)

    def after(self, bodies: Iterable[FactBody], state: State, *, register: Register, now: datetime) -> "AccountBudgets":
        """A claim uses the budget of its channel's account; what was put off has its turn."""
        changed = dict(self.changed)
        for body in bodies:
            match body:
                case DeliveryClaimed(delivery_id=name, dispatch=dispatch) if rate := rate_on(
                    dispatch.channel, register
                ):
                    spent = changed.get(dispatch.channel) or self._spent(dispatch.channel)
                    changed[dispatch.channel] = with_claim(spent, rate, at=now, name=name)
                case DeliveryPaced(delivery_id=name, channel=channel) if rate := rate_on(channel, register):
                    most = _most(state.deliveries[name], state, rate=rate) if isinstance(state, Outgoing) else 0
                    spent = changed.get(channel) or self._spent(channel)
                    changed[channel] = with_turn(spent, most=most, name=name, at=body.retry_at)
        return replace(self, changed=changed)

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
    """The budgets as these facts tell them, where their order is judged again: what waited then waits again.

    What is only looked at then may have had no budget; where it had, its channel is read back anyway.
    """

    until: Mapping[str, datetime]

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> "AsStored":
        """Those that these facts tell."""
        told: dict[str, datetime | None] = {}
        for one in facts:
            match one.body:
                case DeliveryPaced(delivery_id=name, retry_at=at):
                    told[name] = at
                case DeliveryUnknown(delivery_id=name, look_again_at=at):
                    # The first one tells: what mends the same words in this order may end the sending again after it.
                    told.setdefault(name, (at or one.at) if one.body.way is Resolution.READ_BACK else None)
        return cls({name: at for name, at in told.items() if at})

    def free_at(self, delivery: Delivery, record: Outgoing, *, register: Register, now: datetime) -> datetime | None:
        """When it was to be sent, if it had to wait."""
        del record, register, now
        return self.until.get(delivery.id)

    def after(self, bodies: Iterable[FactBody], state: State, *, register: Register, now: datetime) -> "AsStored":
        """Nothing is counted."""
        del bodies, state, register, now
        return self


def ceiling(rate: Rate, purpose: Purpose, *, is_mended: bool = False) -> int:
    """So many claims may there be in the span, this one included, for words of this purpose to go out.

    `is_mended`: a correction waits for these words to go first.
    """
    if is_mended or purpose in MENDS:
        return rate.requests
    return max(1, rate.requests - rate.kept * (2 if purpose is Purpose.AMPLIFICATION else 1))


def free_at(spent: Spent, rate: Rate, *, most: int, now: datetime, name: str | None = None) -> datetime | None:
    """When so few claims count that one more stays within `most`; None if that is so now.

    Deliveries whose turn comes before that of `name` go first, but for those of a lower ceiling: each will be a claim.
    """
    ahead = _ahead(spent, most=most, name=name)
    ending = [*_ending(spent, rate), *((_over(one, rate), 1) for one in ahead)]
    counting = sorted((ends, claims) for ends, claims in ending if ends > now)
    left = sum(claims for _, claims in counting)
    if left < most:
        return None
    first = max((one.at for one in ahead), default=now)
    for ends, claims in counting:
        left -= claims
        if left < most:
            return max(ends, first)
    return first


def with_claim(spent: Spent, rate: Rate, *, at: datetime, name: str | None = None) -> Spent:
    """The same with one claim more, made by `name`, and without what counts no more at its moment."""
    slot = _slot(at, rate)
    counts = {one: claims for one, claims in spent.claims.items() if _ends(one, rate) > at}
    turns = {one: turn for one, turn in spent.turns.items() if one != name and _over(turn, rate) > at}
    return Spent(claims={**counts, slot: counts.get(slot, 0) + 1}, turns=turns)


def with_turn(spent: Spent, *, most: int, name: str, at: datetime) -> Spent:
    """The same with a turn of this delivery at this moment; one that had a turn keeps its place."""
    had = spent.turns.get(name)
    if had is None and len(spent.turns) >= TURNS_MAX:
        return spent
    place = had.place if had else 1 + max((one.place for one in spent.turns.values()), default=0)
    return spent.model_copy(update={"turns": {**spent.turns, name: PacedTurn(at=at, place=place, ceiling=most)}})


def count_at(spent: Spent, rate: Rate, *, now: datetime) -> int:
    """How many claims count at a moment."""
    return sum(claims for ends, claims in _ending(spent, rate) if ends > now)


def _ahead(spent: Spent, *, most: int, name: str | None) -> list[PacedTurn]:
    """The turns that come before that of this delivery; all, if it has none yet."""
    mine = spent.turns.get(name) if name else None
    return [one for one in spent.turns.values() if one.ceiling >= most and (mine is None or one.place < mine.place)]


def _ending(spent: Spent, rate: Rate) -> Iterator[tuple[datetime, int]]:
    return ((_ends(slot, rate), claims) for slot, claims in spent.claims.items())


def _over(turn: PacedTurn, rate: Rate) -> datetime:
    """When a claim that is made at this turn counts no more: it may be made a slot late."""
    return _ends(_slot(turn.at, rate) + _slot_seconds(rate), rate)


def _slot(at: datetime, rate: Rate) -> int:
    length = _slot_seconds(rate)
    return int(at.timestamp()) // length * length


def _slot_seconds(rate: Rate) -> int:
    return max(1, int(rate.within.total_seconds()) // SLOTS)


def _ends(slot: int, rate: Rate) -> datetime:
    """When the claims of a slot count no more: the last of them may have been made at its end."""
    return datetime.fromtimestamp(slot, UTC) + timedelta(seconds=_slot_seconds(rate)) + rate.within


def rate_on(channel: str, register: Register) -> Rate | None:
    """The budget of this channel; None if it has none. Of what its entry gives, a quarter is kept."""
    kind, entry = kind_on(channel, register), register.channels.get(channel)
    if kind and kind.rate:
        return kind.rate
    most = entry.hourly_max if entry else None
    return Rate(requests=most, within=timedelta(hours=1), kept=most // 4) if most else None


def _most(delivery: Delivery, record: Outgoing, *, rate: Rate) -> int:
    """The ceiling of a delivery; words that a correction waits for are not slowed for it."""
    messages = record.messages
    is_mended = any(one.follows == delivery.message_id and one.purpose in MENDS for one in messages.values())
    return ceiling(rate, messages[delivery.message_id].purpose, is_mended=is_mended)
