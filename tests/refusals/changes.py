"""Refusals of changes of the register itself."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from streams.decisions.desk.order_table import answer
from streams.decisions.register import change_orders as rules
from streams.subjects.register_log import RegisterLog
from streams.values import Power, Subject, SubjectKind
from streams.words.facts import FactBody
from streams.words.orders import CommandBody
from streams.words.register.approvals import ApproveContent
from streams.words.register.changes import ConfirmChange, FoundRegister, WithdrawChange, founding_hash
from tests import builders, changing, responding, searches
from tests.builders import COMMANDER, NOW, NURSE, SIGNER, WRITER
from tests.changing import CHAIR, CHIEF, CLERK, KEEPERS, answered, given, proposal, waiting, yes_to
from tests.refusals.case import DAY, Case, Could, case, told
from tests.refusals.people import FREEZE

FILES = changing.register()
FOUNDED = changing.founded(FILES)
WANTED = changing.register(builders.person(NURSE, Power.RELEASE_HOLDING))
PROPOSED = given(FOUNDED, proposal(WANTED), FILES)
DELEGATING = searches.delegating()
APPROVES = Could((Power.APPROVE_TEMPLATE,), but=WRITER)
FOUNDING = FoundRegister(content_hash=founding_hash(FILES))
BEGUN = given(changing.NOBODY, FOUNDING, FILES)
YES = yes_to(waiting(PROPOSED))
CONFIRMS = Could((Power.CHANGE_REGISTER,), among=(CHIEF, CLERK))
CHANGES_IT = Could((Power.CHANGE_REGISTER,))


def about(says: str, body: CommandBody, log: RegisterLog = FOUNDED, **changes: Any) -> Case:
    """An order about the register, by the chair, where nothing else is said."""
    plain: dict[str, Any] = {"register": FILES, "id": "asked", "by": CHAIR, **changes}
    return case(says, body, log, **plain)


def crowded(limit: str, body: CommandBody, log: RegisterLog = FOUNDED, *, by: str = CHAIR) -> Sequence[FactBody]:
    """What does not fit where there is little room."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, limit, 100)
        return answered(log, body, FILES, by=by)


def approving(**changes: Any) -> ApproveContent:
    plain = {"section": "templates", "entry": "major-incident", "content_hash": builders.template().content_hash()}
    return ApproveContent(**{**plain, **changes})


def elsewhere() -> Sequence[FactBody]:
    """An order about a register that is not there."""
    given = builders.order(FOUNDING, FOUNDED, CHAIR, register=FILES, id="asked")
    other = Subject(kind=SubjectKind.REGISTER, id="other")
    return answer(replace(given, command=given.command.model_copy(update={"subject": other})))


def less(*names: str) -> RegisterLog:
    """The log after these people were taken off the register."""
    log = FOUNDED
    for name in names:
        log = given(log, proposal(FILES, name, content=None), FILES)
        log = given(log, yes_to(waiting(log)), FILES, by=CHIEF)
    return log


JOINED = FILES.model_copy(update={"responders": {"police": responding.responder("police", "police")}})
LAST = given(less(CLERK), proposal(FILES, CHIEF, content=None), FILES)
LOST = FILES.model_copy(update={"people": {name: one for name, one in FILES.people.items() if name != CHAIR}})
OTHERS = builders.register(people={**builders.people(), CHAIR: FILES.people[CHAIR]})
CHANGES: tuple[Case, ...] = (
    case("on incident inc-1: give the order to the register", proposal(WANTED), by=CHAIR, register=FILES),
    about("on the register: give the order to the incident that it is for", FREEZE),
    told("there is one register, and register/other is not it", elsewhere),
    about("the register is founded already", FOUNDING),
    about("waits already: have it confirmed", FOUNDING, BEGUN),
    about("has no power to change-register", FOUNDING, changing.NOBODY, by=NURSE, could=CHANGES_IT),
    about("their hash differs): look at them again", FoundRegister(content_hash="x"), changing.NOBODY),
    about(
        "fewer than 2 people may change the register: grant",
        FoundRegister(content_hash=founding_hash(OTHERS)),
        changing.NOBODY,
        register=OTHERS,
    ),
    about("the register is not founded", proposal(WANTED), changing.NOBODY),
    about("was founded without responders", proposal(JOINED, "police", "responders")),
    about("has no power to change-register", proposal(WANTED), by=NURSE, could=CHANGES_IT),
    about("waits already (", proposal(WANTED, reason="again"), PROPOSED),
    about("there is no ghost among the people", proposal(WANTED, content=None, entry="ghost")),
    about("is no entry of people (wrong at name, role)", proposal(WANTED, content='{"id": "x"}')),
    about("and not site-nurse", proposal(WANTED, content=changing.content("people", CLERK, FILES))),
    about("is in force with exactly this content", proposal(FILES)),
    about("no change change-none waits", ConfirmChange(change_id="change-none", content_hash=""), PROPOSED),
    about("no change change-none waits", WithdrawChange(change_id="change-none", reason="no"), PROPOSED),
    about("who proposed a change does not confirm it", YES, PROPOSED, could=CONFIRMS),
    about("a change of their own entry", YES, PROPOSED, by=NURSE, could=CONFIRMS),
    about("has no power to change-register", YES, PROPOSED, by=builders.WRITER, could=CONFIRMS),
    about("lapsed on 17 Jan 2026", YES, PROPOSED, by=CHIEF, now=NOW + 3 * DAY, at=NOW + 3 * DAY),
    about("the change is not what was read", YES.model_copy(update={"content_hash": "x"}), PROPOSED, by=CHIEF),
    about("may not change the register any more", YES, PROPOSED, by=CHIEF, register=LOST),
    about("it would leave fewer than 2 people", yes_to(waiting(LAST)), LAST, by=CLERK),
    about(
        "has no power to change-register",
        WithdrawChange(change_id=YES.change_id, reason="not her"),
        PROPOSED,
        by=NURSE,
        could=Could((Power.CHANGE_REGISTER,), among=KEEPERS),
    ),
    about(
        "has no power to change-register",
        WithdrawChange(change_id=YES.change_id, reason="not her"),
        PROPOSED,
        by=NURSE,
        register=FILES.model_copy(update={"people": {**FILES.people, CHAIR: builders.person(CHAIR)}}),
        could=Could((Power.CHANGE_REGISTER,), also=(CHAIR,)),
    ),
    about("there is no template none where the worker reads", approving(entry="none"), by=SIGNER),
    about("no chain none delegates anything", approving(section="chains", entry="none"), by=SIGNER),
    about("template major-incident is not what was read", approving(content_hash="x"), by=SIGNER),
    about("has no power to approve-template", approving(), by=NURSE, could=APPROVES),
    about("a second person has to approve it", approving(), by=WRITER, could=APPROVES),
    about(
        "may not release-holding here, and so cannot delegate it",
        approving(section="chains", entry=DELEGATING.id, content_hash=DELEGATING.delegation_hash()),
        by=COMMANDER,
        register=searches.register(DELEGATING, people={**searches.people(), COMMANDER: builders.person(COMMANDER)}),
        could=Could((Power.APPROVE_TEMPLATE,), but=COMMANDER),
    ),
    told(
        "the log of the register has more than 100 bytes", lambda: crowded("CONTENTS_BYTES_MAX", approving(), by=SIGNER)
    ),
    told("bytes of the 100 that one may have", lambda: crowded("ENTRY_BYTES_MAX", FOUNDING, changing.NOBODY)),
    told("bytes of the 50 that a founding may", lambda: crowded("CONTENTS_BYTES_MAX", FOUNDING, changing.NOBODY)),
    told("more than 100 bytes to keep", lambda: crowded("CONTENTS_BYTES_MAX", proposal(WANTED), FOUNDED)),
    told("the 100 bytes that are kept", lambda: crowded("REGISTER_BYTES_MAX", proposal(WANTED), FOUNDED)),
)
