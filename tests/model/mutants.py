"""Rules that are broken on purpose, one at a time: the search has to find each of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from streams.decisions.authority import freshness, powers, signatures, turns
from streams.decisions.authority.order import Order
from streams.decisions.authority.presence import is_away
from streams.decisions.desk import judge as desk
from streams.decisions.desk import order_table
from streams.decisions.release import channel_order, delegations, delivery_orders, dispatches, release_orders
from streams.decisions.sign_off import page_steps
from streams.decisions.stops import stop_orders
from streams.decisions.verdict import Allowed, Refused
from streams.decisions.wording import message_policy
from streams.values import Power, Purpose
from streams.words.delivery import Dispatch
from streams.words.holds import LiftHold
from streams.words.release import SignOff
from streams.words.stops import Resume, ReturnDraft
from tests.builders import COMMANDER
from tests.model.worlds import WORLDS, Asks, Gone, Hour, World


def the_world(hour: Hour, gone: Gone, asks: Asks) -> World:
    """The one in which the rules as they are have been searched."""
    return next(one for one in WORLDS if (one.hour, one.gone, one.asks) == (hour, gone, asks))


NIGHT = the_world("night", "nobody", "no chain")
Break = Callable[[pytest.MonkeyPatch], None]
Change = Callable[[Order, Any], tuple[Order, Any]]


@dataclass(frozen=True)
class Mutant:
    """What is broken, and from which beginning of which world it shows."""

    breaks: Break
    world: World = NIGHT
    begins: str = "the incident is declared"


def sets(*places: tuple[object, str], to: object) -> Break:
    """Another value where these names stand."""

    def breaks(patch: pytest.MonkeyPatch) -> None:
        for module, name in places:
            patch.setattr(module, name, to)

    return breaks


def says(module: object, name: str, answer: object) -> Break:
    """A function that always answers this."""
    return sets((module, name), to=lambda *_, **__: answer)


def judged_as(body: type, change: Change) -> Break:
    """Orders of a kind that are judged as if they were others."""

    def breaks(patch: pytest.MonkeyPatch) -> None:
        kind = order_table.ORDERS[body]
        changed = replace(kind, answer=lambda order, given: kind.answer(*change(order, given)))
        patch.setattr(order_table, "ORDERS", {**order_table.ORDERS, body: changed})

    return breaks


def blind_to(field: str) -> Break:
    """A bound of grants that nobody looks at."""

    def breaks(patch: pytest.MonkeyPatch) -> None:
        judge_case, judge_hour = powers._wrong_case, powers._wrong_hour

        def blind(right: Any) -> Any:
            return replace(right, grant=right.grant.model_copy(update={field: ()}))

        patch.setattr(powers, "_wrong_case", lambda right, act: judge_case(blind(right), act))
        patch.setattr(powers, "_wrong_hour", lambda right, act, register: judge_hour(blind(right), act, register))

    return breaks


def written_by_nobody(order: Order, body: Any) -> tuple[Order, Any]:
    nobody = dict.fromkeys(order.incident.drafted_by, "nobody")
    return replace(order, state=order.incident.model_copy(update={"drafted_by": nobody})), body


def read_as_it_stands(order: Order, body: SignOff) -> tuple[Order, SignOff]:
    draft = order.incident.drafts.get(body.message_id)
    return order, body.model_copy(update={"content_hash": draft.content_hash}) if draft else body


def from_the_commander(order: Order, body: Any) -> tuple[Order, Any]:
    return replace(order, command=order.command.model_copy(update={"by": COMMANDER})), body


def every_deputy(patch: pytest.MonkeyPatch) -> None:
    def stands_in(person: Any, absent: Any, *, at: Any, register: Any) -> bool:
        del register
        return is_away(absent, at) and person.id in absent.deputies

    patch.setattr(powers, "stands_in", stands_in)


def one_step_early(patch: pytest.MonkeyPatch) -> None:
    latest = turns.latest_for

    def ahead(order: Order, subject: str) -> Any:
        search = latest(order, subject)
        return search.model_copy(update={"step": search.step + 1}) if search else None

    patch.setattr(turns, "latest_for", ahead)


def impatient(patch: pytest.MonkeyPatch) -> None:
    """Whoever was asked is out of time at once."""
    judge = page_steps._next

    def next_facts(search: Any, order: Order, run: str) -> Any:
        return judge(search.model_copy(update={"answer_by": order.now}) if search.pages else search, order, run)

    patch.setattr(page_steps, "_next", next_facts)


def answered_never(patch: pytest.MonkeyPatch) -> None:
    judge = order_table.answer

    def answer(order: Order) -> Any:
        return judge(replace(order, state=order.incident.model_copy(update={"answered": ()})))

    patch.setattr(desk, "answer", answer)


def sent_unseen(patch: pytest.MonkeyPatch) -> None:
    def still(dispatch: Dispatch, order: Order) -> Allowed:
        return Allowed("unseen", dispatch.authorisation.person, order.now + timedelta(hours=1))

    patch.setattr(delivery_orders, "_still", still)


def sent_otherwise(patch: pytest.MonkeyPatch) -> None:
    dispatch = dispatches.dispatch_for

    def other(*given: Any) -> Dispatch:
        true = dispatch(*given)
        texts = {language: f"{text} Or not." for language, text in true.message.texts.items()}
        return true.model_copy(update={"message": true.message.model_copy(update={"texts": texts})})

    patch.setattr(delivery_orders, "dispatch_for", other)
    patch.setattr(freshness, "message_faults", lambda *_, **__: None)


HOLIDAY = the_world("bank-holiday", "nobody", "no chain")
FIRST_AWAY = the_world("night", "the first", "no chain")
LOW = the_world("night", "nobody", "a chain")
SIGNED = the_world("night", "nobody", "a chain with a delegation")
CHAINED = the_world("day", "nobody", "a chain")
ORDERED = the_world("night", "nobody", "an ordered chain")
DELEGATED = the_world("day", "all", "a chain with a delegation")
DOWN, SIGNED_OFF = "a channel was down", "a line is not out yet"
MAY = Allowed("anything", COMMANDER, NIGHT.now + timedelta(days=1))
MUTANTS: Mapping[str, Mutant] = {
    "every hour is a working hour": Mutant(says(powers, "in_hours", answer=True)),
    "no day is a bank holiday": Mutant(says(powers, "in_hours", answer=True), HOLIDAY),
    "nobody is ever away": Mutant(says(powers, "is_away", answer=False), FIRST_AWAY),
    "every deputy stands in": Mutant(every_deputy, FIRST_AWAY),
    "levels bound nothing": Mutant(blind_to("levels"), LOW),
    "people say yes to their own words": Mutant(judged_as(SignOff, written_by_nobody)),
    "people return their own drafts": Mutant(judged_as(ReturnDraft, written_by_nobody)),
    "what was read does not matter": Mutant(judged_as(SignOff, read_as_it_stands)),
    "a chain has no order": Mutant(says(turns, "out_of_turn", answer=None), ORDERED),
    "the next in a chain counts too soon": Mutant(one_step_early, ORDERED),
    "who is asked gets no time to answer": Mutant(impatient, ORDERED),
    "who is there is passed over as away": Mutant(says(page_steps, "is_away", answer=True), ORDERED),
    "a freeze stops nothing": Mutant(says(stop_orders, "frozen", answer=None)),
    "what a freeze held goes on by itself": Mutant(says(stop_orders, "waits", answer=None), begins=DOWN),
    "a resumed incident holds nothing": Mutant(says(stop_orders, "_pending", answer=[]), begins="a freeze is over"),
    "anybody resumes": Mutant(judged_as(Resume, from_the_commander)),
    "who may only withdraw stops nothing": Mutant(sets((stop_orders, "MAY_STOP"), to=(Power.RELEASE_HOLDING,))),
    "anybody stops": Mutant(says(stop_orders, "may_stop", answer=MAY)),
    "a cancelled release goes on": Mutant(
        says(stop_orders, "cancelled", answer=None), ORDERED, begins="nobody knows whether it is public"
    ),
    "nothing expires": Mutant(sets((freshness, "message_faults"), (freshness, "expired"), to=lambda *_, **__: None)),
    "nothing is looked at before it is sent": Mutant(sent_unseen, begins=DOWN),
    "something else is sent": Mutant(sent_otherwise),
    "no template has to be approved": Mutant(says(freshness, "template_faults", answer=None)),
    "no template is ever approved": Mutant(says(freshness, "template_faults", answer=Refused(["never"]))),
    "a draft outlives its template": Mutant(says(release_orders, "_lapsed", answer=None)),
    "the same words go out twice": Mutant(says(release_orders, "doubled", answer=[])),
    "words go out after the end": Mutant(
        sets((release_orders, "MAY_FOLLOW_THE_END"), (channel_order, "MAY_FOLLOW_THE_END"), to=frozenset(Purpose))
    ),
    "a hold keeps nothing back": Mutant(
        sets((release_orders, "contents_faults"), (message_policy, "contents_faults"), to=lambda *_, **__: ())
    ),
    "what was held back since is sent": Mutant(says(delivery_orders, "held_back", answer=()), CHAINED, SIGNED_OFF),
    "anybody lifts a hold": Mutant(judged_as(LiftHold, from_the_commander)),
    "a delegation needs no approval": Mutant(says(delegations, "_unapproved", answer=None), DELEGATED),
    "nobody has to sign": Mutant(says(signatures, "unproven", answer=()), SIGNED),
    "a revoked key signs": Mutant(says(signatures, "lapses", answer=()), SIGNED),
    "an order counts as often as it comes": Mutant(answered_never),
}
