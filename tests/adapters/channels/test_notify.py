"""Text messages and e-mail through GOV.UK Notify: each recipient gets each message once.

Who did not get it is said by position.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as tried
from hypothesis import strategies as some

from agents.adapters.channels.notify import settings as notify_settings
from agents.adapters.channels.notify.markdown import literal
from agents.ports import NotSent, Rejected
from streams.words.delivery import Sight
from tests.adapters.channels.dispatches import dispatch
from tests.adapters.grounds import entry, notify, sms
from tests.adapters.pagers.notify_server import KEY, SECRET, TEMPLATE, NotifyServer, notify_server, shown

LIST = "+447700900101, 07700 900102\n+447700900103"


@pytest.fixture
async def server() -> AsyncIterator[NotifyServer]:
    async with notify_server() as opened:
        yield opened


def got(server: NotifyServer) -> list[str]:
    return sorted(one["phone_number"] for one in server.taken)


async def test_every_number_of_the_list_gets_the_message_in_its_languages(server: NotifyServer) -> None:
    """Written in any usual way, a number counts once."""
    channel = sms(server.url, "live", recipients=f"{LIST},+44 7700 900101")
    receipt = await channel.publish(dispatch())
    assert got(server) == ["+447700900101", "+447700900103", "07700900102"]
    texts = {one["personalisation"]["text"] for one in server.taken}
    assert len(texts) == 1
    (text,) = texts
    assert all(words in text for words in dispatch().message.texts.values())
    assert receipt.words == "taken by GOV.UK Notify for 3 of 3 numbers"


async def test_a_number_that_is_refused_is_told_by_its_place_and_never_by_itself(server: NotifyServer) -> None:
    """The others have it; nothing is sent again for it."""
    server.answers = [400]
    receipt = await sms(server.url, "live", recipients=LIST).publish(dispatch())
    assert "for 2 of 3 numbers; NOT for number 1 (refused): tell them another way" in receipt.words
    assert "7700" not in receipt.words


@pytest.mark.parametrize(("answers", "error"), [([400] * 3, Rejected), ([429, 400, 403], NotSent)])
async def test_if_nobody_gets_it_the_answer_is_a_clear_no(
    server: NotifyServer, answers: list[int], error: type[Exception]
) -> None:
    """A retry is made only where it may help."""
    server.answers = answers
    with pytest.raises(error):
        await sms(server.url, "live", recipients=LIST).publish(dispatch())


async def test_an_answer_that_is_lost_is_looked_up_at_once(server: NotifyServer) -> None:
    """Notify has them all: nobody is sent another."""
    server.loses = True
    channel = sms(server.url, "live", recipients=LIST)
    receipt = await channel.publish(dispatch())
    assert receipt.words == "taken by GOV.UK Notify for 3 of 3 numbers"
    assert len(got(server)) == 3
    assert (await channel.look(dispatch())).receipt == receipt


async def test_if_it_is_open_whether_anybody_gets_it_nothing_is_claimed(server: NotifyServer) -> None:
    """What Notify does not have may still be on its way: the outcome is unknown."""
    server.loses = server.forgets = True
    channel = sms(server.url, "live", recipients=LIST)
    with pytest.raises(Exception, match=r".*") as raised:
        await channel.publish(dispatch())
    assert not isinstance(raised.value, NotSent | Rejected)
    assert (await channel.look(dispatch())).sight is Sight.ABSENT


async def test_a_repeat_sends_to_those_only_who_have_nothing(server: NotifyServer) -> None:
    """A worker died after the second of three."""
    await sms(server.url, "live", recipients="+447700900101,07700 900102").publish(dispatch())
    await sms(server.url, "live", recipients=LIST).publish(dispatch())
    assert got(server) == ["+447700900101", "+447700900103", "07700900102"]


async def test_a_look_finds_each_number_of_a_long_list(server: NotifyServer) -> None:
    """Notify shows 250 at a time."""
    recipients = ",".join(f"+4477009{number:05}" for number in range(400))
    channel = sms(server.url, "live", recipients=recipients)
    await channel.publish(dispatch())
    receipt = (await channel.look(dispatch())).receipt
    assert receipt is not None
    assert receipt.words == "taken by GOV.UK Notify for 400 of 400 numbers"


async def test_the_list_in_a_file_is_read_for_every_message(server: NotifyServer, tmp_path: Path) -> None:
    file = tmp_path / "numbers.txt"
    file.write_text("\ufeff07700 900102\n", encoding="utf-8")
    channel = sms(server.url, "live", recipients="", recipients_file=str(file))
    await channel.publish(dispatch())
    file.write_text("nobody\n", encoding="utf-8")
    with pytest.raises(NotSent, match=r"no telephone number in line 1: write it like \+44 7700 900123") as raised:
        await channel.publish(dispatch("another"))
    assert "nobody" not in str(raised.value)
    assert "nobody" not in await fault(channel.check())


async def fault(checking: Any) -> str:
    with pytest.raises(NotSent) as raised:
        await checking
    return str(raised.value)


async def test_a_check_sends_nothing_and_says_what_keeps_us_from_it(server: NotifyServer) -> None:
    """Nor does any error repeat the key."""
    assert "3 numbers are on the list" in await sms(server.url, "live", recipients=LIST).check()
    assert server.taken == []
    wrong = sms(server.url, "live", key=KEY.replace("0d9c", "ffff"), recipients=LIST)
    said = await fault(wrong.check())
    assert "403" in said
    assert SECRET[4:] not in said
    assert "is not set" in await fault(sms(server.url, "live", key=None, recipients=LIST).check())
    server_gone = sms("http://127.0.0.1:9", "live", recipients=LIST)
    async with asyncio.timeout(180):
        assert "cannot be reached" in await fault(server_gone.check())


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        ({}, "give either `recipients` or `recipients_file`"),
        ({"recipients": "12"}, "no telephone number in line 1"),
        ({"recipients": LIST, "template": "mine"}, "template"),
        ({"recipients": LIST, "url": "http://elsewhere.example"}, "url"),
    ],
)
def test_wrong_options_are_refused_with_what_to_do(options: dict[str, str], advice: str) -> None:
    given = entry("sms", {"template": TEMPLATE} | options)
    with pytest.raises(ValueError, match="its `credential` is missing"):
        notify_settings.settings_of(given)
    with pytest.raises(ValueError, match=advice):
        sms(options.pop("url", "http://127.0.0.1:9"), "live", **({"recipients": ""} | options))


ADDRESSES = "desk@paper.example, Planner@council.example\nPLANNER@council.example"
REPLIES = "99999999-2222-4333-8444-555555555555"


async def test_every_address_gets_a_letter_with_its_subject_and_the_trusts_name(server: NotifyServer) -> None:
    """An address counts once, however its letters are written; replies go where the trust wants them."""
    given = {"recipients": ADDRESSES, "trust": "Northgate Hospitals", "sender": REPLIES}
    receipt = await notify("notify-email", server.url, "live", **given).publish(dispatch())
    assert receipt.words == "taken by GOV.UK Notify for 2 of 2 addresses"
    first, second = sorted(server.taken, key=lambda one: str(one["email_address"]).lower())
    assert first["email_address"] == "desk@paper.example"
    assert second["email_address"].lower() == "planner@council.example"
    assert first["email_reply_to_id"] == REPLIES
    said = first["personalisation"]
    assert said["subject"].startswith("Fire – Northgate Hospital / Tân – Ysbyty Northgate: First statement")
    assert shown(said["text"]).rstrip().endswith("-- \nNorthgate Hospitals")


async def test_a_letter_that_is_repeated_goes_only_to_those_who_have_none(server: NotifyServer) -> None:
    """Also if the list now writes an address with other letters."""
    await notify("notify-email", server.url, "live", recipients="planner@council.example").publish(dispatch())
    await notify("notify-email", server.url, "live", recipients=ADDRESSES).publish(dispatch())
    assert [one["email_address"] for one in server.taken] == ["planner@council.example", "desk@paper.example"]


async def test_an_address_that_is_refused_is_told_by_its_place_and_never_by_itself(server: NotifyServer) -> None:
    server.answers = [400]
    receipt = await notify("notify-email", server.url, "live", recipients=ADDRESSES).publish(dispatch())
    assert "for 1 of 2 addresses; NOT for address 1 (refused): tell them another way" in receipt.words
    assert "@" not in receipt.words


async def test_a_list_of_letters_is_one_of_addresses_and_one_of_texts_of_numbers() -> None:
    """Each kind names what its own list lacks, and never repeats what is there."""
    for kind, wrong, advice in (
        ("notify-email", "+447700900123", "no e-mail address"),
        ("sms", "desk@paper.example", "no telephone number"),
    ):
        with pytest.raises(ValueError, match=advice) as raised:
            notify(kind, "http://127.0.0.1:9", "live", recipients=wrong)
        assert wrong not in str(raised.value)


SIGNS = some.text(alphabet="#*-_~.1 \n[]()`|\\+>!a/:éŵ", max_size=40)


@tried(some.lists(SIGNS | some.sampled_from(["https://trust.example/a_b?c=[1]", "\n# Fire", "\n-- ", "1. one"])))
def test_a_letter_shows_every_sign_of_a_text_as_it_is(pieces: list[str]) -> None:
    """Notify reads Markdown: a hashtag at the start of a line would be a heading without its sign."""
    text = " ".join(pieces)
    assert shown(literal(text)) == text


@pytest.mark.parametrize("text", ["#NorthgateFire", "1. Stay away", "- a list", "[here](there)", "-- \nA trust"])
def test_without_that_a_letter_would_show_something_else(text: str) -> None:
    """The test above can fail."""
    assert shown(text) != text
