"""Orders about planned posts."""

from collections.abc import Iterable

from streams.decisions.authority.order import Order
from streams.decisions.desk.order_kind import OrderKind
from streams.decisions.lifecycle import lead_to, stay_in
from streams.decisions.plans import mends, plan_orders, server_posts
from streams.subjects.plan import PlanStatus
from streams.values import SubjectKind
from streams.words.orders import Giver
from streams.words.plans import (
    ApprovePost,
    CorrectPost,
    DropPost,
    PlanOrder,
    PlanPost,
    RecordUnscheduled,
    ReplanPost,
    TakePostOver,
)


def _could_say_yes(order: Order, body: PlanOrder) -> Iterable[str]:
    del body
    return plan_orders.could_say_yes(order)


def _could_drop(order: Order, body: DropPost) -> Iterable[str]:
    del body
    return plan_orders.could_drop(order)


ROWS = (
    OrderKind(
        body=PlanPost,
        words="plan post",
        about=SubjectKind.PLAN,
        # In words without a template it waits for another person's yes before.
        moves=lead_to(PlanStatus.PLANNED, PlanStatus.NONE),
        answer=plan_orders.plan,
        who_could=plan_orders.could_plan,
        command="plan",
    ),
    OrderKind(
        body=ApprovePost,
        words="approve post",
        about=SubjectKind.PLAN,
        # A correction leaves the post as it is.
        moves={**lead_to(PlanStatus.PLANNED, PlanStatus.DRAFTED), **stay_in(PlanStatus.OUT, PlanStatus.HELD)},
        answer=plan_orders.approve,
        who_could=_could_say_yes,
        command="approve-post",
    ),
    OrderKind(
        body=ReplanPost,
        words="replan post",
        about=SubjectKind.PLAN,
        moves=lead_to(PlanStatus.PLANNED, PlanStatus.PLANNED, PlanStatus.HELD),
        answer=plan_orders.replan,
        who_could=_could_say_yes,
        command="replan",
    ),
    OrderKind(
        body=DropPost,
        words="drop post",
        about=SubjectKind.PLAN,
        # What was dropped may be public, and is withdrawn.
        moves=lead_to(PlanStatus.DROPPED, *(one for one in PlanStatus if one is not PlanStatus.NONE)),
        answer=plan_orders.drop,
        who_could=_could_drop,
        command="unplan",
    ),
    OrderKind(
        body=CorrectPost,
        words="correct post",
        about=SubjectKind.PLAN,
        moves=stay_in(PlanStatus.OUT, PlanStatus.HELD),
        answer=mends.correct,
        who_could=mends.could_correct,
        command="correct-post",
    ),
    OrderKind(
        body=TakePostOver,
        words="take post over",
        about=SubjectKind.PLAN,
        given_by=(Giver.PAUSING,),
        moves=None,
        answer=server_posts.take_over,
    ),
    OrderKind(
        body=RecordUnscheduled,
        words="record unscheduled",
        about=SubjectKind.PLAN,
        given_by=(Giver.PAUSING,),
        moves=None,
        answer=server_posts.record_unscheduled,
    ),
)
