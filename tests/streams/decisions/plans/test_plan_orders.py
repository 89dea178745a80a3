"""A planned post is judged and signed when it is planned, goes out at its time, and moves as the list here says."""

from collections.abc import Callable, Mapping
from datetime import UTC, timedelta
from itertools import product
from typing import Any

import pytest

from streams.decisions.advice import POST_ADVICE
from streams.decisions.desk.judge import judge
from streams.decisions.desk.order_table import ORDERS
from streams.decisions.plans import holding
from streams.decisions.plans.plan_orders import LASTS
from streams.decisions.release.channel_order import overtaken
from streams.decisions.release.delivery_orders import may_send
from streams.decisions.verdict import Allowed, Refused
from streams.projections.inbox import inbox
from streams.subjects.attention import waiting
from streams.subjects.declared import NONE_DECLARED, Declared
from streams.subjects.plan import Plan, PlanStatus
from streams.telling.facts import plan_lines, told
from streams.values import Power, Purpose, SubjectKind
from streams.words.delivery import DeliveryClaimed, Receipt, RecordOutcome, Verb
from streams.words.facts import FactBody
from streams.words.orders import CommandBody, Tick
from streams.words.plans import ApprovePost, CorrectPost, DropPost
from tests import builders, planned
from tests.builders import COMMANDER, NOW, NURSE, OFFICER, SIGNER, WRITER
from tests.planned import AGENT, AT, CLOCK, GOES_ON, IS_OVER, given

NONE, DRAFTED, PLANNED, HELD, OUT, DROPPED = PlanStatus
MOVES: Mapping[tuple[PlanStatus, str], PlanStatus] = {
    (NONE, "plan_post"): DRAFTED,
    (DRAFTED, "approve_post"): PLANNED,
    (PLANNED, "replan_post"): PLANNED,
    (HELD, "replan_post"): PLANNED,
    **{(status, "drop_post"): DROPPED for status in (DRAFTED, PLANNED, HELD, OUT)},
    (OUT, "correct_post"): OUT,
}
"""Every move of a post in words without a template, written down a second time."""
IN: Mapping[PlanStatus, Callable[[], Plan]] = {
    NONE: planned.untouched,
    DRAFTED: planned.drafted,
    PLANNED: planned.planned,
    HELD: planned.to_review,
    OUT: planned.out,
    DROPPED: planned.dropped,
}
ORDERS_OF_POSTS = ("plan_post", "approve_post", "replan_post", "drop_post", "correct_post")
OF_THE_AGENT = ("take_post_over", "record_unscheduled")
"""These report what a server has: they repeat safely in every status."""


RIGHT = CorrectPost(texts={"en": "Our flu clinic is open on Sunday."})


def order_of(kind: str) -> CommandBody:
    bodies: list[CommandBody] = [
        planned.post(),
        planned.approving(planned.drafted()),
        planned.again(),
        DropPost(reason="It fits no more."),
        RIGHT,
    ]
    return next(one for one in bodies if one.kind == kind)


SEEN, SECOND = Receipt(words="seen"), timedelta(seconds=1)


def claims(bodies: list[FactBody]) -> list[DeliveryClaimed]:
    return [one for one in bodies if isinstance(one, DeliveryClaimed)]


def test_there_is_an_order_of_every_kind_here() -> None:
    of_posts = [kind.body.model_fields["kind"].default for kind in ORDERS.values() if kind.about is SubjectKind.PLAN]
    assert sorted(of_posts) == sorted([*ORDERS_OF_POSTS, *OF_THE_AGENT])
    assert {kind.body.model_fields["kind"].default for kind in ORDERS.values() if not kind.moves} >= {*OF_THE_AGENT}


@pytest.mark.parametrize(("status", "kind"), list(product(PlanStatus, ORDERS_OF_POSTS)))
def test_a_post_moves_exactly_as_it_is_written_down_here(status: PlanStatus, kind: str) -> None:
    plan = IN[status]()
    assert plan.status is status
    by = WRITER if kind in {"plan_post", "correct_post"} else SIGNER
    bodies, after = given(plan, order_of(kind), by=by, now=NOW + timedelta(minutes=1), declared=_known(status))
    if (status, kind) in MOVES:
        assert "command_refused" not in builders.kinds(bodies)
        assert after.status is MOVES[status, kind]
    else:
        assert POST_ADVICE[status] in builders.reasons(list(bodies))
        assert after.status is status


def _known(status: PlanStatus) -> Declared:
    """What the desk knows of incidents by then."""
    return IS_OVER if status is HELD else NONE_DECLARED


def test_words_without_a_template_go_out_only_on_the_yes_of_another_person() -> None:
    """Also if their author could say yes to others' words."""
    draft = planned.drafted()
    own, same = given(draft, planned.approving(draft), by=WRITER)
    assert builders.kinds(own) == ["command_refused"]
    assert "who wrote a post does not let it out" in builders.reasons(list(own))
    assert same.status is DRAFTED
    assert [one.what for one in inbox(SIGNER, draft, register=builders.register(), now=NOW)] == ["flu-clinic"]
    assert [*inbox(WRITER, draft, register=builders.register(), now=NOW)] == []
    bodies, after = given(draft, planned.approving(draft))
    assert builders.kinds(bodies) == ["post_planned", "message_authorised"]
    (yes,) = after.authorisations.values()
    assert (yes.person, yes.drafted_by, yes.power) == (SIGNER, WRITER, Power.SIGN_OFF_LINE)


def test_a_post_of_a_template_goes_out_on_one_yes() -> None:
    """A second person approved its words before, as those of a first word."""
    texts = {
        **builders.template().texts,
        Purpose.PLANNED: {"en": "Our gates open at {time}.", "cy": "Ar agor am {time}."},
    }
    register = builders.register(templates={"gates": builders.template(id="gates", texts=texts)})
    body = planned.post(texts={}, template="gates", slots={"time": "22:15"})
    order = builders.order(body, planned.untouched(), by=COMMANDER, register=register)
    facts, after = judge(order, run="run-1", register_version="v")
    assert builders.kinds(fact.body for fact in facts) == ["post_planned", "message_authorised"]
    assert isinstance(after, Plan)
    assert after.message
    assert after.message.texts == {"en": "Our gates open at 22:15.", "cy": "Ar agor am 22:15."}


def test_at_its_time_each_channel_is_asked_once_and_not_before() -> None:
    plan = planned.planned()
    assert given(plan, Tick(), by=CLOCK, now=AT - timedelta(seconds=1))[0] == []
    bodies, after = given(plan, Tick(), by=CLOCK, now=AT)
    assert [one.dispatch.channel for one in claims(list(bodies))] == ["website", "social"]
    assert given(after, Tick(), by=CLOCK, now=AT + timedelta(seconds=1))[0] == []


def test_a_post_goes_out_though_who_let_it_out_went_home_and_not_once_their_power_is_gone() -> None:
    """It was let out for that time; the register may have changed since."""
    bodies, _ = given(planned.planned(), Tick(), by=CLOCK, now=AT)
    (dispatch, *_) = [one.dispatch for one in claims(list(bodies))]
    assert isinstance(may_send(dispatch, builders.register(rota=()), now=AT), Allowed)
    people = {name: one for name, one in builders.people().items() if name != SIGNER}
    assert isinstance(may_send(dispatch, builders.register(people=people), now=AT), Refused)
    assert isinstance(may_send(dispatch, builders.register(), now=AT + LASTS), Refused)


def test_a_post_that_missed_its_time_waits_for_a_person() -> None:
    """As after a long stop of the service: it is not sent late by itself."""
    late = AT + LASTS
    bodies, after = given(planned.planned(), Tick(), by=CLOCK, now=late)
    assert builders.kinds(bodies) == ["post_held"]
    bodies, after = given(after, Tick(), by=CLOCK, now=late + timedelta(seconds=1))
    assert builders.kinds(bodies) == ["post_to_review"]
    assert [one.kind for one in waiting(after, late)] == ["held-post"]


@pytest.mark.parametrize("by", [WRITER, SIGNER, COMMANDER])
def test_its_author_and_all_who_may_release_or_withdraw_may_drop_it(by: str) -> None:
    assert given(planned.planned(), DropPost(reason="no"), by=by)[1].status is DROPPED


def test_who_may_not_drop_it_hears_who_may() -> None:
    (refused,), _ = given(planned.planned(), DropPost(reason="no"), by=NURSE)
    assert {"Test Comms Lead (Comms Lead)", "Test Medical Director (Medical Director)"} <= set(
        refused.model_dump()["who_could"]
    )


def test_what_is_public_of_a_held_post_is_not_said_again_when_it_is_planned_again() -> None:
    """The site had it before the incident was declared, the other channel had not."""
    bodies, plan = given(planned.planned(), Tick(), by=CLOCK, now=AT)
    site, social = claims(list(bodies))
    seen = Receipt(words="seen")
    confirmed = RecordOutcome(delivery_id=site.delivery_id, attempt=1, outcome="confirmed", receipt=seen)
    _, plan = given(plan, confirmed, by=AGENT, now=AT)
    unsent = RecordOutcome(delivery_id=social.delivery_id, attempt=1, outcome="unsent", reason="declared")
    bodies, plan = given(plan, unsent, by=AGENT, now=AT, declared=GOES_ON)
    assert builders.kinds(bodies) == ["post_held", "delivery_unsent"]
    later = AT + timedelta(minutes=5)
    assert given(plan, Tick(), by=CLOCK, now=later, declared=GOES_ON)[0] == []
    _, plan = given(plan, Tick(), by=CLOCK, now=later, declared=IS_OVER)
    bodies, plan = given(plan, planned.again(14), now=later, declared=IS_OVER)
    assert builders.kinds(bodies) == ["delivery_refused", "post_planned", "message_authorised"]
    bodies, plan = given(plan, Tick(), by=CLOCK, now=NOW + timedelta(hours=14), declared=IS_OVER)
    assert [one.dispatch.channel for one in claims(list(bodies))] == ["social"]


def test_what_is_public_of_a_post_is_withdrawn_by_one_person_also_while_an_incident_goes_on() -> None:
    """In a template's approved words, on the channel that has it; the other one never gets the post."""
    bodies, plan = given(planned.planned(), Tick(), by=CLOCK, now=AT)
    site, social = claims(list(bodies))
    seen = Receipt(words="seen")
    confirmed = RecordOutcome(delivery_id=site.delivery_id, attempt=1, outcome="confirmed", receipt=seen)
    _, plan = given(plan, confirmed, by=AGENT, now=AT)
    unsent = RecordOutcome(delivery_id=social.delivery_id, attempt=1, outcome="unsent", reason="not now")
    _, plan = given(plan, unsent, by=AGENT, now=AT)
    order = DropPost(reason="The day is wrong.", withdraw_with="major-incident")
    bodies, plan = given(plan, order, by=WRITER, now=AT, declared=GOES_ON)
    stopped = ["post_held", "post_dropped", "delivery_refused"]
    assert builders.kinds(bodies) == [*stopped, "message_authorised", "delivery_asked", "delivery_claimed"]
    (claimed,) = claims(list(bodies))
    assert (claimed.dispatch.channel, claimed.dispatch.verb) == ("website", Verb.WITHDRAW)
    assert claimed.dispatch.target == seen
    assert claimed.dispatch.message.texts["en"] == "We withdraw our last post."
    assert holding.overtaken(plan, claimed, declared=GOES_ON) is None
    assert overtaken(claimed, plan) is None
    assert plan.status is DROPPED


def public() -> Plan:
    """A post that the site has, and of which nobody heard what became of it on the other channel."""
    plan = planned.out()
    site, social = plan.deliveries
    confirmed = RecordOutcome(delivery_id=site, attempt=1, outcome="confirmed", receipt=SEEN)
    _, plan = given(plan, confirmed, by=AGENT, now=AT)
    lost = RecordOutcome(delivery_id=social, attempt=1, outcome="unknown", reason="no answer came")
    return given(plan, lost, by=AGENT, now=AT)[1]


def corrected(plan: Plan, **known: Any) -> tuple[list[FactBody], Plan]:
    """The right words, written by one person and let out by another."""
    _, plan = given(plan, RIGHT, by=WRITER, now=AT, **known)
    (draft,) = plan.drafts.values()
    bodies, plan = given(plan, ApprovePost(content_hash=draft.content_hash), by=SIGNER, now=AT, **known)
    return list(bodies), plan


@pytest.mark.parametrize("declared", [NONE_DECLARED, GOES_ON])
def test_a_post_that_is_out_is_corrected_on_the_yes_that_it_needed_also_while_an_incident_goes_on(
    declared: Declared,
) -> None:
    """By each channel's own way, wherever the post is or may be; an incident holds neither the words nor their yes."""
    bodies, plan = corrected(public(), declared=declared)
    assert builders.kinds(bodies)[0] == "message_authorised"
    assert [(one.dispatch.channel, one.dispatch.verb) for one in claims(bodies)] == [
        ("website", Verb.CORRECT),
        ("social", Verb.CORRECT),
    ]
    assert claims(bodies)[0].dispatch.target == SEEN
    assert plan.status is (HELD if declared.live else OUT)
    for one in claims(bodies):
        assert holding.overtaken(plan, one, declared=declared) is None
        assert overtaken(one, plan) is None
        assert isinstance(may_send(one.dispatch, builders.register(), now=AT), Allowed)
    assert plan.drafts == {}
    (yes,) = [one for one in plan.authorisations.values() if one.at == AT]
    assert (yes.person, yes.drafted_by, yes.power) == (SIGNER, WRITER, Power.SIGN_OFF_LINE)


def test_right_words_wait_for_another_person_who_is_told_and_not_for_their_author() -> None:
    _, plan = given(public(), RIGHT, by=WRITER, now=AT)
    (draft,) = plan.drafts.values()
    found = [one for one in waiting(plan, AT) if one.kind == "post-correction"]
    assert [(one.what, one.until) for one in found] == [(draft.id, draft.expires_at)]
    yes = ApprovePost(content_hash=draft.content_hash)
    own, _ = given(plan, yes, by=WRITER, now=AT + SECOND)
    assert "who wrote a post does not let it out" in builders.reasons(list(own))
    assert draft.id in [one.what for one in inbox(SIGNER, plan, register=builders.register(), now=AT)]
    late, _ = given(plan, yes, by=SIGNER, now=draft.expires_at)
    assert "the message expired" in builders.reasons(list(late))
    assert [one for one in waiting(plan, draft.expires_at) if one.kind == "post-correction"] == []


def test_the_correction_of_a_template_goes_out_on_one_yes() -> None:
    """Its words were approved by two people before."""
    body = CorrectPost(template="major-incident", slots=builders.SLOTS)
    bodies, _ = given(public(), body, by=OFFICER, now=AT)
    assert builders.kinds(bodies)[0] == "message_authorised"
    assert builders.kinds(bodies).count("delivery_claimed") == 2


def test_a_correction_is_corrected_and_the_newest_words_are_withdrawn_with_all_before_them() -> None:
    """What was corrected may still be read where the correction never came."""
    _, plan = corrected(public())
    (first,) = [one for one in plan.messages.values() if one.purpose is Purpose.CORRECTION]
    again = CorrectPost(texts={"en": "Our flu clinic is shut all weekend."})
    _, plan = given(plan, again, by=WRITER, now=AT + SECOND)
    (draft,) = plan.drafts.values()
    assert draft.follows == first.id
    order = DropPost(reason="The day is wrong.", withdraw_with="major-incident")
    _, plan = given(plan, order, by=WRITER, now=AT + 2 * SECOND)
    (withdrawal,) = [one for one in plan.messages.values() if one.purpose is Purpose.WITHDRAWAL]
    assert (withdrawal.follows, withdrawal.channels) == (first.id, ("website", "social"))
    assert plan.drafts == {}
    twice, _ = given(plan, order, by=WRITER, now=AT + timedelta(minutes=1))
    assert "nothing of the post is public" in builders.reasons(list(twice))


def test_what_is_public_of_a_post_that_was_dropped_is_withdrawn_later() -> None:
    """It was dropped when one channel had it, and nobody thought of that one."""
    plan = planned.out()
    site, social = plan.deliveries
    confirmed = RecordOutcome(delivery_id=site, attempt=1, outcome="confirmed", receipt=SEEN)
    _, plan = given(plan, confirmed, by=AGENT, now=AT)
    unsent = RecordOutcome(delivery_id=social, attempt=1, outcome="unsent", reason="not now")
    _, plan = given(plan, unsent, by=AGENT, now=AT)
    _, plan = given(plan, DropPost(reason="The day is wrong."), by=WRITER, now=AT)
    order = DropPost(reason="It is public.", withdraw_with="major-incident")
    bodies, plan = given(plan, order, by=WRITER, now=AT + SECOND)
    assert [(one.dispatch.channel, one.dispatch.verb) for one in claims(list(bodies))] == [("website", Verb.WITHDRAW)]


def test_each_fact_of_a_post_is_told_in_a_sentence() -> None:
    facts: list[str] = []
    plan = planned.untouched()
    for body, by, now, declared in (
        (planned.post(), WRITER, NOW, NONE_DECLARED),
        (planned.approving(planned.drafted()), SIGNER, NOW, NONE_DECLARED),
        (Tick(), CLOCK, NOW, GOES_ON),
        (Tick(), CLOCK, NOW + timedelta(minutes=1), IS_OVER),
        (DropPost(reason="It fits no more."), OFFICER, NOW + timedelta(hours=12), IS_OVER),
    ):
        bodies, plan = given(plan, body, by=by, now=now, declared=declared)
        facts += [told(one) for one in bodies if one.kind.startswith("post_")]
        assert next(plan_lines(plan, zone=UTC)).startswith("post flu-clinic: ")
    assert facts[1].startswith("post planned for")
    assert facts[2:] == [
        "post HELD, incident inc-1 was declared: it goes out only once a person plans it again",
        "no incident goes on: the held post waits to be planned again, or dropped",
        "post dropped: It fits no more.",
    ]
