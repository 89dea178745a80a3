"""Orders about an account: shut it after a breach, say that its secret was changed, open it again.

Anybody who knows the account, or who may stop words, may shut it. To open it takes the power to release.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import may, who_could
from streams.decisions.stops.stop_orders import MAY_STOP
from streams.decisions.verdict import Allowed, Refused, Verdict, any_of
from streams.moments import told_in
from streams.subjects.account import AccountLog
from streams.values import Power
from streams.why import because
from streams.words.facts import FactBody
from streams.words.register.accounts import (
    AccountNoted,
    AccountOpened,
    AccountShut,
    Breach,
    ChangeSecret,
    NoteAccount,
    OpenAccount,
    SecretChanged,
)
from streams.words.register.entries import ChannelEntry

MAY_SHUT = (*MAY_STOP, Power.CHANGE_REGISTER)
MAY_CHANGE = (Power.CHANGE_REGISTER,)
MAY_OPEN = (Power.RELEASE_HOLDING,)


def breach(order: Order, body: Breach) -> Sequence[FactBody]:
    """Shut the account: one person is enough."""
    entry, state = _entry(order), _state(order)
    if entry is None:
        return _unknown(order)
    if stop := state.shut:
        who, at = order.register.called(stop.by), told_in(order.zone, stop.at)
        form = "account {account} was shut by {person} at {time} ({reason}): change its secret, then open it"
        return order.refused(because("account-shut", form, account=state.id, person=who, time=at, reason=stop.reason))
    verdict = _knows_or_may(order, entry, MAY_SHUT)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    return [AccountShut(reason=body.reason, rule=verdict.rule)]


def change_secret(order: Order, body: ChangeSecret) -> Sequence[FactBody]:
    """Note that the account has another secret: those who can reach the account may, and who changes the register."""
    entry = _entry(order)
    if entry is None:
        return _unknown(order)
    verdict = _knows_or_may(order, entry, MAY_CHANGE)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    return [SecretChanged(reason=body.reason, rule=verdict.rule)]


def open_account(order: Order, body: OpenAccount) -> Sequence[FactBody]:
    """Open the account: its secret has to be another one by then. What it held waits for a word of its own."""
    entry, state = _entry(order), _state(order)
    if entry is None:
        return _unknown(order)
    if state.shut is None:
        return order.refused(
            because("account-open", "account {account} is open: nothing more is to be done", account=state.id)
        )
    if state.changed_at is None or state.changed_at < state.shut.at:
        known = [*order.register.keepers_of(entry.id)]
        able = any_of(Refused((), known), Refused((), _with(order, MAY_CHANGE)))
        form = "the secret of account {account} was not changed since the breach: change it, give it to the worker, "
        form += "and say so with change-secret"
        return order.refused(because("secret-unchanged", form, account=state.id), who_could=able)
    verdict = may(
        order.command.by, replace(order.act(Power.RELEASE_HOLDING), channel=state.id), register=order.register
    )
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    return [AccountOpened(reason=body.reason, rule=verdict.rule)]


def note(order: Order, body: NoteAccount) -> Sequence[FactBody]:
    """Keep what the worker's checks found."""
    noted = AccountNoted(secret_due=body.secret_due, tested_at=body.tested_at, fault=body.fault)
    return [] if noted == _state(order).noted else [noted]


def could_shut(order: Order, body: Breach) -> Iterable[str]:
    """Names and roles of those who could shut the account."""
    del body
    return _able(order, MAY_SHUT)


def could_change(order: Order, body: ChangeSecret) -> Iterable[str]:
    """Names and roles of those who could say that its secret was changed."""
    del body
    return _able(order, MAY_CHANGE)


def could_open(order: Order, body: OpenAccount) -> Iterable[str]:
    """Names and roles of those who could open the account."""
    del body
    return _with(order, MAY_OPEN)


def _able(order: Order, powers: Iterable[Power]) -> Sequence[str]:
    entry = _entry(order)
    known = order.register.keepers_of(entry.id) if entry else []
    return tuple(dict.fromkeys([*known, *_with(order, powers)]))


def _knows_or_may(order: Order, entry: ChannelEntry, powers: Sequence[Power]) -> Verdict:
    """A yes since the person can reach the account, or by any of these powers on its channel."""
    by, register = order.command.by, order.register
    if by in register.people and by in {entry.owner, *entry.reach}:
        return Allowed(f"channels/{entry.id}/{by}", by, order.now)
    reasons: list[str] = []
    for power in powers:
        verdict = may(by, replace(order.act(power), channel=entry.id), register=register)
        if isinstance(verdict, Allowed):
            return verdict
        reasons += verdict.reasons
    return Refused(tuple(dict.fromkeys(reasons)), _able(order, powers))


def _with(order: Order, powers: Iterable[Power]) -> list[str]:
    return [one for power in powers for one in who_could(order.act(power), order.register, channels=[order.state.id])]


def _entry(order: Order) -> ChannelEntry | None:
    return order.register.channels.get(order.state.id)


def _unknown(order: Order) -> Sequence[FactBody]:
    names = ", ".join(order.register.channels) or "none"
    form = "there is no account {account}: give the identifier of one of the channels: {known}"
    return order.refused(because("no-account", form, account=order.state.id, known=names))


def _state(order: Order) -> AccountLog:
    """The account that the order is about; `TypeError` for an order about anything else."""
    if not isinstance(order.state, AccountLog):
        raise TypeError(order.state.subject.called)
    return order.state
