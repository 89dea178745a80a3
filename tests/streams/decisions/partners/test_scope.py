"""What a partner's post may do by itself: it is meant, it holds still, it is in scope; what is strange counts."""

from datetime import UTC, timedelta
from typing import Any

import pytest

from streams.decisions.partners.scope import STRANGE_MAX, STRANGE_WITHIN
from streams.decisions.release.amplification import credited_text
from streams.projections.words_out import words_out
from streams.subjects.attention import waiting
from streams.telling.facts import picture
from streams.words.facts import CommandRefused
from streams.words.holds import HeldField
from streams.words.register.accounts import PartnerStopped
from streams.words.register.entries import Register
from streams.words.register.partners import Scope
from streams.words.release import LineDrafted, MessageAuthorised
from streams.words.stops import ResumePartner
from tests import builders
from tests.builders import NOW, SIGNER, WRITER
from tests.streams.decisions.release.test_partner_posts import AGENT, after, post

NOT_MEANT = ("exercise", "system", "test", "draft")


def scoped(**scope: Any) -> Register:
    return builders.register(partners={"ambulance": builders.partner(scope=Scope(**scope))})


def first(body: Any, register: Register | None = None, mode: str = builders.LIVE, by: str = AGENT) -> Any:
    return after(builders.declared(mode), body, by, register=register or builders.register())[0][0].body


@pytest.mark.parametrize("status", NOT_MEANT)
@pytest.mark.parametrize("by", [AGENT, WRITER])
def test_what_its_author_does_not_mean_never_goes_out_live(status: str, by: str) -> None:
    """Not by the rule, and on no person's yes; the commander reads why."""
    refused = first(post().model_copy(update={"status": status}), by=by)
    assert isinstance(refused, CommandRefused)
    assert f"Vale Ambulance marked this post “{status}”" in refused.reasons[0]


@pytest.mark.parametrize("status", NOT_MEANT)
def test_in_our_drill_a_partners_drill_goes_out_with_our_mark(status: str) -> None:
    body = first(post().model_copy(update={"status": status}), mode=builders.DRILL)
    assert isinstance(body, MessageAuthorised)
    assert "EXERCISE" in body.message.texts["en"]


def lasting(minutes: int) -> Any:
    return post(lapses_at=NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize("minutes", [-60, 0])
def test_what_holds_no_longer_does_not_go_out(minutes: int) -> None:
    refused = first(lasting(minutes))
    assert isinstance(refused, CommandRefused)
    assert "as it says itself" in refused.reasons[0]


def test_a_post_is_not_sent_after_the_time_until_which_it_holds() -> None:
    """A channel that answers late gets it no more."""
    body = first(lasting(10))
    assert isinstance(body, MessageAuthorised)
    assert body.message.expires_at == NOW + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("scope", "text"),
    [
        ({"hazards": ("flood",)}, "Crews are here."),
        ({"places": ("Mill Lane",)}, "Crews are at Ashby Junction."),
        ({"words": ("ambulance", "paramedics")}, "Crews are here."),
        ({"words": ("crew",)}, "Crews are here."),
    ],
    ids=str,
)
def test_a_person_is_asked_about_what_its_partner_does_not_speak_of(scope: dict[str, Any], text: str) -> None:
    """The draft says why; it is neither sent nor lost."""
    body = first(post(text=text), scoped(**scope))
    assert isinstance(body, LineDrafted)
    assert body.is_strange
    assert any("speaks by itself" in doubt for doubt in body.message.doubts)


@pytest.mark.parametrize(
    ("scope", "text"),
    [
        ({}, "Crews are here."),
        ({"hazards": ("flood", "transport-crash")}, "Crews are here."),
        ({"hazards": ("coach-crash",)}, "Crews are here."),
        ({"places": ("Mill Lane", "ASHBY junction")}, "Crews are at Ashby Junction."),
        ({"words": ("t\u0177",)}, "Mae'r TY\u0302 ar gau."),
        ({"from_level": 4}, "Crews are here."),
    ],
    ids=str,
)
def test_what_is_in_scope_goes_out_by_itself(scope: dict[str, Any], text: str) -> None:
    """Whole words, whatever their case and accents; hazards are those that were declared or reported."""
    assert isinstance(first(post(text=text), scoped(**scope)), MessageAuthorised)


def test_below_its_level_a_person_is_asked_and_nothing_counts_against_the_account() -> None:
    declared = builders.declared()
    declared = declared.model_copy(update={"declaration": builders.declaration(level=2)})
    facts, then = after(declared, post(), register=scoped(from_level=3))
    assert isinstance(facts[0].body, LineDrafted)
    assert facts[0].body.message.doubts == (
        "the posts of Vale Ambulance go out by themselves from level 3 on, this is level 2",
    )
    assert not then.stops.strange


def selling(count: int, *, apart: timedelta = timedelta(minutes=1)) -> Any:
    """An incident in which so many posts came that sell something."""
    incident, now, found = builders.declared(), NOW, []
    for number in range(count):
        body = post(number, f"{10 + number} % off all tickets.").model_copy(update={"posted_at": now})
        facts, incident = after(incident, body, now=now)
        found += [fact.body for fact in facts]
        now += apart
    return found, incident


def test_a_few_strange_posts_suspend_the_account_and_a_person_is_told() -> None:
    """None of them went out; the one on call hears of the partner once, with the reason."""
    bodies, incident = selling(STRANGE_MAX)
    assert not any(isinstance(one, MessageAuthorised) for one in bodies)
    [stopped] = [one for one in bodies if isinstance(one, PartnerStopped)]
    assert f"{STRANGE_MAX} posts of its account did:vale:1 within an hour" in stopped.reason
    assert "holdingline resume-partner" in stopped.reason
    assert "stopped-account" in {one.kind for one in waiting(incident, NOW)}
    assert isinstance(after(incident, post(9, "Crews are here."))[0][0].body, LineDrafted)


def test_fewer_or_slower_ones_do_not_and_a_person_lets_the_count_begin_afresh() -> None:
    assert not selling(STRANGE_MAX - 1)[1].stops.accounts
    assert not selling(STRANGE_MAX, apart=STRANGE_WITHIN)[1].stops.accounts
    later = NOW + timedelta(minutes=STRANGE_MAX)
    _, incident = selling(STRANGE_MAX)
    _, incident = after(incident, ResumePartner(partner="ambulance", reason="they rang us"), WRITER, now=later)
    body = post(9, "50 % off.").model_copy(update={"posted_at": later})
    assert not after(incident, body, now=later)[1].stops.accounts


@pytest.mark.parametrize("category", ["police", "ambulance", "fire", "council"])
@pytest.mark.parametrize(
    ("field", "text", "leads"),
    [
        (HeldField.CASUALTIES, "Two people have died.", True),
        (HeldField.CAUSE, "It was caused by arson.", True),
        (HeldField.CONDITION, "The driver is in a critical condition.", True),
        (HeldField.NAMES, "The dead man is Mr Evan Jones of Mill Lane.", False),
    ],
)
def test_only_the_agency_that_leads_passes_a_hold_and_none_passes_one_on_names(
    category: str,
    field: HeldField,
    text: str,
    leads: bool,  # noqa: FBT001 - a case of the table
) -> None:
    """The register says who leads, police and ambulance if it does not; no partner names a person on our accounts."""
    register = builders.register(
        partners={"ambulance": builders.partner(category=category)},
        holds={"it": builders.hold(id="it", field=field)},
    )
    passes = leads and category in {"police", "ambulance"}
    assert isinstance(first(post(text=text), register), MessageAuthorised) is passes


def test_that_sharing_is_no_endorsement_is_said_where_the_register_says_so() -> None:
    """In the language of the post, behind it and its link; the partner's edit is compared without it."""
    words = {"en": "Sharing is not endorsement.", "cy": "Nid yw rhannu yn gymeradwyaeth."}
    register = builders.register(partners={"ambulance": builders.partner(disclaimer=words)})
    body = first(post(text="Mae criwiau yma.").model_copy(update={"language": "cy"}), register)
    assert isinstance(body, MessageAuthorised)
    assert body.message.texts["cy"] == f"Vale Ambulance: Mae criwiau yma. {words['cy']}"
    assert body.message.credit is not None
    assert credited_text(body.message.credit, "Mae criwiau yma.") == body.message.texts["cy"]


def test_the_status_names_the_rule_and_who_made_it_and_no_signature() -> None:
    """Who registered and who approved the partner did nothing that hour."""
    _, incident = after(builders.declared(), post())
    lines = "\n".join(picture(incident, zone=UTC))
    assert f"let out by the rule on ambulance that {SIGNER} registered and {WRITER} approved" in lines
    assert [one.person for one in words_out(incident)] == [
        f"the rule on ambulance that {SIGNER} registered and {WRITER} approved"
    ]
    assert "signed off by" not in lines
