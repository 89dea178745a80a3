"""Refusals about partners' posts: what goes out by itself no more, and what is taken back."""

from typing import Any

from streams.decisions.release.delivery_orders import may_send
from streams.decisions.release.partner_rules import WAITING_MAX
from streams.decisions.stops.partner_orders import MAY_STOP_PARTNER
from streams.decisions.verdict import Refused
from streams.subjects.account import AccountLog
from streams.subjects.incident import Incident
from streams.subjects.register_log import RegisterLog
from streams.values import LIVE, Power
from streams.words.delivery import DeliveryClaimed
from streams.words.register.accounts import PartnerStopped, Shut
from streams.words.register.entries import Register
from streams.words.release import Amplify, NotePostChange
from streams.words.stops import ResumePartner, StopPartner
from tests import builders
from tests.builders import COMMANDER, NOW, NURSE
from tests.refusals.case import Case, Could, Told, case, told

AGENT = "amplification-agent"
STOPPED = builders.after(
    builders.declared(), [PartnerStopped(partner="ambulance", partner_name="Vale Ambulance", reason="too many posts")]
)
RESUME = ResumePartner(partner="ambulance", reason="the account is theirs")
STOP = StopPartner(partner="ambulance", reason="the account may not be theirs")
TAKEN_OVER = Shut(by=COMMANDER, at=NOW, reason="it was taken over")
PAGE = AccountLog(id="page", mode=LIVE)
SELLS = "Please keep away. 20 % off all tickets."


def post(text: str = "Please keep away.", **changes: Any) -> Amplify:
    return Amplify(credit=builders.credit(**changes), text=text, posted_at=NOW)


def one_only() -> Register:
    return builders.register(partners={"ambulance": builders.partner(posts_max=1)})


def after(body: Amplify) -> Incident:
    return builders.carried_out(builders.declared(), body, by=AGENT)


def full() -> Incident:
    """As many posts of a stopped partner wait as may."""
    incident = STOPPED
    for number in range(WAITING_MAX):
        given = post(f"Please keep away. {number}", post_id=f"post-{number}")
        incident = builders.carried_out(incident, given, by=AGENT)
    return incident


def stopped_on_its_way() -> Told:
    """A post that the rule let out is still to be sent when a person stops its partner."""
    facts, _ = builders.judged(builders.order(post(), builders.declared(), AGENT))
    (claimed,) = [fact.body for fact in facts if isinstance(fact.body, DeliveryClaimed)]
    told_by = builders.register(stopped={"ambulance": TAKEN_OVER})
    verdict = may_send(claimed.dispatch, told_by, now=NOW)
    return [verdict] if isinstance(verdict, Refused) else []


GONE = NotePostChange(credit=builders.credit(), change="deleted")
PARTNERS: tuple[Case, ...] = (
    case("the posts of Vale Ambulance are stopped since 22:31 GMT: ask", post(), STOPPED, by=AGENT),
    case(
        "came within 300 seconds, no more may: ask",
        post("Please keep well away.", post_id="post-2"),
        after(post()),
        by=AGENT,
        register=one_only(),
    ),
    case(
        "1 of them for other incidents",
        post(post_id="post-2").model_copy(update={"elsewhere": 1}),
        builders.declared(),
        by=AGENT,
        register=one_only(),
    ),
    case("60 posts of Vale Ambulance wait for a yes already", post(post_id="one-more"), full(), by=AGENT),
    case("waits for a person's yes already", post(SELLS), after(post(SELLS)), by=AGENT, id="again"),
    case("the posts of police are not stopped", ResumePartner(partner="police", reason="why")),
    case("there is no partner police: choose one of ambulance", StopPartner(partner="police", reason="why")),
    case("are stopped since 22:31 GMT: nothing more is to be done", STOP, STOPPED),
    case("no power to amplify", STOP, by=NURSE, could=Could(MAY_STOP_PARTNER)),
    case("no power to amplify", STOP, RegisterLog(mode=LIVE), by=NURSE, could=Could(MAY_STOP_PARTNER)),
    case("account page shares no partner's posts: name an incident", STOP, PAGE),
    case("account page shares no partner's posts: name an incident", RESUME, PAGE),
    case(
        "are stopped in all incidents since 22:31 GMT (it was taken over): ask",
        post(),
        by=AGENT,
        register=builders.register(stopped={"ambulance": TAKEN_OVER}),
    ),
    told("in all incidents since 22:31 GMT (it was taken over): a person with the power", stopped_on_its_way),
    case(
        "no power to amplify",
        RESUME,
        STOPPED,
        by=NURSE,
        could=Could((Power.AMPLIFY, Power.RELEASE_HOLDING)),
    ),
    case("deleted this post before anybody signed it off", GONE, after(post(SELLS)), by=AGENT),
    case("changed or deleted this post before it went out here", GONE, after(post()), by=AGENT),
)
