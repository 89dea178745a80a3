"""Inbox: what waits for one person's yes, if the rules would take it now, and the cases whose answer is overdue."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from streams.decisions.authority.keys import can_order
from streams.decisions.authority.order import Order
from streams.decisions.cases.desks import has_it
from streams.decisions.desk.order_table import once_proven
from streams.decisions.verdict import Refused
from streams.subjects.attention import Waiting, waiting
from streams.subjects.case import Case
from streams.subjects.incident import Incident
from streams.subjects.outgoing import Outgoing
from streams.subjects.plan import Plan
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.words.attention import Kind
from streams.words.cases import AnswerCase, ReportToPolice
from streams.words.delivery import DoneByHand, ResolveDelivery
from streams.words.facts import CommandRefused
from streams.words.listening.watch import NotOurs, WatchCloser
from streams.words.network.orders import TickStep
from streams.words.orders import CommandBody, command
from streams.words.plans import ApprovePost, DropPost
from streams.words.register.accounts import ChangeSecret, OpenAccount
from streams.words.register.changes import ConfirmChange, ProposeChange
from streams.words.register.entries import Register
from streams.words.register.partners import SettleLookAlikes
from streams.words.release import SignOff
from streams.words.stops import ReleaseHeld, ResumePartner

Yes = Callable[[State, str], Sequence[CommandBody]]


def inbox(person: str, state: State, *, register: Register, now: datetime) -> Iterator[Waiting]:
    """Of all that waits in one subject, what this person could say yes to now; `state` is whole.

    A case waits for its holder or its desk only, though any person of the register could answer it.
    """
    known = register.people.get(person)
    if known is None or not can_order(known, register, now=now):
        return
    for one in waiting(state, now):
        asked_all = one.kind == "matter"  # Its chain says whose turn it is.
        if isinstance(state, Case) and not asked_all and person not in has_it(state, register, now=now):
            continue
        if any(refusal_of(person, body, state, register=register, now=now) is None for body in answers(one, state)):
            yield one


def answers(one: Waiting, state: State) -> Sequence[CommandBody]:
    """The orders by which a person says yes to what waits, to choose one of; none if no single order does."""
    return YES[one.kind](state, one.what) if one.kind in YES else []


def refusal_of(  # budget: a yes, who says it, and what it is judged by
    person: str, body: CommandBody, state: State, *, register: Register, now: datetime
) -> Refused | None:
    """Why the rules would refuse this yes of this person, and who could give it; None if they would take it."""
    given = command(body, cause="inbox", mode=state.mode, subject=state.subject, at=now, by=person)
    judged = once_proven(Order(given, state, register, now))
    found = next((one for one in judged if isinstance(one, CommandRefused)), None)
    return Refused(found.reasons, found.who_could or None) if found else None


def _sign_off(state: State, name: str) -> Sequence[CommandBody]:
    if isinstance(state, Case):
        return [ReportToPolice()]
    if not isinstance(state, Incident):
        return []
    draft, search = state.drafts.get(name), state.searches.get(name)
    if draft:
        return [SignOff(message_id=draft.id, content_hash=draft.content_hash)]
    return [SignOff(message_id=search.id, content_hash=search.matter_hash())] if search else []


def _resolve(state: State, name: str) -> Sequence[CommandBody]:
    """Whoever looked at the channel says which of the two it is."""
    delivery = state.deliveries.get(name) if isinstance(state, Outgoing) else None
    if delivery is None:
        return []
    seen = {True: "I looked at the channel, and it is there.", False: "I looked at the channel, and it is not there."}
    return [
        ResolveDelivery(delivery_id=name, attempt=delivery.attempt, public=public, evidence=evidence)
        for public, evidence in seen.items()
    ]


def _done_by_hand(_: State, name: str) -> Sequence[CommandBody]:
    """Whoever did it adds the link of the post."""
    return [DoneByHand(delivery_id=name)]


def _release_held(_: State, name: str) -> Sequence[CommandBody]:
    return [ReleaseHeld(delivery_id=name)]


def _resume_partner(_: State, name: str) -> Sequence[CommandBody]:
    return [ResumePartner(partner=name, reason="I asked them, and the account is theirs.")]


def _resume_accounts(state: State, name: str) -> Sequence[CommandBody]:
    """Those that are stopped now; one that is stopped later waits for a yes of its own."""
    stopped: Mapping[str, Mapping[str, object]] = {}
    if isinstance(state, Incident):
        stopped = state.stops.accounts
    elif isinstance(state, RegisterLog):
        stopped = state.changes.stopped_accounts
    accounts = tuple(stopped.get(name, ()))
    reason = "I asked them, and the account is theirs."
    return [ResumePartner(partner=name, reason=reason, accounts=accounts)] if accounts else []


def _settle_look_alikes(_: State, name: str) -> Sequence[CommandBody]:
    """A person puts what was done in the place of these words."""
    return [SettleLookAlikes(imitates=name, reason="I looked at each, and told its network.")]


def _confirm(state: State, name: str) -> Sequence[CommandBody]:
    change = state.changes.waiting.get(name) if isinstance(state, RegisterLog) else None
    return [ConfirmChange(change_id=name, content_hash=change.content_hash)] if change else []


def _propose(state: State, name: str) -> Sequence[CommandBody]:
    """Another person confirms it afterwards."""
    waiting = state.to_propose() if isinstance(state, RegisterLog) else {}
    if name not in waiting:
        return []
    content, reason = waiting[name], "The files have this partner so."
    return [ProposeChange(section="partners", entry=name, content=content, reason=reason)]


def _answer_case(_: State, __: str) -> Sequence[CommandBody]:
    """The holder puts their own words in the place of these, or hands the case on."""
    return [AnswerCase(done="It was answered.")]


def _open_account(_: State, __: str) -> Sequence[CommandBody]:
    """It is offered once the secret was changed; before that the rules take no such yes."""
    return [OpenAccount(reason="Its secret is another one, and the account is ours.")]


def _change_secret(_: State, __: str) -> Sequence[CommandBody]:
    return [ChangeSecret(reason="I changed it, and the worker has the new one.")]


def _approve_post(state: State, name: str) -> Sequence[CommandBody]:
    """The post itself, or the correction of this name."""
    drafts = state.drafts.values() if isinstance(state, Plan) else ()
    return [ApprovePost(content_hash=one.content_hash) for one in drafts if name in {state.id, one.id}]


def _tick_step(_: State, name: str) -> Sequence[CommandBody]:
    return [TickStep(step=name)]


def _answer_watch(_: State, __: str) -> Sequence[CommandBody]:
    """A person who takes it for an incident declares that instead."""
    return [WatchCloser(), NotOurs(reason="It is about something else.")]


def _drop_post(_: State, __: str) -> Sequence[CommandBody]:
    """A person who wants it to go out after all gives a new time instead."""
    return [DropPost(reason="It fits no more.")]


YES: Mapping[Kind, Yes] = {
    "draft": _sign_off,
    "matter": _sign_off,
    "unknown": _resolve,
    "by-hand": _done_by_hand,
    "held": _release_held,
    "stopped-partner": _resume_partner,
    "stopped-account": _resume_accounts,
    "look-alike": _settle_look_alikes,
    "change": _confirm,
    "unconfirmed": _propose,
    "case": _answer_case,
    "untaken": _answer_case,
    "shut": _open_account,
    "secret": _change_secret,
    "post": _approve_post,
    "held-post": _drop_post,
    "post-correction": _approve_post,
    "step": _tick_step,
    "scheduler": _tick_step,
    "resume-scheduler": _tick_step,
    "watch": _answer_watch,
}
"""The orders by which a person says yes to each kind of thing that waits."""
