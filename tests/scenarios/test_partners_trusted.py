"""A partner that may not be itself any more, on the running service: a feed is played to a live worker on its log.

What it says otherwise, what is its own drill, what is past its time, what becomes of its account, who only looks like
it: nothing stays public that should not, and a person is told.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from streams.codec import decode
from streams.decisions.wording.renderer import beginning
from streams.topics import PARTNER_POSTS
from streams.values import LIVE, THE_REGISTER, TRAINING, Purpose, Subject
from streams.words.facts import CommandRefused, Fact
from streams.words.posts import AccountChange
from streams.words.register.accounts import PartnerStopped
from streams.words.register.partners import LookAlikeNoted
from tests.console.bench import FIRST_NIGHT, Night, night
from tests.console.test_asked import FIRE
from tests.examples import CHIEF, NOW

HASHTAG = "#ArdudwyFire"
DIED, NOT_DIED = f"Two people have died in {HASHTAG}.", f"Nobody has died in {HASHTAG}."
SENT, BACK = Purpose.AMPLIFICATION.value, Purpose.WITHDRAWAL.value
AMPLIFIER = "lowri.penfynach"
"""The first person of the chain that is asked about partners' posts."""


@asynccontextmanager
async def declared(folder: Path, *, speed: float = 1.0, mode: str = LIVE) -> AsyncIterator[Night]:
    """A worker on the embedded log, with a fire that was declared."""
    async with night(folder, speed=speed, mode=mode) as on:
        await on.give(FIRE.model_copy(update={"hashtags": (HASHTAG,)}), by=CHIEF)
        yield on


async def play(on: Night, **line: Any) -> None:
    """One line of a feed, as JSON, put on the topic as `holdingline feed` does."""
    partner = on.register.partners["police"]
    plain = {"mode": on.house.mode, "account_id": partner.account_id, "domain": partner.domain, "at": NOW.isoformat()}
    if line.get("change") not in {*AccountChange}:
        plain |= {"post_id": "said", "text": DIED}
    await on.door.put([decode(PARTNER_POSTS, json.dumps({**plain, **line}).encode())])


async def until(on: Night, about: Subject, found: Callable[[Sequence[Fact]], object]) -> Sequence[Fact]:
    """The facts of this subject, once they say what is waited for."""
    async with asyncio.timeout(180):
        while not found(facts := await on.door.facts_about(about)):  # noqa: ASYNC110 - people wait as well
            await asyncio.sleep(0.05)
    return facts


def public(on: Night) -> dict[str, list[str]]:
    """The purposes of what each channel was sent, in order."""
    return {name: [one.message.purpose.value for one in channel.posts] for name, channel in on.channels.items()}


def says(kind: type, count: int = 1) -> Callable[[Sequence[Fact]], bool]:
    return lambda facts: sum(isinstance(fact.body, kind) for fact in facts) >= count


async def out(on: Night, **line: Any) -> None:
    """A post of the police that is public on the page and in letters."""
    await play(on, id="p-1", **line)
    await until(on, FIRST_NIGHT, lambda _: {*public(on)["site"], *public(on)["email"]} == {SENT})


async def taken_back(on: Night) -> None:
    """Each channel was sent one withdrawal, and no page shows the words."""
    await until(on, FIRST_NIGHT, lambda _: public(on)["site"] == public(on)["email"] == [SENT, BACK])


async def test_what_the_police_mend_does_not_stay_public_with_us_and_what_they_say_now_follows(tmp_path: Path) -> None:
    """They said that two people died, then that nobody did: on each channel, in that order, and without a person."""
    async with declared(tmp_path) as on:
        await out(on)
        await play(on, id="p-2", change="edited", text=NOT_DIED)
        await until(on, FIRST_NIGHT, lambda _: public(on)["site"] == public(on)["email"] == [SENT, BACK, SENT])
        for channel in (on.channels["site"], on.channels["email"]):
            said, withdrawn, renewed = channel.posts
            assert withdrawn.message.follows == said.message.id
            assert "do not rely on our copy" in withdrawn.message.texts["en"]
            assert NOT_DIED in str(renewed.message.texts)


async def test_what_the_police_say_now_stays_with_them_if_it_is_about_nothing_of_ours(tmp_path: Path) -> None:
    async with declared(tmp_path) as on:
        await out(on)
        await play(on, id="p-2", change="edited", text="A dog was found at the harbour.")
        await taken_back(on)


async def test_without_words_for_a_withdrawal_a_person_is_paged_at_once(tmp_path: Path) -> None:
    """It cannot stay public with nobody knowing; the text message says whose post it is, and how it begins."""
    async with declared(tmp_path) as on:
        await out(on)
        on.editions.append(on.register.model_copy(update={"templates": {}}))
        await play(on, id="p-2", change="edited", text=NOT_DIED)
        call = await on.paged(AMPLIFIER)
        begins = beginning(DIED)
        assert f"Ardudwy Police changed or deleted a post that we sent out again (“{begins}”)" in call.text


async def test_a_warning_that_is_past_its_time_is_taken_back_by_itself(tmp_path: Path) -> None:
    async with declared(tmp_path, speed=30) as on:
        await out(on, genre="warning", expires_at=(NOW + timedelta(minutes=10)).isoformat())
        await taken_back(on)


async def test_what_is_out_of_a_suspended_account_is_taken_back_and_it_is_stopped_in_all_incidents(
    tmp_path: Path,
) -> None:
    """The one on call is paged with the reason; what the account says then waits for a yes."""
    async with declared(tmp_path) as on:
        await out(on)
        await play(on, id="c-1", change="suspended")
        await taken_back(on)
        log = await until(on, THE_REGISTER, says(PartnerStopped))
        [stopped] = [fact.body for fact in log if isinstance(fact.body, PartnerStopped)]
        assert "was suspended by its network" in stopped.reason
        assert "An account of Ardudwy Police is stopped, its others go on" in (await on.paged(AMPLIFIER)).text


async def test_a_partners_own_drill_never_goes_out_and_the_commander_reads_why(tmp_path: Path) -> None:
    async with declared(tmp_path) as on:
        await play(on, id="p-1", status="exercise")
        facts = await until(on, FIRST_NIGHT, says(CommandRefused))
        [refused] = [fact.body for fact in facts if isinstance(fact.body, CommandRefused)]
        assert "marked this post “exercise”" in refused.reasons[0]
        assert public(on)["site"] == []


async def test_who_only_looks_like_the_police_is_told_and_goes_nowhere(tmp_path: Path) -> None:
    """With its evidence, and once however often it posts."""
    async with declared(tmp_path) as on:
        for number in range(3):
            name = f"p-{number}"
            await play(on, id=name, post_id=name, account_id="did:fake:1", domain="ardudwy-po1ice.example")
        await play(on, id="last", account_id="did:fake:2", domain="ardudwy-police-official.example")
        log = await until(on, THE_REGISTER, says(LookAlikeNoted, 2))
        noted = [fact.body for fact in log if isinstance(fact.body, LookAlikeNoted)]
        assert [one.domain for one in noted] == ["ardudwy-po1ice.example", "ardudwy-police-official.example"]
        assert "Accounts look like Ardudwy Police and are not" in (await on.paged(AMPLIFIER)).text
        assert public(on)["site"] == []


@pytest.mark.parametrize("mode", [LIVE, TRAINING])
async def test_a_flood_alert_that_becomes_a_warning_is_replaced_by_it_on_each_channel(
    tmp_path: Path, mode: str
) -> None:
    """Out, taken back, out again as it says now, in that order everywhere; on a drill as it is live."""
    async with declared(tmp_path, mode=mode) as on:
        await out(on, post_id="area-1", genre="warning", text=f"Flood alert near {HASHTAG}.")
        raised = f"Severe flood warning near {HASHTAG}."
        await play(on, id="p-2", post_id="area-1", genre="warning", change="edited", text=raised)
        await until(on, FIRST_NIGHT, lambda _: public(on)["site"] == public(on)["email"] == [SENT, BACK, SENT])
        for channel in (on.channels["site"], on.channels["email"]):
            assert raised in str(channel.posts[-1].message.texts)
        await play(on, id="p-3", post_id="area-1", genre="warning", change="deleted", text="")
        await until(on, FIRST_NIGHT, lambda _: public(on)["site"] == public(on)["email"] == [SENT, BACK, SENT, BACK])
