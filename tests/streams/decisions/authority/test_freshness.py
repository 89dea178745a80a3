"""Approvals lapse, orders go stale, messages expire; each with a reason that says what to do."""

from datetime import UTC, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.authority.freshness import (
    CLOCK_SKEW_MAX,
    ORDER_AGE_MAX,
    message_faults,
    stale_order,
    template_faults,
)
from streams.decisions.verdict import reasons_of
from streams.values import Purpose
from streams.words.register.entries import Template
from tests import builders
from tests.builders import NOW, SIGNER, WRITER, approved, template

AGES = st.timedeltas(timedelta(days=-2), timedelta(days=2))


def faults(one: Template) -> str:
    return "; ".join(reasons_of(template_faults(one, builders.register(), now=NOW)))


@given(age=AGES)
def test_an_order_holds_for_a_quarter_of_an_hour_and_two_minutes_ahead(age: timedelta) -> None:
    """Older may no longer be meant; further ahead is a clock that is wrong."""
    fresh = -CLOCK_SKEW_MAX <= age <= ORDER_AGE_MAX
    assert (stale_order(NOW - age, NOW) is None) is fresh


def test_an_approved_template_is_fresh() -> None:
    """Nothing is wrong where nothing is wrong."""
    assert faults(template()) == ""


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        (template().model_copy(update={"approval": None}), "never approved"),
        (template().model_copy(update={"title": "Edited"}), "edited after its approval"),
        (template().model_copy(update={"channels": ("website",)}), "edited after its approval"),
        (approved(template(), by=WRITER), "approved by its own owner"),
        (approved(template(), by="nobody"), "may not approve"),
        (approved(template(), by=builders.NURSE), "may not approve"),
        (approved(template(), at=NOW + timedelta(minutes=1)), "lies ahead"),
        (approved(template(), expires_at=NOW), "expired"),
        (template(review_on=NOW.date() - timedelta(days=1)), "due for review"),
    ],
)
def test_a_template_that_is_not_approved_now_says_why_and_whom_to_ask(spoilt: Template, reason: str) -> None:
    """Edited, unapproved, self-approved, approved by nobody who may, expired, overdue."""
    assert reason in faults(spoilt)
    assert ": " in faults(spoilt)


def test_every_fault_of_a_template_is_named_at_once() -> None:
    """So that it is mended once, not five times."""
    bad = approved(template(owner=SIGNER, review_on=NOW.date() - timedelta(days=9)), expires_at=NOW)
    assert len(reasons_of(template_faults(bad, builders.register(), now=NOW))) == 3


def test_a_template_is_due_on_the_day_after_its_review_date() -> None:
    """The day itself still counts."""
    assert faults(template(review_on=NOW.date())) == ""


@pytest.mark.parametrize("field", ["texts", "channels", "expires_at", "hashtags", "slots", "purpose", "credit"])
def test_any_edit_of_an_authorised_message_voids_the_yes(field: str) -> None:
    """Text, slots, channels, hashtags, purpose, credit and expiry are what the yes was for."""
    incident = builders.released()
    (name, message), authorisation = next(iter(incident.messages.items())), next(iter(incident.authorisations.values()))
    edits = {
        "texts": {"en": "Something else."},
        "channels": ("website",),
        "expires_at": message.expires_at + timedelta(seconds=1),
        "hashtags": (),
        "slots": {},
        "purpose": "line",
        "credit": builders.credit(),
    }
    assert name == message.id
    assert message_faults(message, authorisation, now=NOW, zone=UTC) is None
    edited = message.model_validate({**message.model_dump(), field: edits[field]})
    assert "not what was authorised" in reasons_of(message_faults(edited, authorisation, now=NOW, zone=UTC))[0]
    resealed = edited.model_copy(update={"content_hash": edited.content()})
    assert "not what was authorised" in reasons_of(message_faults(resealed, authorisation, now=NOW, zone=UTC))[0]


def test_message_and_authority_end_at_their_very_moment() -> None:
    """At the end it has ended."""
    incident = builders.released()
    message, authorisation = next(iter(incident.messages.values())), next(iter(incident.authorisations.values()))
    assert message_faults(message, authorisation, now=message.expires_at - timedelta(microseconds=1), zone=UTC) is None
    assert "expired" in reasons_of(message_faults(message, authorisation, now=message.expires_at, zone=UTC))[0]
    ends = authorisation.model_copy(update={"until": NOW})
    assert "authority to send it ended" in reasons_of(message_faults(message, ends, now=NOW, zone=UTC))[0]


def test_a_withdrawal_needs_no_approval_that_is_still_young() -> None:
    """To withdraw is easier than to speak; but only words that a second person approved as they are."""
    old = builders.approved(builders.template(review_on=date(2026, 1, 1)), expires_at=NOW)
    assert template_faults(old, builders.register(), now=NOW, purpose=Purpose.WITHDRAWAL) is None
    assert template_faults(old, builders.register(), now=NOW, purpose=Purpose.HOLDING)
    edited = old.model_copy(update={"title": "Edited"})
    assert template_faults(edited, builders.register(), now=NOW, purpose=Purpose.WITHDRAWAL)
