"""From a partner's post on a real Bluesky server to our share of it there, and back: streamed, and only asked."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from streams.values import Purpose
from tests.adapters.feeds.partners import OnBluesky, OnSnac
from tests.bluesky import shared_network
from tests.bluesky.jetstream import Jetstream
from tests.scenarios.partner_relay import Relay, relay, until
from tests.snac import Snac
from tests.snac.shared import snac

ASKED_SPEED = 5.0
"""The clock runs so much faster where a partner is asked every 15 seconds: each wait is as many, in played time."""
CRASH = "Coach on its side at Ashby Junction #AshbyCrash"
NOBODY_HURT = "Everybody is safe at Ashby Junction #AshbyCrash"


@pytest.fixture(params=["streamed", "asked"])
async def night(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Relay[OnBluesky]]:
    log_url = f"sqlite:////{tmp_path_factory.mktemp('relay')}/log.db"
    if request.param == "streamed":
        with Jetstream(shared_network()) as stream:
            police = OnBluesky.of(shared_network(), stream=stream.url, every_seconds="900")
            async with relay(log_url, police) as running:
                yield running
    else:
        async with relay(log_url, OnBluesky.of(shared_network(), every_seconds="15"), speed=ASKED_SPEED) as running:
            yield running


@pytest.mark.slow
async def test_a_partners_post_is_shared_and_its_deletion_and_edit_take_the_share_back(night: Relay[OnBluesky]) -> None:
    """Each post once; one that names another incident is not shared, nor is an answer to somebody else.

    An edited post is shared as it says now by a copy of its words, since the public of Bluesky sees no edit.
    """
    police = night.police
    police.post("Road works on the ring road")
    police.answer_others("Yes, at Ashby Junction #AshbyCrash")
    first = police.post(CRASH)
    await night.until_shared(first)
    second = police.post("The A41 is closed #AshbyCrash")
    await night.until_shared(first, second)
    police.edit(first, NOBODY_HURT)
    await night.until_shared(second)
    await until(lambda: [NOBODY_HURT in one for one in night.ours.said()] == [True])
    police.delete(second)
    await night.until_shared()
    police.edit(first, "It is not so")
    await until(lambda: not any(NOBODY_HURT in one for one in night.ours.said()))


@pytest.mark.slow
async def test_on_a_server_of_the_mastodon_api_an_edited_post_is_shared_as_it_says_now(tmp_path: Path) -> None:
    """Taken back and boosted again, since the network shows the edit; what it says of nothing of ours is not."""
    snac()
    with Snac(tmp_path, host="localhost") as server:
        await seen_on(OnSnac.of(server, every_seconds="15"), tmp_path)


async def seen_on(police: OnSnac, folder: Path) -> None:
    async with relay(f"sqlite:////{folder}/log.db", police, speed=ASKED_SPEED) as night:
        await night.until_shared(first := police.post(CRASH))
        police.edit(first, NOBODY_HURT)
        await night.until_said(Purpose.AMPLIFICATION, Purpose.WITHDRAWAL, Purpose.AMPLIFICATION)
        await night.until_shared(first)
        police.edit(first, "It is not so")
        await night.until_shared()
        second = police.post("The A41 is closed #AshbyCrash")
        await night.until_shared(second)
        police.delete(second)
        await night.until_shared()


@pytest.mark.slow
async def test_what_a_suspended_account_said_is_taken_back_and_nothing_more_of_it_is_shared(
    night: Relay[OnBluesky],
) -> None:
    """Also once it is back: a person resumes a partner."""
    police = night.police
    await night.until_shared(first := police.post(CRASH))
    police.suspend()
    await night.until_shared()
    police.suspend(suspended=False)
    police.post("The A41 is closed #AshbyCrash")
    await night.until_stopped()
    assert first not in night.shared()


@pytest.mark.slow
async def test_a_renamed_account_is_stopped_and_a_person_decides_what_of_it_stays(night: Relay[OnBluesky]) -> None:
    police = night.police
    first = police.post(CRASH)
    await night.until_shared(first)
    police.rename()
    await night.until_stopped()
    police.post("The A41 is closed #AshbyCrash")
    assert list(night.shared()) == [first]
