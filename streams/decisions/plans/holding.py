"""What holds a planned post: any incident, in the very order of the log; and its end lets a person look at it again."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from streams.decisions.authority.order import Order
from streams.decisions.listening.watch import orders as watch_orders
from streams.subjects.declared import Declared
from streams.subjects.plan import Plan, PlanStatus
from streams.subjects.state import State
from streams.values import sentence
from streams.why import because
from streams.words.delivery import DeliveryClaimed
from streams.words.facts import FactBody
from streams.words.plans import PostHeld, PostPlanned, PostToReview
from streams.words.release import MENDS


def hold(order: Order) -> Sequence[PostHeld]:
    """The fact that holds the post of this order, if an incident was declared since it was planned; else none.

    It comes before the answer to any order about the post, so that nothing of it is claimed in between.
    """
    plan, declared = order.state, order.declared
    if not isinstance(plan, Plan) or not plan.is_overtaken(declared):
        return []
    return [_held(reason(declared), declared)]


def held_first(order: Order, answer: Callable[[Order], Sequence[FactBody]]) -> Sequence[FactBody]:
    """The answer to an order; where it finds that its post is to be held, that comes first, and is judged by."""
    held = hold(order)
    if not held:
        return answer(order)
    post = order.plan.held(held[0], by=order.command.by, at=order.now)
    return [*held, *answer(replace(order, state=post))]


def hold_planned(order: Order, fact: FactBody) -> Sequence[FactBody]:
    """A post that is planned while an incident goes on is held at once."""
    return hold(order) if isinstance(fact, PostPlanned) else []


def overtaken(state: State, claimed: DeliveryClaimed, *, declared: Declared) -> str | None:
    """Why a claim on a planned post is not used, although it was granted; None if no incident was declared since."""
    # What was dropped is stopped by that, and its withdrawal or correction by nothing.
    waits = (
        isinstance(state, Plan)
        and state.status is PlanStatus.OUT
        and claimed.dispatch.message.purpose not in MENDS
        and (declared.live > 0 or declared.count > state.declared)
    )
    return reason(declared) if waits else None


def reason(declared: Declared) -> str:
    """Why nothing planned goes out by itself, in words."""
    if declared.latest is None:
        return because("some-declared", "an incident was declared")
    return because("was-declared", "incident {incident} was declared", incident=declared.latest)


def is_due(plan: Plan, now: datetime, *, declared: Declared) -> bool:
    """Whether time alone would hold the post, ask its channels, or let it be looked at again."""
    if plan.is_overtaken(declared):
        return True
    if plan.status is PlanStatus.HELD:
        return not plan.to_review and declared.live == 0
    return has_come(plan, now)


def has_come(plan: Plan, now: datetime) -> bool:
    """Whether the time of the post has come."""
    return plan.status is PlanStatus.PLANNED and plan.at is not None and plan.at <= now


def too_late(order: Order) -> PostHeld:
    """The post missed its time, as after a long stop of the service: a person decides."""
    return _held(because("time-passed", "its time passed while the service could not send it"), order.declared)


def to_review(plan: Plan, declared: Declared) -> Sequence[FactBody]:
    """A held post may be looked at once no incident goes on."""
    waits = plan.status is PlanStatus.HELD and not plan.to_review
    return [PostToReview()] if waits and declared.live == 0 else []


def kept_elsewhere(plan: Plan) -> str | None:
    """Why a post that was taken over cannot be planned again here, with what to do; None if it can, or is our own."""
    origin = plan.origin
    if origin is None:
        return None
    if origin.settled is None:
        form = "it may still be scheduled on the server of {channel}: "
        form += "delete it there, drop it here, and plan its words as a new post"
        return because("still-scheduled", form, channel=origin.channel)
    if origin.settled.perhaps_public:
        form = "its time came while the server of {channel} was asked, so it may be public there: look; "
        form += "if it is not, drop it here, and plan its words as a new post"
        return because("came-meanwhile", form, channel=origin.channel)
    if origin.lacks:
        form = "we cannot send all of it ({lacks}), so it waits on the server of {channel}: give it its "
        form += "time there, or delete it there, then drop it here"
        return because("waits-elsewhere", form, lacks=origin.lacks, channel=origin.channel)
    return None


def declared_by(facts: Sequence[FactBody]) -> Declared:
    """What must have been known of the incidents, by the facts of an order about a post or the watch."""
    held = next((one for one in facts if isinstance(one, PostHeld)), None)
    if held:
        return Declared(count=held.declared, over=held.declared - held.live, latest=held.latest)
    planned = next((one for one in facts if isinstance(one, PostPlanned)), None)
    if planned:
        return Declared(count=planned.declared, over=planned.declared)
    return watch_orders.declared_by(facts) or Declared()


def _held(why: str, declared: Declared) -> PostHeld:
    return PostHeld(reason=sentence(why), latest=declared.latest, live=declared.live, declared=declared.count)
