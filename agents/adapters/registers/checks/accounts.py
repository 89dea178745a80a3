"""The accounts on which we speak: what they are for, who can reach them, and how old their secrets are."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import Reading
from streams.decisions.accounts.secret_age import age_of
from streams.subjects.account import AccountLog
from streams.words.register.entries import ChannelEntry


def faults(reading: Reading, accounts: Mapping[str, AccountLog], *, now: datetime) -> Iterator[Fault]:
    """What is wrong with every account. `accounts` are those of the record: a newer secret counts beside the files."""
    for entry in reading.register.channels.values():
        place = reading.place("channels", entry.id)
        for position, person in enumerate(entry.reach):
            if not reading.knows("people", person):
                sentence = f"{person}, who can reach {entry.id}, is not on the register: take the account from them"
                yield place.fault("reach", position, sentence=sentence)
        for field, sentence in _missing(entry, accounts.get(entry.id)):
            yield place.fault(field, sentence=sentence)
        age = age_of(entry, accounts.get(entry.id), register=reading.register)
        if age and age.due_at and age.is_overdue(now):
            sentence = (
                f"the secret of {entry.id} was to be changed by {age.due_at:%d %B %Y}: change it, give it to the "
                "worker, and say so with `holdingline change-secret`"
            )
            yield place.fault("secret_changed_on", sentence=sentence)


def _missing(entry: ChannelEntry, account: AccountLog | None) -> Iterator[tuple[str, str]]:
    """What an account with a secret has to say: each field, and what to write there."""
    if entry.credential is None:
        return
    if entry.purpose is None:
        yield "purpose", f"what we use {entry.id} for is not said: write it in a few words as its `purpose`"
    if entry.secret_changed_on is None and (account is None or account.changed_at is None):
        yield "secret_changed_on", f"when the secret of {entry.id} was changed last is not said: write the day"
