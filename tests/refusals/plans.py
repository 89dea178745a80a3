"""Refusals of orders about planned posts, and what keeps one from going out."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from streams.decisions.channels.kinds import BY_HAND, PLATFORM
from streams.decisions.desk.judge import judge
from streams.decisions.plans import holding
from streams.decisions.plans.plan_orders import AHEAD_MAX
from streams.decisions.stops import stop_orders
from streams.subjects.case import Case as Addressed
from streams.subjects.declared import Declared
from streams.subjects.plan import Plan
from streams.values import LIVE, Power, Purpose
from streams.words.delivery import ClaimDelivery, DeliveryClaimed, Receipt, RecordOutcome
from streams.words.facts import FactBody
from streams.words.orders import Tick
from streams.words.plans import (
    ApprovePost,
    CorrectPost,
    DropPost,
    PlanPost,
    PostHeld,
    PostUnscheduled,
    ReplanPost,
    TakenOver,
)
from tests import builders, planned
from tests.builders import NOW, NURSE, SIGNER, WRITER
from tests.planned import AGENT, AT, CLOCK, GOES_ON, given, post
from tests.refusals.case import Case, Could, case, told

ON = ("website", "social")
NEW = planned.untouched()
DRAFTED, PLANNED, HELD, OUT = planned.drafted(), planned.planned(), planned.to_review(), planned.out()
DROP = DropPost(reason="It fits no more.")
TEXTS = {**builders.template().texts, Purpose.PLANNED: {"en": "Our gates open at {time}.", "cy": "Ar agor am {time}."}}
GATES = builders.template(id="gates", texts=TEXTS, channels=("website",))
OF_TEMPLATES = builders.register(templates={"gates": GATES, "major-incident": builders.template()})
OF_GATES = post(texts={}, template="gates", slots={"time": "22:15"}, channels=("website",))


def plan(says: str, body: PlanPost, could: Could | None = None, **changes: Any) -> Case:
    return case(says, body, NEW, could=could, **{"by": WRITER, **changes})


def of_gates() -> Plan:
    order = builders.order(OF_GATES, NEW, register=OF_TEMPLATES)
    _, after = judge(order, run="run-1", register_version="v")
    assert isinstance(after, Plan)
    return after


def settled() -> Plan:
    """A post that both channels have."""
    plan = OUT
    for one in OUT.deliveries:
        body = RecordOutcome(delivery_id=one, attempt=1, outcome="confirmed", receipt=Receipt(words="seen"))
        plan = given(plan, body, by=AGENT, now=AT)[1]
    return plan


def public_and_held() -> Plan:
    """A post that both channels had when it was held."""
    both = {one.id: one.model_copy(update={"state": "confirmed"}) for one in OUT.deliveries.values()}
    return HELD.model_copy(update={"deliveries": both})


def missed(now: Any) -> Iterator[str]:
    """Why a post is held: its time passed, or an incident was declared, which a log of before names or not."""
    for body in given(PLANNED, Tick(), by=CLOCK, now=now)[0]:
        yield getattr(body, "reason", "")
    yield holding.reason(GOES_ON)
    yield holding.reason(Declared(count=1))


def claimed_late() -> Iterator[str]:
    """What the last look says of a claim on a post that an incident held since."""
    (one, *_) = OUT.deliveries.values()
    stopped = OUT.held(PostHeld(reason="incident inc-1 was declared", live=1, declared=1), by=CLOCK, at=AT)
    assert OUT.message
    yield stop_orders.stopped(stopped.stops, OUT.message, delivery_id=one.id) or ""
    claimed = (one for one in given(PLANNED, Tick(), by=CLOCK, now=AT)[0] if isinstance(one, DeliveryClaimed))
    yield holding.overtaken(OUT, next(claimed), declared=GOES_ON) or ""


def replanned() -> Iterator[FactBody]:
    """What becomes of deliveries that were not sent once the post is planned again, or dropped."""
    unsent = {one.id: one.model_copy(update={"state": "unsent"}) for one in OUT.deliveries.values()}
    waiting = HELD.model_copy(update={"deliveries": unsent})
    again = {name: one.model_copy(update={"message_id": HELD.message_id}) for name, one in unsent.items()}
    for body in (planned.again(14), DROP):
        yield from given(waiting.model_copy(update={"deliveries": again}), body, now=AT, declared=planned.IS_OVER)[0]


def of_a_server(**settled: Any) -> Plan:
    """A post that another program had scheduled, once no incident goes on; `settled` says what its server did."""
    origin = TakenOver(channel="social", scheduler="queue", reference="3001", at=AT, lacks=settled.pop("lacks", None))
    gone = PostUnscheduled(**settled) if settled.pop("is_settled", True) else None
    return HELD.model_copy(update={"origin": origin.model_copy(update={"settled": gone})})


RIGHT = CorrectPost(texts={"en": "Our flu clinic is open on Sunday."})
SAID = {"en": "Our flu clinic is open on Saturday."}


def nowhere() -> Plan:
    """A post that its channels refused."""
    none = {one.id: one.model_copy(update={"state": "refused"}) for one in OUT.deliveries.values()}
    return OUT.model_copy(update={"deliveries": none})


CAUSES = {"en": "The fire was caused by an electrical fault."}
WRITTEN = given(OUT, RIGHT, by=WRITER, now=AT)[1]
WRITTEN_SO = given(OUT, CorrectPost(texts=CAUSES), by=WRITER, now=AT, register=builders.register(holds={}))[1]


def yes_to_draft(plan: Plan) -> ApprovePost:
    (draft,) = plan.drafts.values()
    return ApprovePost(content_hash=draft.content_hash)


def corrected() -> Plan:
    """A held post that was corrected where it was public."""
    plan = given(WRITTEN, yes_to_draft(WRITTEN), now=AT)[1]
    left = dict(list(plan.deliveries.items())[:1])
    return plan.model_copy(update={"status": HELD.status, "deliveries": left})


CORRECTED = corrected()


def taking_back(template: str) -> DropPost:
    return DropPost(reason="The day is wrong.", withdraw_with=template)


LENGTHY = {**builders.template().texts, Purpose.WITHDRAWAL: {"en": "We withdraw it. " * 30, "cy": "Yn ôl."}}
LONG = builders.register(templates={"long": builders.template(id="long", texts=LENGTHY)})
HAND = builders.channel("paper", kind=BY_HAND.name, options={PLATFORM: "intranet", "url": "https://vale.example/"})
BY_PEN = builders.register(channels={**builders.register().channels, "paper": HAND})
WHY = post(texts=CAUSES)
FREE = builders.register(holds={})
CAUSED = given(NEW, WHY, by=WRITER, register=FREE)[1]
CAUSED_TOO = given(CAUSED, planned.approving(CAUSED), register=FREE)[1]
"""Words that a hold keeps back, from before it was placed."""
PLANS: tuple[Case, ...] = (
    plan("the time of the post has passed: give one to come", post(at=NOW)),
    plan("more than a year ahead", post(at=NOW + AHEAD_MAX + timedelta(days=1))),
    plan("3 posts are planned on these channels for 15 January", post(beside=(AT + timedelta(hours=3),) * 3)),
    plan("25 posts are planned on these channels in the week", post(beside=(AT + timedelta(days=1),) * 25)),
    plan("leave 2 hours between them", post(beside=(AT,))),
    plan("give one of the two", post(texts={})),
    plan("a person writes on paper by hand", post(channels=("paper",)), register=BY_PEN),
    plan("there is no template none: choose one of", post(texts={}, template="none")),
    plan("has no planned text", post(texts={}, template="major-incident")),
    plan("is not approved for social", OF_GATES.model_copy(update={"channels": ON}), register=OF_TEMPLATES),
    case("no message takes more than", post(texts={"en": "a" * 10_000}), planned.untouched(mode="training"), by=WRITER),
    case("says why it happened", planned.approving(CAUSED), CAUSED, by=SIGNER, id="a"),
    case("says why it happened", planned.again(), CAUSED_TOO, by=SIGNER, id="r"),
    plan("there is no channel nowhere", post(channels=("nowhere",)), could=None),
    plan("has no power to draft-line", post(), by=NURSE, could=Could((Power.DRAFT_LINE,), ON)),
    plan(
        "has no power to release-holding",
        OF_GATES,
        by=NURSE,
        register=OF_TEMPLATES,
        could=Could((Power.RELEASE_HOLDING,), ("website",)),
    ),
    case("their hash differs", planned.approving(DRAFTED).model_copy(update={"content_hash": "0" * 64}), DRAFTED),
    case("drop it, and plan it for a later one", planned.approving(DRAFTED), DRAFTED, by=SIGNER, now=AT),
    case(
        "who wrote a post does not let it out",
        planned.approving(DRAFTED),
        DRAFTED,
        by=WRITER,
        could=Could((Power.SIGN_OFF_LINE,), ON, but=WRITER),
    ),
    case("look at `holdingline plans`", planned.again(), public_and_held(), by=SIGNER, id="r"),
    case("delete it there, drop it here", planned.again(), of_a_server(is_settled=False), by=SIGNER, id="r"),
    case("it may be public there: look", planned.again(), of_a_server(perhaps_public=True), by=SIGNER, id="r"),
    case("give it its time there", planned.again(), of_a_server(lacks="its pictures"), by=SIGNER, id="r"),
    case("give one to come", ReplanPost(at=NOW), PLANNED, by=SIGNER, id="r"),
    case("changed since: drop the post", planned.again(), of_gates(), id="r"),
    case("nothing of the post is on its way any more", DROP, settled(), id="d", now=AT),
    case(
        "has no power to withdraw",
        DROP,
        PLANNED,
        by=NURSE,
        id="d",
        could=Could(stop_orders.MAY_STOP, also=(WRITER, SIGNER)),
    ),
    case("there is no template none with a withdrawal text", taking_back("none"), PLANNED, id="w"),
    case("nothing of the post is public", taking_back("major-incident"), PLANNED, id="w"),
    case(
        "has no power to withdraw",
        taking_back("major-incident"),
        settled(),
        by=SIGNER,
        now=AT,
        id="w",
        could=Could((Power.WITHDRAW,), ON),
    ),
    case("the en text has", taking_back("long"), settled(), by=WRITER, now=AT, id="w", register=LONG),
    case("the words of a template or words of its own", CorrectPost(), OUT, by=WRITER, now=AT, id="c"),
    case("there is no template none with a correction text", CorrectPost(template="none"), OUT, now=AT, id="c"),
    case("these are the words that are out", RIGHT.model_copy(update={"texts": SAID}), OUT, by=WRITER, now=AT, id="c"),
    case("are out in en, too", CorrectPost(texts={"cy": "Mae ar agor."}), OUT, by=WRITER, now=AT, id="c"),
    case("nothing of it went out", RIGHT, nowhere(), by=WRITER, now=AT, id="c"),
    case(
        "is not approved for social: correct it in words of your own",
        CorrectPost(template="gates", slots={"time": "22:15"}),
        OUT,
        now=AT,
        id="c",
        register=OF_TEMPLATES,
    ),
    case("has no power to draft-line", RIGHT, OUT, by=NURSE, now=AT, id="c", could=Could((Power.DRAFT_LINE,), ON)),
    case(
        "has no power to release-holding",
        CorrectPost(template="major-incident", slots=builders.SLOTS),
        OUT,
        by=NURSE,
        now=AT,
        id="c",
        could=Could((Power.RELEASE_HOLDING,), ON),
    ),
    case("the message expired", yes_to_draft(WRITTEN), WRITTEN, by=SIGNER, now=AT + timedelta(hours=1), id="y"),
    case("says why it happened", yes_to_draft(WRITTEN_SO), WRITTEN_SO, by=SIGNER, now=AT, id="y"),
    case("its words are corrected where it is public", planned.again(14), CORRECTED, by=SIGNER, now=AT, id="r"),
    case("no such post: plan it first", DROP, NEW),
    case("the post waits for another person's yes", post(), DRAFTED, id="p"),
    case("the post is planned already", post(), PLANNED, id="p"),
    case("the post is held: give it a new time", post(), HELD, id="p"),
    case("the time of the post has come", post(), OUT, id="p"),
    case("the time of the post has come", planned.approving(DRAFTED), OUT, by=SIGNER, now=AT, id="a"),
    case("the post was dropped: plan another one", DROP, planned.dropped(), id="d"),
    case(
        "no words go out on case c-1",
        ClaimDelivery(delivery_id="dlv-1", attempt=1, run="run-1"),
        Addressed(id="c-1", mode=LIVE),
        by=AGENT,
    ),
    told("its time passed while the service could not send it", lambda: missed(AT + timedelta(hours=2))),
    told("the planned post is held (incident inc-1 was declared)", claimed_late),
    told("the post was planned again for", replanned),
)
