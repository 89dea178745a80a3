"""Seeded nights on all kinds of channels together, with the real desk and publishing agent."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest

from agents.adapters.memory.played_faults import Trouble
from streams.decisions.channels.card import Mend
from streams.decisions.channels.kinds import KINDS
from streams.decisions.release import channel_order
from streams.errors import Forged
from streams.values import Purpose
from streams.words.delivery import DeliveryConfirmed, DeliveryState, Resolution
from tests.builders import OFFICER
from tests.scenarios import adversary
from tests.scenarios.adversary import harass
from tests.scenarios.card_night import CARDS, CardNight, judge, watch
from tests.scenarios.judging import Broken
from tests.scenarios.simulation import NeverSettles

STEPS = 80
BATCHES = 4
SEEDS_MAX = 300
"""So many nights a fault of ours may take to show."""
WEIGHTS = {**adversary.WEIGHTS, adversary.orders: 10, adversary.stops: 0.3, adversary.end: 0.3, adversary.pause: 2}
"""More is released, mended and withdrawn than is stopped."""
MACHINES = [name for name, kind in CARDS.items() if not kind.by_hand]


def played(seed: int, *on: str) -> CardNight:
    """One night on channels of these kinds, settled and judged."""
    sim = CardNight(seed, trouble=(0.3, 1.0, 1.2, 0.6)[seed % 4], kinds=on)
    harass(sim, watch, STEPS, weights=WEIGHTS)
    sim.settle()
    judge(sim)
    return sim


def faulty(seeds: Iterable[int], *on: str) -> list[str]:
    """What was found, with the seed that plays it again: `played(seed, *on)`."""
    found = []
    for seed in seeds:
        try:
            played(seed, *on)
        except (Broken, NeverSettles, Forged) as broken:
            found.append(f"seed {seed}: {broken}")
    return found


@pytest.mark.parametrize("batch", range(BATCHES))
def test_on_no_kind_of_channel_a_message_is_lost_doubled_or_back_after_its_withdrawal(
    batch: int, pytestconfig: pytest.Config
) -> None:
    """Each unknown outcome is settled by time or by a person. `--seeds 10000` for the long form."""
    assert faulty(range(batch, int(pytestconfig.getoption("--seeds")), BATCHES)) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", MACHINES)
def test_the_nights_meet_every_trouble_of_a_kind_and_settle_it_by_time_and_by_people(name: str) -> None:
    """What is mended and withdrawn is so while its own outcome is unknown too."""
    nights = [played(seed, name) for seed in range(160)]
    met = {one for night in nights for one in night.world.met}
    wanted = [one for one in Trouble if one is not Trouble.HIDDEN or CARDS[name].is_verified]
    assert {f"{name}: {one}" for one in wanted} <= met
    bodies = [fact for night in nights for fact in night.facts]
    assert {one.by for one in bodies if isinstance(one.body, DeliveryConfirmed)} >= {"publishing-agent", OFFICER}
    done = Counter(
        night.incident.messages[one.message_id].purpose
        for night in nights
        for one in night.incident.deliveries.values()
        if one.state is DeliveryState.CONFIRMED
    )
    assert min(done[one] for one in (Purpose.HOLDING, Purpose.CORRECTION, Purpose.WITHDRAWAL)) > 0


WRONG: dict[str, tuple[str, dict[str, object]]] = {
    "a text message knows its key": ("sms", {"resolution": Resolution.SEND_AGAIN}),
    "a mail server knows its key": ("email", {"resolution": Resolution.SEND_AGAIN}),
    "a server that ignores keys knows them": ("mastodon", {"resolution": Resolution.SEND_AGAIN}),
    "a text message lands at once or never": ("sms", {"settles_after": None}),
    "a post lands at once or never": ("mastodon", {"settles_after": None}),
    "a deleted post needs no second look": ("mastodon", {"withdraws": Mend.REPLY, "corrects": Mend.REPLY}),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_row_that_claims_more_than_its_channel_does_is_found(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nights can fail: the desk believes the row, and the channel goes on as it is."""
    name, claims = WRONG[wrong]
    monkeypatch.setitem(KINDS, name, replace(KINDS[name], **claims))  # type: ignore[arg-type] # fields of the row
    assert any(faulty([seed], name) for seed in range(SEEDS_MAX))


def test_a_correction_or_withdrawal_made_blindly_and_taken_for_done_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the words of a mend proved that what it mends is gone."""
    monkeypatch.setattr(channel_order, "found_by_receipt", lambda *_: None)
    assert any(faulty([seed], "mastodon") for seed in range(SEEDS_MAX))


def test_words_sent_again_after_their_correction_was_withdrawn_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a withdrawal of a correction said nothing about what the correction mended."""
    monkeypatch.setattr(channel_order, "_is_asked", lambda *_, **__: False)
    assert any(faulty([seed], "bluesky") for seed in range(SEEDS_MAX))
