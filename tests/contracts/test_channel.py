"""What every channel promises, memory, site and e-mail alike; where it promises more, `resolution` says so."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.ports import NotSent, Rejected, Resolution
from tests.adapters.channels.dispatches import DRILL, dispatch
from tests.adapters.grounds import GROUNDS, SENT_AGAIN, Ground

HOSTILE = {
    "markup": "<script>alert(1)</script> & <b onmouseover='x'>\"bold\"</b> ]]> <!-- {{ 7 * 7 }}",
    "headers": "Fire.\nBcc: all@everyone.example\nSubject: other\n\n.\nQUIT",
    "dots": ".\n..\n.leading dot",
    "right to left": "حريق في المستشفى، يرجى الابتعاد. שריפה בבית החולים",
    "emoji": "Fire 🔥🚒 at the 🏥 – stay away",
    "one long word": "x" * 3000,
    "long": "Please stay away from the hospital. " * 250,
}


@pytest.fixture(params=GROUNDS)
async def ground(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Ground]:
    async with GROUNDS[request.param](tmp_path / "place", "live") as opened:
        yield opened


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("name", GROUNDS)
async def test_the_channel_says_how_its_unknown_gets_known(tmp_path: Path, name: str) -> None:
    """The suite's own list agrees with what each channel declares."""
    async with GROUNDS[name](tmp_path, "live") as opened:
        assert (opened.channel.resolution is Resolution.SEND_AGAIN) is (name in SENT_AGAIN)
        assert opened.channel.mode == "live"


async def test_what_is_published_can_be_seen_and_has_a_receipt(ground: Ground) -> None:
    """The receipt has the channel's own name for it and a sentence for the record."""
    first = dispatch()
    receipt = await ground.channel.publish(first)
    assert receipt.reference
    assert 0 < len(receipt.words) <= 1000
    assert receipt.words.isprintable()
    (seen,) = ground.seen()
    assert all(text in words(seen) for text in first.message.texts.values())


@pytest.mark.parametrize("ground", SENT_AGAIN, indirect=True)
async def test_the_same_key_again_publishes_nothing_new_where_that_is_the_way_out(ground: Ground) -> None:
    """`SEND_AGAIN` promises it; the others promise nothing."""
    receipts = [await ground.channel.publish(dispatch()) for _ in range(3)]
    assert len({receipt.model_dump_json() for receipt in receipts}) == 1
    assert len(ground.seen()) == 1


@pytest.mark.parametrize("ground", SENT_AGAIN, indirect=True)
async def test_the_same_key_at_the_same_time_publishes_once(ground: Ground) -> None:
    """Two workers that both believe they hold the claim."""
    await asyncio.gather(*[ground.channel.publish(dispatch()) for _ in range(4)])
    assert len(ground.seen()) == 1


async def test_different_keys_are_different_messages(ground: Ground) -> None:
    """Also when they are sent at the same time."""
    await asyncio.gather(*[ground.channel.publish(dispatch(f"message {number}")) for number in range(4)])
    assert len(ground.seen()) == 4


async def test_reading_back_tells_what_is_public(ground: Ground) -> None:
    """None before, the receipt after; a channel that cannot be read says so."""
    if ground.channel.resolution is Resolution.ASK_A_PERSON:
        with pytest.raises(NotSent, match=r"\w+ \w+"):
            await ground.channel.find(dispatch())
        return
    assert await ground.channel.find(dispatch()) is None
    receipt = await ground.channel.publish(dispatch())
    assert await ground.channel.find(dispatch()) == receipt
    assert await ground.channel.find(dispatch("another")) is None


@pytest.mark.parametrize("name", GROUNDS)
@pytest.mark.parametrize(("channel_mode", "mode"), [("live", DRILL), (DRILL, "live"), (DRILL, "exercise-other")])
async def test_a_message_of_another_mode_is_rejected(tmp_path: Path, name: str, channel_mode: str, mode: str) -> None:
    """The channel itself is the last one who looks."""
    async with GROUNDS[name](tmp_path / "place", channel_mode) as opened:
        with pytest.raises(Rejected, match=f"mode {channel_mode}"):
            await opened.channel.publish(dispatch(mode=mode))
        assert list(opened.seen()) == []


@pytest.mark.parametrize("name", GROUNDS)
@pytest.mark.parametrize(("mode", "other"), [(DRILL, "live"), ("live", DRILL)])
async def test_words_without_the_mark_of_their_mode_are_rejected(
    tmp_path: Path, name: str, mode: str, other: str
) -> None:
    """A drill without its mark would be believed, a live message with it would not."""
    mislabelled = dispatch(mode=other).model_copy(update={"mode": mode})
    async with GROUNDS[name](tmp_path / "place", mode) as opened:
        with pytest.raises(Rejected, match="exercise mark"):
            await opened.channel.publish(mislabelled)
        assert list(opened.seen()) == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_any_text_is_shown_as_it_is_and_does_nothing_else(ground: Ground, text: str) -> None:
    """Whatever it holds, it comes out as the same words, in one publication."""
    await ground.channel.publish(dispatch(texts={"en": text}))
    (seen,) = ground.seen()
    assert words(text).strip() in words(seen)


async def test_a_name_with_a_line_break_does_no_harm(ground: Ground) -> None:
    """Names may hold line breaks: they must not become headers or lines of a protocol."""
    sly = dispatch().model_copy(update={"incident_name": "Fire\nBcc: all@everyone.example\n\n<b>Body</b>"})
    await ground.channel.publish(sly)
    assert len(ground.seen()) == 1


@pytest.mark.parametrize("steps", range(6))
async def test_who_stops_waiting_leaves_something_that_can_be_settled(ground: Ground, steps: int) -> None:
    """After a cancel at any point the message is public once or not at all, and the channel's own way settles it."""
    task = asyncio.create_task(ground.channel.publish(dispatch()))
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    match ground.channel.resolution:
        case Resolution.SEND_AGAIN:
            await ground.channel.publish(dispatch())
            assert len(ground.seen()) == 1
        case Resolution.READ_BACK:
            found = await ground.channel.find(dispatch())
            assert bool(found) is (len(ground.seen()) == 1)
        case _:
            assert len(ground.seen()) <= 1
    await ground.channel.publish(dispatch("another"))
