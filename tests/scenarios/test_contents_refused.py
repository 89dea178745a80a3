"""What a text may not hold is refused by a running worker, as a fact with what to do; nothing reaches a channel."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import pytest

from streams.decisions.wording.listed_names import name_print
from streams.words.facts import CommandRefused
from streams.words.holds import HeldField, HoldLifted, HoldPlaced, LiftHold, PlaceHold
from streams.words.orders import CommandBody
from streams.words.release import LineDrafted, SignOff
from tests import builders
from tests.builders import COMMANDER, WRITER
from tests.scenarios.worker_bench import PATIENCE_SECONDS, Bench, bench

SAFE = "The coach crash at Ashby Junction at 22:15. Next word by 23:30."
CONDITION = builders.hold(id="condition", field=HeldField.CONDITION, about="how patients are", holders=(COMMANDER,))
REGISTER = builders.register(holds={"condition": CONDITION, "cause": builders.hold()})


@pytest.fixture
async def live(log_url: str) -> AsyncIterator[Bench]:
    async with bench(log_url, REGISTER) as on:
        await on.answered(on.order(builders.declaration()))
        yield on


async def reasons(on: Bench, body: CommandBody, by: str = WRITER) -> str:
    (fact,) = await on.answered(on.order(body, by=by))
    assert isinstance(fact.body, CommandRefused), fact.body.kind
    assert not any(channel.posts for channel in on.channels.values())
    return "; ".join(fact.body.reasons)


async def published(on: Bench) -> None:
    """Wait until every channel has a post."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if all(channel.posts for channel in on.channels.values()):
                return
            await asyncio.sleep(0.01)


REFUSED: Mapping[str, str] = {
    "Call 01xxx.": "still holds 01xxx (X in a number): fill it with what is known",
    "Ref 943 476 5919.": "holds an NHS number (characters 5 to 16): take it out",
    "Call 07700 900123.": "holds a telephone number that is not ours (characters 6 to 17): take it out",
    "Two are in a critical condition.": "says how patients are (characters 9 to 31), which the hold condition",
    "It was caused by ice.": "says why it happened (characters 8 to 16), which the hold cause keeps back",
}


@pytest.mark.parametrize("text", REFUSED)
async def test_a_line_that_holds_it_is_refused(live: Bench, text: str) -> None:
    assert REFUSED[text] in await reasons(live, builders.line(texts={"en": f"{text} {SAFE}"}))


async def test_a_line_in_doubt_is_not_refused_and_goes_out_on_a_yes_to_words_and_doubt(live: Bench) -> None:
    """A false alarm stops no true word; who signs was shown what is suspected."""
    line = builders.line(texts={"en": f"Call NUMBER. {SAFE}"})
    (drafted,) = await live.answered(live.order(line, by=WRITER))
    assert isinstance(drafted.body, LineDrafted)
    draft = drafted.body.message
    assert draft.doubts == ("the en text may be unfinished: NUMBER (a capital word for a value)",)
    await live.answered(live.order(SignOff(message_id=draft.id, content_hash=draft.content_hash)))
    await published(live)


async def test_a_slot_takes_no_free_text(live: Bench) -> None:
    said = await reasons(live, builders.holding(slots={"place": "the house of Alun Prys", "time": "22:15"}), COMMANDER)
    assert said == "slot place takes only a place of the gazetteer: choose one of Ashby General"


async def test_a_name_on_the_list_is_refused_until_its_holder_lifts_the_hold(live: Bench) -> None:
    """From the order to place it to the words on the channel, and no name in any fact before."""
    names = (name_print("Alun Prys", "salt"),)
    place = PlaceHold(field=HeldField.NAMES, about="the driver", holders=(COMMANDER,), names=names, salt="salt")
    (placed,) = await live.answered(live.order(place, by=WRITER))
    assert isinstance(placed.body, HoldPlaced)
    line = builders.line(texts={"en": f"Alun Prys drove. {SAFE}"})
    assert "lift the hold" in await reasons(live, line)
    lift = LiftHold(hold=placed.body.hold.id, reason="the family agrees")
    assert "is lifted by" in await reasons(live, lift)
    assert not any("Prys" in fact.model_dump_json() for fact in await live.facts())
    (lifted,) = await live.answered(live.order(lift))
    assert isinstance(lifted.body, HoldLifted)
    (drafted,) = await live.answered(live.order(line, by=WRITER))
    assert isinstance(drafted.body, LineDrafted)
    draft = drafted.body.message
    await live.answered(live.order(SignOff(message_id=draft.id, content_hash=draft.content_hash)))
    await published(live)
