"""What every channel promises, memory, site and e-mail alike; if it promises more, the row of its kind says so."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from agents.adapters.pictures import no_pictures
from agents.entrypoints.outgoing import CHANNELS, HTTPS, IN_A_SECRET
from agents.ports import NotSent, Rejected
from streams.decisions.channels.card import ChannelKind, Mend
from streams.decisions.channels.kinds import KINDS
from streams.words.delivery import Dispatch, Look, Resolution, Sight, Verb
from tests.adapters.channels.dispatches import DRILL, after, dispatch
from tests.adapters.channels.pictured import ALT, picture, pictured
from tests.adapters.grounds import GROUNDS, Ground, memory
from tests.connections import connections
from tests.networks import LOOKED_AT, READ_BACK, SENT_AGAIN

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


def another(ground: Ground, name: str = "another") -> Dispatch:
    """Another message: with other words where nothing else tells two messages apart."""
    return dispatch(name, texts={"en": f"Another message: {name}."}) if ground.kind.knows_by_words else dispatch(name)


async def test_every_row_of_the_table_is_held_against_its_channel(tmp_path: Path) -> None:
    """A kind that joins the table joins the suite."""
    rows = set()
    for name, opens in GROUNDS.items():
        async with opens(tmp_path / name, "live") as opened:
            rows.add(opened.kind.name)
            assert opened.channel.mode == "live"
    machines = {name for name, kind in KINDS.items() if not kind.by_hand}
    assert machines - {"memory"} <= rows


async def test_what_is_published_can_be_seen_and_has_a_receipt(ground: Ground) -> None:
    """The receipt has the channel's own name for it and a sentence for the record."""
    first = dispatch()
    receipt = await ground.channel.publish(first)
    assert receipt.reference
    assert 0 < len(receipt.words) <= 1000
    assert receipt.words.isprintable()
    (seen,) = ground.seen()
    assert all(first.message.texts[language] in words(seen) for language in ground.languages)


async def test_a_message_is_deleted_without_a_word_where_the_row_says_that_it_can_be(ground: Ground) -> None:
    """Nothing is seen afterwards, and a repeat finds nothing to do."""
    if ground.kind.withdraws is not Mend.DELETE:
        return
    receipt = await ground.channel.publish(dispatch())
    gone = after(dispatch(), verb=Verb.WITHDRAW, receipt=receipt)
    message = gone.message.model_copy(update={"texts": {}, "titles": {}, "hashtags": ()}).sealed()
    deletion = gone.model_copy(update={"message": message})
    taken = [await ground.channel.publish(deletion) for _ in range(2)]
    assert [*ground.seen()] == []
    assert {one.words for one in taken} == {"deleted there, without a word to the public"}
    if ground.kind.reads_back:
        assert (await ground.channel.look(deletion)).sight is Sight.SHOWN


async def test_a_picture_goes_out_with_the_words_where_the_row_says_so(ground: Ground) -> None:
    """As it was approved, with what it shows in each language there; elsewhere the words are all."""
    receipt = await ground.channel.publish(pictured())
    assert len(ground.seen()) == 1
    shown = ground.pictures()
    assert {digest for digest, _ in shown} == ({picture().digest} if ground.kind.pictures else set())
    told = " ".join(words for _, words in shown)
    assert [one for one in ground.languages if ALT[one] not in told] == ([] if shown else [*ground.languages])
    if ground.kind.reads_back:
        assert await ground.channel.look(pictured()) == Look(sight=Sight.SHOWN, receipt=receipt)


async def test_no_word_goes_out_without_its_picture_where_the_row_has_pictures(ground: Ground) -> None:
    """A file that is lost keeps the words back, which go out once it is there again."""
    if ground.kind.pictures is None:
        return
    kept, ground.channel._pictures = ground.channel._pictures, no_pictures  # type: ignore[attr-defined]  # each has it
    with pytest.raises(NotSent, match=r"picture gates\.png"):
        await ground.channel.publish(pictured())
    assert [*ground.seen()] == []
    ground.channel._pictures = kept  # type: ignore[attr-defined]  # as above
    await ground.channel.publish(pictured())
    assert (len(ground.seen()), {digest for digest, _ in ground.pictures()}) == (1, {picture().digest})


async def the_same_key_again(ground: Ground) -> None:
    if ground.kind.resolution is Resolution.SEND_AGAIN:
        receipts = [await ground.channel.publish(dispatch()) for _ in range(3)]
        assert len({receipt.model_dump_json() for receipt in receipts}) == 1
        assert len(ground.seen()) == 1


async def the_same_key_at_the_same_time(ground: Ground) -> None:
    if ground.kind.resolution is Resolution.SEND_AGAIN:
        await asyncio.gather(*[ground.channel.publish(dispatch()) for _ in range(4)])
        assert len(ground.seen()) == 1


async def reading_back(ground: Ground) -> None:
    if not ground.kind.reads_back:
        with pytest.raises(NotSent, match=r"\w+ \w+"):
            await ground.channel.look(dispatch())
        return
    assert (await ground.channel.look(dispatch())).sight is Sight.ABSENT
    receipt = await ground.channel.publish(dispatch())
    assert await ground.channel.look(dispatch()) == Look(sight=Sight.SHOWN, receipt=receipt)
    assert (await ground.channel.look(another(ground))).sight is Sight.ABSENT


async def test_the_same_key_again_publishes_nothing_new_where_that_is_the_way_out(ground: Ground) -> None:
    """A row that says `send again` promises it; the others promise nothing."""
    await the_same_key_again(ground)


async def test_the_same_key_at_the_same_time_publishes_once(ground: Ground) -> None:
    """Two workers that both believe they hold the claim."""
    await the_same_key_at_the_same_time(ground)


@pytest.mark.parametrize(
    ("says", "plays", "promise"),
    [
        (SENT_AGAIN, READ_BACK, the_same_key_again),
        (SENT_AGAIN, LOOKED_AT, the_same_key_at_the_same_time),
        (READ_BACK, LOOKED_AT, reading_back),
        (LOOKED_AT, READ_BACK, reading_back),
    ],
)
async def test_a_row_that_is_not_as_its_channel_is_fails(
    tmp_path: Path, says: ChannelKind, plays: ChannelKind, promise: Callable[[Ground], Awaitable[None]]
) -> None:
    """The suite can fail: here for a row that claims more, or less, than the channel does."""
    async with memory(plays, says)(tmp_path, "live") as opened:
        with pytest.raises((AssertionError, NotSent, pytest.fail.Exception)):
            await promise(opened)


async def test_a_channel_connects_to_no_place_that_the_list_for_the_firewall_lacks(ground: Ground) -> None:
    """Publishing, looking and checking; of a channel whose address is a secret, to one place."""
    entry = getattr(ground.channel, "_entry", None)
    listed = {*CHANNELS[entry.kind](entry)} if entry else set()
    with connections() as reached:
        await ground.channel.check()
        await ground.channel.publish(dispatch())
        with suppress(NotSent):
            await ground.channel.look(dispatch())
    ports = {port for _, port in reached}
    assert len(ports) == 1 if IN_A_SECRET in listed else ports == {port for _, port in listed} - {HTTPS}


async def test_different_keys_are_different_messages(ground: Ground) -> None:
    """Also when they are sent at the same time."""
    await asyncio.gather(*[ground.channel.publish(another(ground, f"message {number}")) for number in range(4)])
    assert len(ground.seen()) == 4


async def test_the_same_words_within_minutes_are_one_publication_where_nothing_else_tells_them_apart(
    ground: Ground,
) -> None:
    """A row that says so keeps a repeat from being public twice; elsewhere two messages are two."""
    for minutes in (0, 2):
        await ground.channel.publish(dispatch(f"at {minutes}", minutes=minutes))
    assert len(ground.seen()) == (1 if ground.kind.knows_by_words else 2)


async def test_reading_back_tells_what_is_public(ground: Ground) -> None:
    """None before, the receipt after; a channel that cannot be read says so."""
    await reading_back(ground)


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
    """Whatever it holds, it comes out as the same words, in one publication; one that is too long is not cut."""
    one, kind = dispatch(texts={"en": text}), ground.kind
    if kind.limit is not None and kind.counter.count(one.message.text_for("en", kind.form)) > kind.limit:
        with pytest.raises(Rejected, match=r"\w+ \w+"):
            await ground.channel.publish(one)
        assert list(ground.seen()) == []
        return
    await ground.channel.publish(one)
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
    match ground.kind.resolution:
        case Resolution.SEND_AGAIN:
            await ground.channel.publish(dispatch())
            assert len(ground.seen()) == 1
        case Resolution.READ_BACK:
            seen = await ground.channel.look(dispatch())
            assert (seen.sight is Sight.SHOWN) is (len(ground.seen()) == 1)
        case _:
            assert len(ground.seen()) <= 1
    await ground.channel.publish(another(ground))
