"""Two partners that say otherwise than one another are shown side by side, with who, which post, when and where."""

from datetime import UTC, timedelta
from typing import Any

from streams.subjects.attention import waiting
from streams.subjects.incident import Incident
from streams.telling.attention import told_attention, told_content
from streams.telling.brief import brief
from streams.telling.facts import picture
from streams.telling.network.partners_beside import differing_posts
from streams.words.release import SignOff
from streams.words.stops import WithdrawDraft
from tests import builders
from tests.builders import NOW, WRITER
from tests.refusals.partners import two_partners
from tests.streams.decisions.release.test_partner_posts import GONE, after, post, public

LATER = NOW + timedelta(minutes=7)
LINK, AT = "https://vale-ambulance.example/posts/", "14 Jan 2026 "
POLICE = {"partner": "police", "account_id": "did:vale:2", "url": f"{LINK}2"}


def heard(second: str, **first: Any) -> Incident:
    """What the ambulance said first is out, and what the police say seven minutes later came."""
    register = two_partners()
    said = post(1, "Two people have died.", url=f"{LINK}1", **first)
    _, incident = after(builders.declared(), said, register=register)
    body = post(2, second, **POLICE).model_copy(update={"posted_at": LATER})
    return after(public(incident), body, register=register, now=LATER)[1]


def test_both_are_shown_with_who_which_post_when_and_where() -> None:
    """In the status, at a glance, and beside the draft that waits for a yes."""
    incident = heard("Nobody has died.")
    shown = [
        "partners DIFFER about how many died",
        f"Vale Ambulance: “Vale Ambulance: Two people have died. {LINK}1” (post post-1, {AT}22:31 UTC; let out here)",
        f"Vale Police: “Vale Police: Nobody has died. {LINK}2” (post post-2, {AT}22:38 UTC; waits for a yes)",
    ]
    for lines in ([*brief(incident, LATER, zone=UTC)], [*picture(incident, zone=UTC)]):
        start = next(number for number, line in enumerate(lines) if "partners DIFFER" in line)
        assert [line.strip() for line in lines[start : start + 3]] == shown
    [draft] = [one for one in waiting(incident, LATER) if one.kind == "draft"]
    content = "\n".join(told_content(draft, incident, zone=UTC))
    assert all(line in content for line in shown)


def test_the_sentence_about_what_waits_names_both_posts() -> None:
    [draft] = [one for one in waiting(heard("Nobody has died."), LATER) if one.kind == "draft"]
    assert "Vale Police says otherwise than Vale Ambulance about how many died" in told_attention(draft, zone=UTC)


def test_partners_that_agree_are_not_beside_one_another() -> None:
    assert differing_posts(heard("The road is closed.")) == []
    assert all(one.beside is None for one in waiting(heard("Buy now: two people have died."), LATER))


def test_two_that_are_both_public_stay_side_by_side_until_one_goes() -> None:
    """A person said yes to the later one; then the ambulance takes its own back."""
    register, incident = two_partners(), heard("Nobody has died.")
    [draft] = incident.drafts.values()
    yes = SignOff(message_id=draft.id, content_hash=draft.content_hash)
    _, both = after(incident, yes, WRITER, register=register, now=LATER)
    [pair] = differing_posts(both)
    assert [one.is_out for one in pair.posts] == [True, True]
    _, one_left = after(public(both), GONE, register=register, now=LATER)
    assert differing_posts(one_left) == []


def test_a_draft_that_is_withdrawn_is_beside_nothing() -> None:
    incident = heard("Nobody has died.")
    [draft] = incident.drafts.values()
    withdraw = WithdrawDraft(message_id=draft.id, reason="they rang us")
    assert differing_posts(after(incident, withdraw, WRITER, register=two_partners(), now=LATER)[1]) == []
