"""Deliveries that wait for a person: of unknown outcome, to be done by hand, or held back."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from aiohttp import web

from agents.console.pages.now import concerns
from agents.console.pages.settled.form import FormField, Made, Matter, reason, settling
from agents.console.pages.shown import shown_on
from agents.console.visits import Visit
from streams.decisions.sign_off.links import path_to
from streams.projections.inbox import answers
from streams.subjects.attention import Waiting, waiting
from streams.subjects.outgoing import Outgoing
from streams.subjects.plan import Plan
from streams.telling.attention import told_content
from streams.values import Subject, SubjectKind
from streams.words.attention import Kind
from streams.words.delivery import DoneByHand, ResolveDelivery
from streams.words.orders import CommandBody
from streams.words.stops import CancelRelease

HEADINGS: Mapping[Kind, str] = {"by-hand": "delivery-by-hand", "held": "delivery-held"}
"""What is to be done, by what waits; else a person looks at the channel."""


async def in_incident(visit: Visit) -> web.Response:
    """A delivery of an incident."""
    incident = await visit.incident()
    return _drawn(visit, incident, back=path_to("incidents", incident.id))


async def of_plan(visit: Visit) -> web.Response:
    """A delivery of a planned post."""
    subject = Subject(kind=SubjectKind.PLAN, id=visit.request.match_info["plan"])
    plan = await visit.state_of(subject)
    if not isinstance(plan, Plan):
        raise web.HTTPNotFound
    return _drawn(visit, plan, back=path_to("plans", plan.id))


def _drawn(visit: Visit, state: Outgoing, *, back: str) -> web.Response:
    name = visit.request.match_info["delivery"]
    found = next((one for one in waiting(state, visit.now) if one.what == name), None)
    if found is None:
        matter = Matter(visit.says("settled-heading"), [], back, state, told=visit.says("settled-otherwise"))
        return settling(visit, matter, typed=[], acts={})
    url, why = FormField("url", visit.field("url")), reason(visit, "reason-delivery")
    acts: dict[str, Made] = {_called(one): partial(_filled, one, url.value) for one in answers(found, state)}
    if found.kind == "held":
        acts["cancel-release"] = lambda: _cancelled(found, state, why.value)
    typed = [why] if found.kind == "held" else [url]
    return settling(visit, _matter(visit, found, state, back=back), typed=typed, acts=acts)


def _matter(visit: Visit, found: Waiting, state: Outgoing, *, back: str) -> Matter:
    """What waits, in the language of the page, the words as the channel shows them, and where our last post there is.

    What is done by hand is told step by step, in English.
    """
    delivery = state.deliveries[found.what]
    message = state.messages[delivery.message_id]
    there = [one.receipt.url for one in state.deliveries.values() if one.channel == delivery.channel and one.receipt]
    by_hand = found.kind == "by-hand"
    alone = message.model_copy(update={"channels": (delivery.channel,)})
    return Matter(
        visit.says(HEADINGS.get(found.kind, "delivery-heading")),
        [*told_content(found, state, zone=visit.house.zone)] if by_hand else [],
        back,
        state,
        links=[(url, visit.house.place(delivery.channel)) for url in there[-1:] if url],
        shown=[] if by_hand else shown_on(alone, visit.register, mode=visit.house.mode),
        told=concerns(visit, state)[found.key],
        over_words="delivery-words",
    )


def _filled(body: CommandBody, url: str) -> CommandBody:
    """The order with the link of the post, where it takes one and one was typed."""
    takes = isinstance(body, DoneByHand) or (isinstance(body, ResolveDelivery) and body.public)
    given: dict[str, Any] = {**body.model_dump(), "url": url}
    return type(body).model_validate(given) if takes and url else body


def _cancelled(found: Waiting, state: Outgoing, why: str) -> CommandBody:
    return CancelRelease(message_id=state.deliveries[found.what].message_id, reason=why)


def _called(body: CommandBody) -> str:
    public = getattr(body, "public", None)
    return body.kind.replace("_", "-") + ("" if public is None else "-yes" if public else "-no")
