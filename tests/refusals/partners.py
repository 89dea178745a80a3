"""Refusals about partners' posts: what goes out by itself no more, and what is taken back."""

from typing import Any

from streams.decisions.release.partner_rules import WAITING_MAX
from streams.subjects.incident import Incident
from streams.values import Power
from streams.words.register.entries import Register
from streams.words.release import Amplify, NotePostChange
from streams.words.stops import PartnerStopped, ResumePartner
from tests import builders
from tests.builders import NOW, NURSE
from tests.refusals.case import Case, Could, case

AGENT = "amplification-agent"
STOPPED = builders.after(
    builders.declared(), [PartnerStopped(partner="ambulance", partner_name="Vale Ambulance", reason="too many posts")]
)
RESUME = ResumePartner(partner="ambulance", reason="the account is theirs")
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
