"""Refusals about partners' posts: what goes out by itself no more, and what is taken back."""

from typing import Any

from streams.decisions.partners.posted_from import account_of
from streams.decisions.release.amplification import WAITING_MAX
from streams.decisions.release.delivery_orders import may_send
from streams.decisions.stops.partner_orders import MAY_STOP_PARTNER
from streams.decisions.verdict import Refused
from streams.subjects.account import AccountLog
from streams.subjects.incident import Incident
from streams.subjects.register_log import RegisterLog
from streams.values import LIVE, Power
from streams.words.delivery import DeliveryClaimed
from streams.words.register.accounts import PartnerStopped, Shut
from streams.words.register.entries import Register
from streams.words.register.partners import NoteLookAlike, PartnerAccount, Scope, SettleLookAlikes
from streams.words.release import Amplify, NotePostChange
from streams.words.stops import ResumePartner, StopPartner
from tests import builders
from tests.builders import COMMANDER, NOW, NURSE
from tests.refusals.case import Case, Could, Told, case, told

AGENT = "amplification-agent"
STOPPED = builders.after(
    builders.declared(), [PartnerStopped(partner="ambulance", partner_name="Vale Ambulance", reason="too many posts")]
)
ALONE = builders.carried_out(
    builders.declared(),
    StopPartner(partner="ambulance", account_id="did:vale:1", reason="it may be another's"),
    by=builders.WRITER,
)
"""One account of the partner is stopped, and the partner is not."""
RESUME = ResumePartner(partner="ambulance", reason="the account is theirs")
RESUME_ONE = RESUME.model_copy(update={"accounts": ("did:vale:9",)})
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


def scoped(**scope: Any) -> Register:
    return builders.register(partners={"ambulance": builders.partner(scope=Scope(**scope))})


def strange() -> Incident:
    """One more post that sells stops its partner."""
    incident = after(post(f"{SELLS} 1", post_id="post-1"))
    return builders.carried_out(incident, post(f"{SELLS} 2", post_id="post-2"), by=AGENT)


LEVEL_3 = builders.declared().model_copy(update={"declaration": builders.declaration(level=3)})


def two_partners() -> Register:
    police = builders.partner(id="police", name="Vale Police", category="police", account_id="did:vale:2")
    return builders.register(partners={"ambulance": builders.partner(), "police": police})


def belongs(url: str | None) -> Told:
    """Whose post a person shares by hand, of a partner with two accounts."""
    other = PartnerAccount(
        kind="rss",
        account_id="did:vale:2",
        domain="news.vale.example",
        address="https://news.vale.example/feed",
        evidence="it said so on the telephone",
    )
    found = account_of(builders.partner(accounts=(other,)), url)
    return [found] if isinstance(found, Refused) else []


def police(text: str) -> Amplify:
    return post(text, partner="police", account_id="did:vale:2")


OTHERWISE = (police("Three people died."), after(post("Two people have died.")))
LEAVE = (police("Please evacuate."), after(post("Please stay inside.")))
SETTLE = SettleLookAlikes(imitates="fire", reason="I told its network.")
IMITATED = builders.carried_out(
    RegisterLog(mode=LIVE),
    NoteLookAlike(
        account_id="did:fake:1", domain="f1re.example", imitates="fire", post_id="post-1", evidence="it looks the same"
    ),
    by=AGENT,
)
RENEWING = post().model_copy(update={"renews": True})
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
    case("has no account did:vale:9: choose one of did:vale:1", STOP.model_copy(update={"account_id": "did:vale:9"})),
    case("did:vale:9 of ambulance is not stopped alone: these are: none", RESUME_ONE, STOPPED),
    case("from account did:vale:1 are stopped since 22:31 GMT: ask", post(), ALONE, by=AGENT),
    case("no power to amplify", STOP, by=NURSE, could=Could(MAY_STOP_PARTNER)),
    case("no power to amplify", STOP, RegisterLog(mode=LIVE), by=NURSE, could=Could(MAY_STOP_PARTNER)),
    case("account page shares no partner's posts: name an incident", STOP, PAGE),
    case("account page shares no partner's posts: name an incident", RESUME, PAGE),
    case(
        "from account did:vale:1 are stopped in all incidents since 22:31 GMT (it was taken over): ask",
        post(),
        by=AGENT,
        register=builders.register(stopped_accounts={"ambulance": {"did:vale:1": TAKEN_OVER}}),
    ),
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
    case("deleted this post before it went out here", GONE, after(post()), by=AGENT),
    case("marked this post “exercise”: what its", post().model_copy(update={"status": "exercise"}), by=AGENT),
    case("these words of the post are out already", RENEWING, after(post()), by=AGENT),
    case("earlier words of this post are still out here: withdraw", RENEWING, after(post("Be ready.")), by=AGENT),
    case("as it says itself: it does not go out", post(lapses_at=NOW), by=AGENT),
    case("no account is known that looks like fire: choose one of these: none", SETTLE, RegisterLog(mode=LIVE)),
    case("no power to amplify", SETTLE, IMITATED, by=NURSE, could=Could(MAY_STOP_PARTNER)),
    case("give the order to the register", SETTLE),
    case("is level 3", post(), LEVEL_3, by=AGENT, register=scoped(from_level=4)),
    case("speaks by itself about flood only", post(), by=AGENT, register=scoped(hazards=("flood",))),
    case("has none of the places about which", post(), by=AGENT, register=scoped(places=("Mill Lane",))),
    case(
        "says otherwise than Vale Ambulance (post “Two people have died.” of 22:31 GMT) about how many died",
        *OTHERWISE,
        by=AGENT,
        register=two_partners(),
    ),
    told("has several accounts: give the link to the post", lambda: belongs(None)),
    told("this link belongs to no account of Vale Ambulance", lambda: belongs("https://elsewhere.example/1")),
    case("about whether people leave or stay inside", *LEAVE, by=AGENT, register=two_partners()),
    case(
        "3 posts of its account did:vale:1 within an hour sold something",
        post(SELLS, post_id="post-3"),
        strange(),
        by=AGENT,
    ),
)
