"""Through a running worker: one person stops, and nothing goes on until a person says so, delivery by delivery."""

import asyncio

from agents.adapters.memory.played_faults import Trouble
from streams.values import Purpose
from streams.words.delivery import Delivery, DeliveryState, Dispatch
from streams.words.facts import CommandRefused
from streams.words.orders import CommandBody
from streams.words.release import LineDrafted, SignOff
from streams.words.stops import CancelRelease, Freeze, IncidentResumed, ReleaseHeld, Resume, ReturnDraft
from tests import builders
from tests.builders import COMMANDER, SIGNER, WRITER
from tests.scenarios.worker_bench import PATIENCE_SECONDS, Bench, bench


class SocialIsDown:
    """Trouble of one channel, for as long as it lasts."""

    def __init__(self) -> None:
        self.lasts = True

    def __call__(self, dispatch: Dispatch, attempt: int) -> Trouble | None:
        del attempt
        return Trouble.NOT_SENT if self.lasts and dispatch.channel == "social" else None


async def given(on: Bench, body: CommandBody, *, by: str = COMMANDER) -> list[str]:
    """The kinds of facts that answer this order."""
    return builders.kinds(fact.body for fact in await on.answered(on.order(body, by=by)))


async def on_social(on: Bench, purpose: Purpose, state: DeliveryState) -> Delivery:
    """The delivery of this message on the channel that is in trouble, once it is in this state."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            incident = await on.incident()
            for one in incident.deliveries.values():
                found = (one.channel, incident.messages[one.message_id].purpose, one.state)
                if found == ("social", purpose, state):
                    return one
            await asyncio.sleep(0.01)


def said(on: Bench, channel: str) -> list[Purpose]:
    return [post.message.purpose for post in on.channels[channel].posts]


async def test_a_freeze_holds_what_had_not_left_until_it_is_released_or_cancelled(log_url: str) -> None:
    """The social channel is down; two first words wait there. A correction passes; on resuming none goes by itself."""
    trouble = SocialIsDown()
    async with bench(log_url, builders.register(), plan=trouble) as on:
        await given(on, builders.declaration())
        await given(on, builders.holding())
        await given(on, builders.holding(purpose=Purpose.ALL_CLEAR))
        for purpose in (Purpose.HOLDING, Purpose.ALL_CLEAR):
            await on_social(on, purpose, DeliveryState.UNSENT)
        assert await given(on, Freeze(reason="the place may be wrong"), by=WRITER) == ["incident_frozen"]
        waiting = await on_social(on, Purpose.HOLDING, DeliveryState.UNSENT)
        over = await on_social(on, Purpose.ALL_CLEAR, DeliveryState.UNSENT)
        trouble.lasts = False
        assert await given(on, builders.holding(slots={**builders.SLOTS, "time": "22:20"})) == ["command_refused"]
        correction = builders.holding(purpose=Purpose.CORRECTION, follows=waiting.message_id)
        assert (await given(on, correction))[0] == "message_authorised"
        await on_social(on, Purpose.CORRECTION, DeliveryState.CONFIRMED)
        assert await given(on, Resume(reason="it is right"), by=WRITER) == ["command_refused"]
        (resumed,) = await on.answered(on.order(Resume(reason="it is right")))
        assert isinstance(resumed.body, IncidentResumed)
        assert {waiting.id, over.id} <= set(resumed.body.held)
        stopped = await given(on, CancelRelease(message_id=waiting.message_id, reason="it was wrong"), by=WRITER)
        assert stopped == ["release_cancelled", "delivery_refused"]
        assert said(on, "social") == [Purpose.CORRECTION]
        assert (await given(on, ReleaseHeld(delivery_id=over.id)))[:2] == ["held_released", "delivery_asked"]
        await on_social(on, Purpose.ALL_CLEAR, DeliveryState.CONFIRMED)
        assert said(on, "social") == [Purpose.CORRECTION, Purpose.ALL_CLEAR]


async def test_a_returned_draft_is_released_by_nobody(log_url: str) -> None:
    """A sign-off that comes after it is refused with the name of who returned it."""
    async with bench(log_url, builders.register()) as on:
        await given(on, builders.declaration())
        (fact, *_) = await on.answered(on.order(builders.line(), by=WRITER))
        assert isinstance(fact.body, LineDrafted)
        draft = fact.body.message
        assert await given(on, ReturnDraft(message_id=draft.id, reason="say where"), by=SIGNER) == ["draft_returned"]
        yes = SignOff(message_id=draft.id, content_hash=draft.content_hash)
        (refused,) = await on.answered(on.order(yes))
        assert isinstance(refused.body, CommandRefused)
        assert "was returned by Test Medical Director (Medical Director)" in refused.body.reasons[0]
        assert said(on, "website") == []
