"""What a script calls newest is looked up in the incident when the order is given."""

import pytest

from agents.exercise.script.cues import resolve
from streams.words.stops import CancelRelease, Freeze, ReturnDraft, WithdrawDraft
from tests import builders


@pytest.mark.parametrize("kind", [ReturnDraft, WithdrawDraft])
def test_the_latest_draft_can_be_stopped_by_a_script(kind: type[ReturnDraft | WithdrawDraft]) -> None:
    incident = builders.carried_out(builders.declared(), builders.line(), by=builders.WRITER)
    order = resolve(kind(message_id="latest-draft", reason="no"), incident)
    assert order == kind(message_id=next(iter(incident.drafts)), reason="no")


def test_the_latest_message_of_a_purpose_can_be_cancelled_by_a_script() -> None:
    incident = builders.released()
    order = resolve(CancelRelease(message_id="latest-holding", reason="no"), incident)
    assert order == CancelRelease(message_id=next(iter(incident.messages)), reason="no")
    other = CancelRelease(message_id="latest-line", reason="no")
    assert resolve(other, incident) == other


def test_an_order_that_names_nothing_is_given_as_it_stands() -> None:
    freeze = Freeze(reason="wait")
    assert resolve(freeze, builders.released()) == freeze
