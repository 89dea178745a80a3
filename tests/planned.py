"""Planned posts for tests: at every status, and by the orders that people give."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from streams.decisions.authority.order import Order
from streams.decisions.desk.judge import judge
from streams.subjects.declared import NONE_DECLARED, Declared
from streams.subjects.plan import Plan
from streams.values import LIVE, Subject, SubjectKind
from streams.words.facts import FactBody
from streams.words.orders import CommandBody, Tick, command
from streams.words.plans import ApprovePost, DropPost, PlanPost, ReplanPost
from streams.words.register.entries import Register
from tests import builders
from tests.builders import NOW, SIGNER, WRITER

AT = NOW + timedelta(hours=11)
"""A working morning."""
GOES_ON = Declared(count=1, latest=builders.INCIDENT)
IS_OVER = Declared(count=1, over=1, latest=builders.INCIDENT)
CLOCK, AGENT = "clock", "publishing-agent"


def post(**changes: Any) -> PlanPost:
    """A post in words without a template."""
    plain: dict[str, Any] = {
        "at": AT,
        "channels": ("website", "social"),
        "texts": {"en": "Our flu clinic is open on Saturday."},
    }
    return PlanPost(**{**plain, **changes})


def untouched(name: str = "flu-clinic", mode: str = LIVE) -> Plan:
    return Plan(id=name, mode=mode)


def subject(name: str = "flu-clinic") -> Subject:
    return Subject(kind=SubjectKind.PLAN, id=name)


def given(
    plan: Plan,
    body: CommandBody,
    *,
    by: str = SIGNER,
    now: datetime = NOW,
    declared: Declared = NONE_DECLARED,
    register: Register | None = None,
) -> tuple[Sequence[FactBody], Plan]:
    """What an order gives, and the post after it."""
    order = command(body, cause=(now, by), mode=LIVE, subject=plan.subject, at=now, by=by)
    facts, after = judge(
        Order(order, plan, register or builders.register(), now, declared=declared), run="run-1", register_version="v"
    )
    assert isinstance(after, Plan)
    return [fact.body for fact in facts], after


def drafted() -> Plan:
    return given(untouched(), post(), by=WRITER)[1]


def approving(plan: Plan) -> ApprovePost:
    assert plan.message
    return ApprovePost(content_hash=plan.message.content_hash)


def planned(declared: Declared = NONE_DECLARED) -> Plan:
    draft = drafted()
    return given(draft, approving(draft), declared=declared)[1]


def held() -> Plan:
    return given(planned(), Tick(), by=CLOCK, declared=GOES_ON)[1]


def to_review() -> Plan:
    return given(held(), Tick(), by=CLOCK, declared=IS_OVER)[1]


def out() -> Plan:
    return given(planned(), Tick(), by=CLOCK, now=AT)[1]


def dropped() -> Plan:
    return given(planned(), DropPost(reason="It fits no more."))[1]


def again(hours: int = 13) -> ReplanPost:
    return ReplanPost(at=NOW + timedelta(hours=hours))
