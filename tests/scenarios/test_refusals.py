"""What must not happen is refused with a sentence that says what to do, and the refusal is a fact in the log."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from streams.words.facts import CommandRefused
from streams.words.incident import BeginExercise, Wiring
from streams.words.orders import CommandBody
from streams.words.register.entries import Register, Template
from streams.words.release import LineDrafted, SignOff
from tests import builders
from tests.scenarios.worker_bench import Bench, bench

DAY = timedelta(days=1)


def with_template(one: Template) -> Register:
    return builders.register(templates={one.id: one})


async def refusal(on: Bench, body: CommandBody, *, by: str = builders.COMMANDER) -> CommandRefused:
    """The one fact that answers an order which must be refused."""
    (fact,) = await on.answered(on.order(body, by=by))
    assert isinstance(fact.body, CommandRefused), fact.body
    return fact.body


@pytest.fixture
async def live(log_url: str) -> AsyncIterator[Bench]:
    async with bench(log_url, builders.register()) as running:
        await running.answered(running.order(builders.declaration()))
        yield running


async def test_an_exercise_event_on_a_live_worker_is_refused(live: Bench) -> None:
    stray = live.order(builders.holding()).model_copy(update={"mode": builders.DRILL})
    (fact,) = await live.answered(stray)
    assert isinstance(fact.body, CommandRefused)
    assert "of mode exercise-1" in fact.body.reasons[0]
    assert "give it where it belongs" in fact.body.reasons[0]
    assert not any(channel.posts for channel in live.channels.values())


async def test_a_live_credential_in_an_exercise_is_refused(log_url: str) -> None:
    wiring = (Wiring(channel="website", kind="memory", mode=builders.DRILL, credential_mode="live"),)
    async with bench(log_url, builders.register(), mode=builders.DRILL) as drill:
        refused = await refusal(drill, BeginExercise(title="Night drill", wiring=wiring))
    assert refused.reasons == ("channel website holds a credential of mode live: take it out of the exercise",)


async def test_an_exercise_on_a_live_worker_does_not_begin(log_url: str) -> None:
    async with bench(log_url, builders.register()) as on:
        refused = await refusal(on, BeginExercise(title="Night drill", wiring=()))
    assert "exercise run" in refused.reasons[0]


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        (builders.template().model_copy(update={"approval": None}), "was never approved"),
        (builders.template().model_copy(update={"title": "Edited"}), "was edited after its approval"),
        (builders.approved(builders.template(), expires_at=builders.NOW - DAY), "expired on"),
        (builders.approved(builders.template(), by=builders.WRITER), "approved by its own owner"),
    ],
    ids=["unapproved", "edited", "expired", "self-approved"],
)
async def test_a_template_that_is_not_pre_approved_is_refused(log_url: str, template: Template, sentence: str) -> None:
    async with bench(log_url, with_template(template)) as on:
        await on.answered(on.order(builders.declaration()))
        refused = await refusal(on, builders.holding())
    assert any(sentence in reason and "approve" in reason for reason in refused.reasons)


async def test_a_person_without_the_power_at_that_hour_is_refused_and_told_who_could(live: Bench) -> None:
    refused = await refusal(live, builders.holding(), by=builders.OFFICER)
    assert any("in hours only" in reason for reason in refused.reasons)
    assert refused.who_could == ("Test Director On Call (Director On Call)",)


async def test_who_wrote_a_line_cannot_sign_it_off(live: Bench) -> None:
    (fact,) = await live.answered(live.order(builders.line(), by=builders.WRITER))
    assert isinstance(fact.body, LineDrafted)
    draft = fact.body.message
    yes = SignOff(message_id=draft.id, content_hash=draft.content_hash)
    refused = await refusal(live, yes, by=builders.WRITER)
    assert refused.reasons == ("who wrote a line cannot sign it off: ask another person",)
    assert refused.who_could


async def test_an_unfilled_slot_is_refused(live: Bench) -> None:
    refused = await refusal(live, builders.holding(slots={"time": "22:15"}))
    assert any("{place}" in reason and "fill it" in reason for reason in refused.reasons)
