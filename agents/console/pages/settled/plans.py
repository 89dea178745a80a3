"""Planned posts: say yes to one, give it a new time, or drop it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from aiohttp import web

from agents.console.pages.settled.form import FormField, Made, Matter, reason, settling
from agents.console.pages.settled.post_mends import mending
from agents.console.pages.shown import shown_on
from agents.console.visits import Visit
from streams.coming_times import coming
from streams.decisions.sign_off.links import path_to
from streams.subjects.plan import Plan, PlanStatus
from streams.telling.facts import apart, plan_lines
from streams.values import Subject, SubjectKind
from streams.words.plans import BESIDE_MAX, ApprovePost, DropPost, ReplanPost


async def listing(visit: Visit) -> web.Response:
    """Every planned post."""
    found = [(path_to("plans", one.id), next(iter(_lines(one, visit)))) for one in visit.house.board.overview.plans]
    return visit.page("list", heading=visit.says("plans"), items=found, empty="no-plans", more=[])


async def one(visit: Visit) -> web.Response:
    """One planned post, with its words, and what may be done with it now."""
    visit = await visit.with_form()
    subject = Subject(kind=SubjectKind.PLAN, id=visit.request.match_info["plan"])
    plan = await visit.state_of(subject)
    if not isinstance(plan, Plan) or plan.status is PlanStatus.NONE:
        raise web.HTTPNotFound
    shown = [*shown_on(plan.message, visit.register, mode=visit.house.mode)] if plan.message else []
    # A correction of what is public waits for its yes also while an incident holds the rest.
    is_out = plan.status in {PlanStatus.OUT, PlanStatus.DROPPED} or (plan.status is PlanStatus.HELD and plan.drafts)
    lines = _lines(plan, visit)
    matter = Matter(visit.says("plan"), lines[:1] if shown and not is_out else lines, "/plans", plan)
    if is_out and plan.deliveries:
        return mending(visit, matter, plan=plan)
    matter = replace(matter, shown=shown)
    if not plan.is_open:
        return settling(visit, matter, typed=[], acts={})
    at, why, draft = visit.field("at"), reason(visit, "reason-plan"), plan.message
    acts: dict[str, Made] = {"drop-post": lambda: DropPost(reason=why.value)}
    if at:
        acts = {"replan-post": lambda: _replan(visit, plan, at), **acts}
    if draft and plan.status is PlanStatus.DRAFTED:
        acts = {"approve-post": lambda: ApprovePost(content_hash=draft.content_hash), **acts}
    return settling(visit, matter, typed=[FormField("at", at, is_time=True), why], acts=acts)


def _replan(visit: Visit, plan: Plan, at: str) -> ReplanPost:
    return ReplanPost(at=coming(at, now=visit.now, zone=visit.house.zone), beside=tuple(_beside(visit, plan)))


def _beside(visit: Visit, plan: Plan) -> Sequence[datetime]:
    """The times of the other posts on its channels, by which its pace is judged."""
    others = [one for one in visit.house.board.overview.plans if one.id != plan.id]
    return sorted(one.at for one in others if one.at and one.is_at_pace(plan.channels_left()))[:BESIDE_MAX]


def _lines(plan: Plan, visit: Visit) -> Sequence[str]:
    is_live = any(one.is_live for one in visit.house.board.overview.incidents)
    return [apart(line) for line in plan_lines(plan, visit.house.zone, is_live=is_live)]
