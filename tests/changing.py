"""A register with three people who may change it, and its own log as orders make it. For the tests of changes."""

from datetime import datetime
from typing import Any

from streams.decisions.desk.order_table import answer
from streams.subjects.register_log import RegisterLog
from streams.values import Power
from streams.words.orders import CommandBody
from streams.words.register.changes import (
    Change,
    ConfirmChange,
    FoundRegister,
    ProposeChange,
    Section,
    contents_of,
    founding_hash,
)
from streams.words.register.entries import Person, Register
from tests import builders
from tests.builders import LIVE, NOW, NURSE

CHAIR, CHIEF, CLERK = "chair", "chief-executive", "company-clerk"
KEEPERS = (CHAIR, CHIEF, CLERK)
NOBODY = RegisterLog(mode=LIVE)


def register(*people: Person, **changes: Any) -> Register:
    """The small trust, where the chair, the chief executive and the clerk may change the register."""
    keepers = [builders.person(name, Power.CHANGE_REGISTER) for name in KEEPERS]
    everybody = {**builders.people(), **{one.id: one for one in (*keepers, *people)}}
    return builders.register(**{"people": everybody, **changes})


def content(section: Section, entry: str, files: Register) -> str:
    """An entry of these files as a change writes it down."""
    return next(text for found, name, text in contents_of(files) if (found, name) == (section, entry))


def proposal(files: Register, entry: str = NURSE, section: Section = "people", **changes: Any) -> ProposeChange:
    """The entry of these files, for somebody else to confirm."""
    plain = {"section": section, "entry": entry, "reason": "she is on call from Monday", **changes}
    return ProposeChange(**{"content": content(section, entry, files) if "content" not in changes else None, **plain})


def yes_to(change: Change) -> ConfirmChange:
    return ConfirmChange(change_id=change.id, content_hash=change.content_hash)


def waiting(log: RegisterLog) -> Change:
    """The change that was proposed last."""
    return list(log.changes.waiting.values())[-1]


def founded(files: Register | None = None, at: datetime = NOW) -> RegisterLog:
    """The log of a register that the chair proposed to found and the chief executive confirmed."""
    files = files or register()
    log = given(NOBODY, FoundRegister(content_hash=founding_hash(files)), files, at=at)
    return given(log, yes_to(waiting(log)), files, by=CHIEF, at=at)


def given(log: RegisterLog, body: CommandBody, files: Register, *, by: str = CHAIR, at: datetime = NOW) -> RegisterLog:
    """The log after this order."""
    return builders.carried_out(log, body, by=by, register=files, now=at)


def answered(log: RegisterLog, body: CommandBody, files: Register, *, by: str = CHAIR, at: datetime = NOW) -> list[Any]:
    """The facts that this order gives."""
    return list(answer(builders.order(body, log, by, register=files, now=at)))
