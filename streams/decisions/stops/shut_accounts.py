"""Accounts that a person shut: nothing goes out there."""

from streams.moments import told_in
from streams.why import because
from streams.words.register.entries import Register


def shut(channel: str, register: Register) -> str | None:
    """Why nothing goes out on this channel's account, since a person shut it; None if it is open."""
    stop = register.shut.get(channel)
    if stop is None:
        return None
    at = told_in(register.hours.zone, stop.at)
    form = "account {account} was shut by {person} at {time} ({reason}): open it first"
    return because(
        "account-shut-open", form, account=channel, person=register.called(stop.by), time=at, reason=stop.reason
    )
