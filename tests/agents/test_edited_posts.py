"""What a partner's post says now is what is judged, whatever became of its first words."""

from typing import Any

import pytest

from agents.amplification import Changed, Needs, handle, handle_declaration
from streams.subjects.incident import Incident
from streams.words.delivery import DeliveryState
from streams.words.posts import PartnerPost
from streams.words.release import Amplify
from tests import builders
from tests.agents.doubles import MemoryIncidents, MemoryPosts, clock_at
from tests.agents.test_amplification_agent import declared_fact, needs, post

EDITED = "Crews are at Ashby Junction. Nobody was hurt."


async def judged(*given: PartnerPost) -> Incident:
    """The incident after these posts, in the order in which they come."""
    state = builders.declared()
    register = builders.register()
    for number in range(1, len(given) + 1):
        view = Needs(clock_at(), lambda: register, MemoryIncidents((state,)), MemoryPosts(given[:number]))
        try:
            orders = await handle(given[number - 1], view)
        except Changed:
            continue
        for order in orders:
            state = builders.carried_out(state, order.body, by=order.by)
    return state


def said_of(state: Incident) -> list[str]:
    """What of the partner's words goes out, and was neither ended nor taken back."""
    back = {one.follows for one in state.messages.values()}
    sent = {one.message_id for one in state.deliveries.values() if one.state is not DeliveryState.REFUSED}
    shared = [one for one in state.messages.values() if one.credit and one.id in sent - back]
    return [text.partition(": ")[2] for one in shared for text in one.texts.values()]


@pytest.mark.parametrize(
    "first",
    [
        {"text": "Crews are at Ashby Junction.", "status": "test"},
        {"text": "20 % off at Ashby Junction with code CREW"},
        {"text": "Ashby Junction " * 200},
        {"text": "Crews are somewhere."},
    ],
    ids=["refused as a test", "waits for a yes", "too long", "about nothing of ours"],
)
async def test_an_edited_post_that_was_out_nowhere_is_judged_by_what_it_says_now(first: dict[str, Any]) -> None:
    """Its first words never go out, and no draft of them waits any more."""
    state = await judged(post(**first))
    assert said_of(state) == []
    state = await judged(post(**first), post(change="edited", id="pp-2", text=EDITED))
    assert said_of(state) == [EDITED]
    assert state.drafts == {}


async def test_an_edit_that_comes_before_its_post_is_judged_and_the_post_changes_nothing() -> None:
    """The first words, which come late, neither go out nor take back what the post says now."""
    edited = post(change="edited", id="pp-2", text=EDITED)
    for came in ((edited, post()), (post(), edited), (post(), edited, post(id="again")), (edited, post(), edited)):
        state = await judged(*came)
        assert said_of(state) == [EDITED], came


async def test_an_edit_of_a_picture_leaves_the_draft_that_waits_as_it_is() -> None:
    first = post(text="20 % off at Ashby Junction with code CREW")
    state = await judged(first)
    again = await judged(first, first.model_copy(update={"change": "edited", "id": "pp-2"}))
    assert [*again.drafts] == [*state.drafts]
    assert len(again.drafts) == 1


async def test_a_post_that_was_edited_before_the_declaration_goes_out_as_it_says_now() -> None:
    """Whichever of its words came last."""
    edited = post(change="edited", id="pp-2", text=EDITED)
    for known in ((post(), edited), (edited, post()), (post(text="Elsewhere."), edited)):
        [order] = await handle_declaration(declared_fact(), needs(posts=known))
        assert isinstance(order.body, Amplify)
        assert (order.body.text, order.body.renews) == (EDITED, True)
    same = post(change="edited", id="pp-2")
    [order] = await handle_declaration(declared_fact(), needs(posts=(post(), same)))
    assert isinstance(order.body, Amplify)
    assert not order.body.renews
