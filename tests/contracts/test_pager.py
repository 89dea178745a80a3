"""What every pager promises: in memory, by letter and by text message alike."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import pytest

from agents.adapters.clocks import SystemClock
from agents.adapters.memory.pager import MemoryPager
from agents.adapters.pagers import ChatPager, LetterPager, NotifyPager
from agents.ports import NotSent, Pager, Rejected, Unclear
from streams.words.register.accounts import Credential
from streams.words.register.entries import Contact, PagerEntry
from streams.words.sign_off import Call
from tests.adapters.channels.mail_server import drops, mail_server, says
from tests.adapters.pagers.chat_server import chat_server
from tests.adapters.pagers.notify_server import KEY, TEMPLATE, NotifyServer, notify_server
from tests.builders import DRILL, INCIDENT, LIVE, NEXT_UPDATE

MARK = "EXERCISE EXERCISE EXERCISE: "
ADDRESSES = {"sms": "01632 960001", "email": "chair@trust.example", "chat": "@chair:chat.example"}


@dataclass(frozen=True)
class Ground:
    """`heard` answers with the words of every page that got through."""

    pager: Pager
    via: str
    heard: Callable[[], Sequence[str]]


Open = Callable[[str], AbstractAsyncContextManager[Ground]]


def call(
    ground: Ground, number: int = 1, *, mode: str = LIVE, text: str = "Your yes is needed by 22:36.\nHello"
) -> Call:
    contact = Contact.model_validate({"via": ground.via, "address": ADDRESSES[ground.via]})
    return Call(
        key=f"page-{number}",
        mode=mode,
        incident_id=INCIDENT,
        person="chair",
        name="Test Chair (Chair)",
        contact=contact,
        text=text if mode == LIVE else f"{MARK}{text}",
        answer_by=NEXT_UPDATE,
    )


@asynccontextmanager
async def memory(mode: str) -> AsyncIterator[Ground]:
    pager = MemoryPager(mode, pretends_live=True)
    yield Ground(pager, "sms", lambda: [one.text for one in pager.calls])


def letter_pager(port: int, mode: str = LIVE, **changes: object) -> LetterPager:
    options = {"host": "127.0.0.1", "port": str(port), "sender": "alerts@trust.example"}
    entry = PagerEntry.model_validate({"id": "letters", "via": "email", "kind": "email", "options": options, **changes})
    return LetterPager(entry, mode, secrets=lambda _: None)


def notify_pager(url: str, mode: str = LIVE, key: str | None = KEY) -> NotifyPager:
    credential = Credential(secret="NOTIFY_KEY", mode=mode)
    options = {"template": TEMPLATE, "url": url}
    entry = PagerEntry(id="texts", via="sms", kind="notify", credential=credential, options=options)
    return NotifyPager(entry, mode, secrets={"NOTIFY_KEY": key}.get, clock=SystemClock())


@asynccontextmanager
async def letters(mode: str) -> AsyncIterator[Ground]:
    async with mail_server() as server:
        heard = lambda: [one.get_content() for one in server.letters]  # noqa: E731 - one line
        yield Ground(letter_pager(server.port, mode), "email", heard)


@asynccontextmanager
async def texts(mode: str) -> AsyncIterator[Ground]:
    async with notify_server() as server:
        heard = lambda: [one["personalisation"]["text"] for one in server.taken]  # noqa: E731 - one line
        yield Ground(notify_pager(server.url, mode), "sms", heard)


def chat_pager(url: str, mode: str = LIVE) -> ChatPager:
    entry = PagerEntry(id="chat", via="chat", kind="chat", credential=Credential(secret="CHAT", mode=mode))
    return ChatPager(entry, mode, secrets={"CHAT": url}.get)


@asynccontextmanager
async def chat(mode: str) -> AsyncIterator[Ground]:
    async with chat_server() as server:
        yield Ground(chat_pager(server.url, mode), "chat", lambda: [words for _, words in server.taken])


GROUNDS: Mapping[str, Open] = {"memory": memory, "letters": letters, "texts": texts, "chat": chat}


@pytest.fixture(params=GROUNDS)
async def ground(request: pytest.FixtureRequest) -> AsyncIterator[Ground]:
    async with GROUNDS[request.param](LIVE) as opened:
        yield opened


async def test_a_page_gets_through_once_and_has_a_receipt(ground: Ground) -> None:
    """The receipt is a sentence for the record, without the person's address."""
    receipt = await ground.pager.page(call(ground))
    assert 0 < len(receipt) <= 1000
    assert receipt.isprintable()
    assert ADDRESSES[ground.via] not in receipt
    (heard,) = ground.heard()
    assert "Your yes is needed by 22:36." in heard


async def test_pages_at_the_same_time_are_pages_of_their_own(ground: Ground) -> None:
    await asyncio.gather(*[ground.pager.page(call(ground, number)) for number in range(4)])
    assert len(ground.heard()) == 4


@pytest.mark.parametrize("name", GROUNDS)
@pytest.mark.parametrize(("own", "mode"), [(LIVE, DRILL), (DRILL, LIVE), (DRILL, "exercise-other")])
async def test_a_page_of_another_mode_wakes_nobody(name: str, own: str, mode: str) -> None:
    async with GROUNDS[name](own) as opened:
        assert opened.pager.mode == own
        with pytest.raises(Rejected, match=f"mode {own}"):
            await opened.pager.page(call(opened, mode=mode))
        assert list(opened.heard()) == []


@pytest.mark.parametrize("name", GROUNDS)
@pytest.mark.parametrize(("own", "other"), [(LIVE, DRILL), (DRILL, LIVE)])
async def test_a_page_without_the_mark_of_its_mode_wakes_nobody(name: str, own: str, other: str) -> None:
    async with GROUNDS[name](own) as opened:
        with pytest.raises(Rejected, match="exercise mark"):
            await opened.pager.page(call(opened, mode=other).model_copy(update={"mode": own}))
        assert list(opened.heard()) == []


async def test_any_words_come_as_they_are(ground: Ground) -> None:
    """They become no header and no command of a protocol."""
    sly = "Fire.\nBcc: all@everyone.example\n.\nQUIT\n<b>حريق 🔥</b>"
    await ground.pager.page(call(ground, text=sly))
    (heard,) = ground.heard()
    assert " ".join(sly.split()) in " ".join(heard.split())


async def test_the_link_of_a_long_page_comes_whole(ground: Ground) -> None:
    """It opens the decision, so words before it are cut where a text message has no room."""
    link = "Open: https://console.trust.example/decide/page-1#0123456789abcdef"
    await ground.pager.page(call(ground, text=f"{'Somebody is asked. ' * 100}\n{link}"))
    (words,) = ground.heard()
    assert words.startswith("Somebody is asked.")
    before = words.splitlines()[0].removesuffix("…").split()
    assert {*before} == {"Somebody", "is", "asked."}, "no word is cut in its middle"
    assert words.splitlines()[-1] == link


async def test_a_mail_server_that_is_not_there_has_surely_sent_nothing() -> None:
    async with letters(LIVE) as opened:
        page = call(opened)
    with pytest.raises(NotSent, match="could not be reached"):
        await opened.pager.page(page)


@pytest.mark.parametrize(("answer", "error"), [("550 no", Rejected), ("450 later", NotSent)])
async def test_a_no_of_the_mail_server_is_told_apart_from_a_later(answer: str, error: type[Exception]) -> None:
    async with mail_server() as server:
        server.on_rcpt = says(answer)
        with pytest.raises(error):
            await letter_pager(server.port).page(call(Ground(letter_pager(1), "email", list)))


async def test_a_mail_server_that_breaks_off_after_the_text_leaves_it_open() -> None:
    async with mail_server() as server:
        server.on_data = drops
        with pytest.raises(Exception, match=r".*") as broke:
            await letter_pager(server.port).page(call(Ground(letter_pager(1), "email", list)))
        assert not isinstance(broke.value, Rejected | NotSent)


async def paged(server: NotifyServer, key: str | None = KEY) -> str:
    pager = notify_pager(server.url, key=key)
    return await pager.page(call(Ground(pager, "sms", list)))


@pytest.mark.parametrize(("status", "error"), [(400, Rejected), (403, NotSent), (429, NotSent)])
async def test_a_no_of_notify_has_surely_sent_nothing(status: int, error: type[Exception]) -> None:
    """The error gives its reason, but not the person's number."""
    async with notify_server() as server:
        server.answers = [status]
        with pytest.raises(error, match=r"phone_number \(number\) is not right") as said:
            await paged(server)
        assert "960001" not in str(said.value)
        assert server.taken == []


async def test_a_lost_answer_of_notify_is_found_by_its_reference() -> None:
    """Sent once, and known to be sent."""
    async with notify_server() as server:
        server.loses = True
        assert "found by its reference page-1" in await paged(server)
        assert len(server.taken) == 1


@pytest.mark.parametrize("trouble", ["lost", "broken"])
async def test_what_notify_does_not_know_is_left_open(trouble: str) -> None:
    """It may be on its way still: neither a receipt nor a clear no."""
    async with notify_server() as server:
        server.loses = server.forgets = trouble == "lost"
        server.answers = [500] if trouble == "broken" else []
        with pytest.raises(Exception, match=r".*") as open_end:
            await paged(server)
        assert not isinstance(open_end.value, Rejected | NotSent)


async def test_notify_that_is_not_there_has_surely_sent_nothing() -> None:
    async with notify_server() as server:
        pass
    with pytest.raises(NotSent, match="cannot be reached"):
        await paged(server)


@pytest.mark.parametrize(("key", "sentence"), [(None, "NOTIFY_KEY is not set"), ("wrong", "is not one")])
async def test_without_its_key_nothing_is_sent(key: str | None, sentence: str) -> None:
    async with notify_server() as server:
        with pytest.raises(NotSent, match=sentence):
            await paged(server, key)


async def test_a_key_of_another_service_is_refused() -> None:
    async with notify_server() as server:
        stranger = KEY[:-4] + "0000"
        with pytest.raises(NotSent, match=r"403.*Invalid token"):
            await paged(server, stranger)


async def test_a_chat_is_reached_at_the_address_of_the_person() -> None:
    async with chat_server() as server:
        await chat_pager(server.url).page(call(Ground(chat_pager(server.url), "chat", list)))
        ((address, _),) = server.taken
    assert address == ADDRESSES["chat"]


async def test_a_chat_without_a_yes_leaves_it_open() -> None:
    """Apprise does not tell a clear no from a lost answer, nor from a server that is not there."""
    async with chat_server() as server:
        server.refuses = True
        page = call(Ground(chat_pager(server.url), "chat", list))
        with pytest.raises(Unclear, match="gave no yes"):
            await chat_pager(server.url).page(page)
    with pytest.raises(Unclear, match="gave no yes"):
        await chat_pager(server.url).page(page)


async def test_a_chat_with_no_address_has_surely_sent_nothing() -> None:
    with pytest.raises(NotSent, match="no address that Apprise knows"):
        await chat_pager("nonsense").page(call(Ground(chat_pager(""), "chat", list)))


def test_a_pager_that_cannot_work_is_refused_at_its_start() -> None:
    entry = PagerEntry(id="texts", via="sms", kind="notify", options={"template": TEMPLATE})
    with pytest.raises(ValueError, match="credential"):
        NotifyPager(entry, LIVE, secrets=lambda _: None, clock=SystemClock())
    with pytest.raises(ValueError, match="username"):
        letter_pager(25, credential={"secret": "X", "mode": "live"})
    with pytest.raises(ValueError, match="reaches nobody"):
        MemoryPager(LIVE)
