"""A person who shares a partner's post by hand hears that its author edited it, from what the feeds heard."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from agents.adapters.channels.bluesky.records import address_of
from agents.entrypoints.cli.lines.posts import as_heard
from agents.runtime.door.door import Door
from agents.runtime.door.partner_posts import was_edited
from streams.words.incident import StandDown
from streams.words.orders import CommandBody
from streams.words.posts import PartnerPost
from streams.words.release import Amplify, Credit
from tests import builders
from tests.builders import LIVE, NOW
from tests.scenarios.worker_bench import bench

DID = "did:plc:2xq7e4nqm5y3k6b2zj7c4vdw"
CREDIT = Credit(partner="ambulance", partner_name="Vale Ambulance", account_id=DID, post_id="3lxq2k7tqkk2a")


def version(text: str, change: str = "new", name: str = CREDIT.post_id) -> PartnerPost:
    return PartnerPost.model_validate(
        {
            "id": f"pp-{name}-{change}-{len(text)}",
            "mode": LIVE,
            "change": change,
            "account_id": DID,
            "domain": "vale-ambulance.example",
            "post_id": name,
            "at": NOW,
            "text": text,
        }
    )


CASES: dict[str, tuple[Sequence[PartnerPost], bool]] = {
    "as it was": ([version("Crews are there."), version("Crews  are there.", "edited")], False),
    "edited": ([version("Crews are there."), version("All is well.", "edited")], True),
    "polled in other words": ([version("Crews are there."), version("All is well.")], True),
    "another post was": ([version("Crews are there.", name="a"), version("All is well.", "edited", name="a")], False),
    "never heard": ([], False),
}


@pytest.mark.parametrize("called", [CREDIT.post_id, f"at://{DID}/app.bsky.feed.post/{CREDIT.post_id}"])
async def test_a_post_that_came_in_other_words_was_edited(tmp_path: Path, called: str) -> None:
    """Whichever way the person names it; what no feed heard is taken as it is."""
    credit = CREDIT.model_copy(update={"post_id": called})
    for number, (came, expected) in enumerate(CASES.values()):
        log = f"sqlite:///{tmp_path}/{number}.db"
        async with bench(log, builders.register()) as running:
            await running.put(*came)
            async with Door(LIVE, log) as door:
                assert await was_edited(door, credit) is expected, [*CASES][number]


async def test_the_order_says_it_and_the_network_is_not_asked_to_share_the_first_words(tmp_path: Path) -> None:
    """Any other order is left as it is."""
    log = f"sqlite:///{tmp_path}/log.db"
    shared = {"mode": LIVE, "log": log, "as_json": True}
    given = Amplify(credit=CREDIT, text="All is well.", posted_at=NOW)
    async with bench(log, builders.register()) as running:
        await running.put(version("Crews are there."))
        first = await asyncio.to_thread(as_heard, given, shared)
        await running.put(version("All is well.", "edited"))
        edited = await asyncio.to_thread(as_heard, given, shared)
        other: CommandBody = StandDown(reason="It is over.")
        assert await asyncio.to_thread(as_heard, other, shared) is other
    assert first == given
    assert isinstance(edited, Amplify)
    assert edited.credit.edited
    assert address_of(given.credit) == f"at://{DID}/app.bsky.feed.post/{CREDIT.post_id}"
    assert address_of(edited.credit) is None
