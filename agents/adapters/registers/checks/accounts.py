"""The accounts on which we speak: what they are for, who can reach them, how old their secrets are, and their risks."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import Reading
from streams.decisions.accounts.secret_age import age_of
from streams.decisions.register.risks import channels_without_risk, is_activity_assessed, late_reviews
from streams.subjects.account import AccountLog
from streams.words.register.entries import ChannelEntry
from streams.words.risks.entries import Risk


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
    yield from _risks(reading, now)


def _risks(reading: Reading, now: datetime) -> Iterator[Fault]:
    """What is wrong with the risk register; a trust that has none yet is told so by `check`, and it is no fault."""
    register = reading.register
    for risk in register.risks.values():
        yield from _risk(risk, reading)
    for late in late_reviews(register, now.astimezone(register.hours.zone).date()):
        sentence = (
            f"{late.id} is due for review since {late.review_on}: see that it is right, then set a new day; "
            "no release waits for it"
        )
        yield reading.place("risks", late.id).fault("review_on", sentence=sentence)
    if not register.risks or not reading.is_there("risks"):
        return
    for name in channels_without_risk(register):
        sentence = (
            f"no risk of {name} is assessed: write one into risks.yaml, or name {name} in one that is there; "
            "no release waits for it"
        )
        yield reading.place("channels", name).fault(sentence=sentence)
    if not is_activity_assessed(register):
        sentence = "no risk of the activity as a whole is assessed: write one into risks.yaml that names no channel"
        yield reading.place("risks", next(iter(register.risks))).fault(sentence=sentence)


def _risk(risk: Risk, reading: Reading) -> Iterator[Fault]:
    place, register = reading.place("risks", risk.id), reading.register
    roles = {person.role for person in register.people.values()}
    if not reading.knows("people", risk.owner) and risk.owner not in roles:
        sentence = f"{risk.owner}, who owns {risk.id}, is no person of the register and no role there: name one of them"
        yield place.fault("owner", sentence=sentence)
    for position, channel in enumerate(risk.channels):
        if not reading.knows("channels", channel):
            sentence = f"there is no channel {channel}: add it to channels.yaml, or take it out of {risk.id}"
            yield place.fault("channels", position, sentence=sentence)
    if risk.after.score > risk.before.score:
        sentence = (
            f"{risk.id} has a score of {risk.after.score} after its mitigations and {risk.before.score} before them: "
            "mend one of the two"
        )
        yield place.fault("after", sentence=sentence)
    elif risk.after != risk.before and not risk.mitigations:
        sentence = f"{risk.id} has another score afterwards and no mitigation: write what is done about it"
        yield place.fault("after", sentence=sentence)
    for language in register.languages:
        if language not in risk.what:
            yield place.fault("what", sentence=f"what could happen, in {risk.id}, is not written in {language}: add it")
        for position, one in enumerate(risk.mitigations):
            if language not in one.does:
                sentence = f"what is done about {risk.id} is not written in {language}: add it"
                yield place.fault("mitigations", position, "does", sentence=sentence)


def _missing(entry: ChannelEntry, account: AccountLog | None) -> Iterator[tuple[str, str]]:
    """What an account with a secret has to say: each field, and what to write there."""
    if entry.credential is None:
        return
    if entry.purpose is None:
        yield "purpose", f"what we use {entry.id} for is not said: write it in a few words as its `purpose`"
    if entry.secret_changed_on is None and (account is None or account.changed_at is None):
        yield "secret_changed_on", f"when the secret of {entry.id} was changed last is not said: write the day"
