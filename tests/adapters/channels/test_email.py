"""E-mail: what is known about a letter wherever a mail server can fail, and that the letter is well made."""

import asyncio
import socket
from collections.abc import AsyncIterator
from email import charset, message_from_bytes
from email.policy import default
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from agents.adapters.channels.email import EmailChannel
from agents.adapters.channels.email.letter import letter
from agents.adapters.channels.email.settings import settings_of
from agents.ports import NotSent, Rejected
from streams.decisions.wording.shown.letters import subject
from streams.values import Purpose
from streams.words.register.accounts import Credential
from streams.words.register.entries import ChannelEntry
from tests.adapters.channels.dispatches import DRILL, dispatch
from tests.adapters.channels.mail_server import MailServer, drops, hangs, mail_server, says
from tests.adapters.grounds import email, entry

THREE = "one@paper.example, two@radio.example, three@council.example"
OPTIONS = {"host": "127.0.0.1", "sender": "alerts@trust.example", "recipients": "desk@paper.example"}


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as listening:
        yield listening


def with_credential(options: dict[str, str]) -> ChannelEntry:
    return entry("email", OPTIONS | options).model_copy(
        update={"credential": Credential(secret="MAIL_PASSWORD", mode="live")}
    )


async def test_a_server_that_is_not_there_got_nothing() -> None:
    """No server listens on the port."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(NotSent, match="could not be reached"):
            await email(unused.getsockname()[1], "live").publish(dispatch())


@pytest.mark.parametrize(
    ("answer", "error"),
    [("450 4.2.1 later", NotSent), ("550 5.1.1 nobody of that name", Rejected), ("452 4.5.3 too many", NotSent)],
)
async def test_a_no_to_every_recipient_is_as_final_as_the_server_says(
    server: MailServer, answer: str, error: type[Exception]
) -> None:
    """4xx may be tried again, 5xx may not; nothing was handed over."""
    server.on_rcpt = says(answer)
    with pytest.raises(error, match=f"none of the recipients: recipient 1 .{answer[:3]}"):
        await email(server.port, "live").publish(dispatch())
    assert server.letters == []


@pytest.mark.parametrize(("answer", "error"), [("451 4.3.0 later", NotSent), ("554 5.7.1 spam", Rejected)])
async def test_a_no_to_the_text_is_as_final_as_the_server_says(
    server: MailServer, answer: str, error: type[Exception]
) -> None:
    """The server has read all of it and says in its own words that it does not take it."""
    server.on_data = says(answer)
    with pytest.raises(error, match=answer[:3]):
        await email(server.port, "live").publish(dispatch())
    assert server.letters == []


async def test_a_connection_lost_before_the_text_is_surely_not_sent(server: MailServer) -> None:
    """It may be tried again at once."""
    server.on_rcpt = drops
    with pytest.raises(NotSent):
        await email(server.port, "live").publish(dispatch())
    assert server.letters == []


async def test_a_connection_lost_after_the_text_leaves_it_unknown(server: MailServer) -> None:
    """The letter is on its way and the answer is lost: neither `NotSent` nor `Rejected` would be true."""
    server.on_data = drops
    with pytest.raises(Exception, match=r".*") as lost:
        await email(server.port, "live").publish(dispatch())
    assert not isinstance(lost.value, NotSent | Rejected)
    assert len(server.letters) == 1


async def test_a_server_that_hangs_before_the_text_is_surely_not_sent_within_half_the_deadline(
    server: MailServer,
) -> None:
    """Else the caller's own limit would come first and make a clear thing unknown."""
    server.on_rcpt = hangs
    began = monotonic()
    with pytest.raises(NotSent, match="in time"):
        await email(server.port, "live").publish(dispatch())
    assert 0.9 < monotonic() - began < 1.9


async def test_a_server_that_hangs_after_the_text_keeps_the_caller_no_longer_than_it_wants(server: MailServer) -> None:
    """The caller's limit ends it, and the connection with it."""
    server.on_data = hangs
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await email(server.port, "live").publish(dispatch())
    assert len(server.letters) == 1


async def test_recipients_who_are_refused_are_named_by_place_and_the_others_get_one_letter(server: MailServer) -> None:
    """A second sending would reach the others twice; addresses do not go into the record."""

    async def refuses_the_second(_server: SMTP, address: str) -> str:
        return "550 5.1.1 two@radio.example unknown" if address.startswith("two") else "250 OK"

    server.on_rcpt = refuses_the_second
    receipt = await email(server.port, "live", recipients=THREE).publish(dispatch())
    assert receipt.words.startswith("taken for 2 of 3 recipients; NOT for recipient 2 (550)")
    assert "@" not in receipt.words
    assert server.envelopes == [["one@paper.example", "three@council.example"]]
    assert len(server.letters) == 1


async def test_several_recipients_do_not_learn_of_one_another(server: MailServer) -> None:
    """Newsrooms and responders are on the same list."""
    await email(server.port, "live", recipients=THREE).publish(dispatch())
    assert all(address not in str(server.letters[0]) for address in THREE.split(", "))


async def test_recipients_may_come_from_a_file_that_is_read_at_every_letter(server: MailServer, tmp_path: Path) -> None:
    """An edited list holds for the next letter; one that cannot be used sends nothing."""
    file = tmp_path / "recipients.txt"
    channel = email(server.port, "live", recipients="", recipients_file=str(file))
    for content in ("", "one@paper.example\nnot an address\n"):
        file.write_text(content, encoding="utf-8")
        with pytest.raises(NotSent, match="recipient"):
            await channel.publish(dispatch())
    file.write_text("one@paper.example\ntwo@radio.example\n", encoding="utf-8")
    await channel.publish(dispatch())
    assert server.envelopes == [["one@paper.example", "two@radio.example"]]


async def test_a_letter_is_never_sent_in_the_open_where_encryption_was_asked_for(server: MailServer) -> None:
    """This server has no STARTTLS: somebody in between could have taken the offer away."""
    with pytest.raises(NotSent):
        await email(server.port, "live", tls="starttls").publish(dispatch())
    assert server.letters == []


async def test_the_password_is_asked_for_by_name_at_every_letter() -> None:
    """A missing one sends nothing, a wrong one sends nothing, the right one sends."""
    secrets: dict[str, str] = {}

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == b"right", handled=False)

    async with mail_server(authenticator=check, auth_require_tls=False) as server:
        channel = EmailChannel(
            with_credential({"port": str(server.port), "username": "alerts"}), "live", secrets=secrets.get
        )
        for password, problem in ((None, "MAIL_PASSWORD is not set"), ("wrong", "password")):
            if password:
                secrets["MAIL_PASSWORD"] = password
            with pytest.raises(NotSent, match=problem):
                await channel.publish(dispatch())
        secrets["MAIL_PASSWORD"] = "right"
        await channel.publish(dispatch())
    assert len(server.letters) == 1


async def test_a_server_that_asks_for_a_password_can_be_given_one_later(server: MailServer) -> None:
    """The message is not at fault: with the account set up, another try succeeds."""
    server.on_mail = says("530 5.7.0 authentication required")
    with pytest.raises(NotSent, match="asks for encryption or a password"):
        await email(server.port, "live").publish(dispatch())


@pytest.mark.parametrize(("answer", "error"), [("451 4.3.0 later", NotSent), ("550 5.7.1 not you", Rejected)])
async def test_a_no_to_the_sender_is_as_final_as_the_server_says(
    server: MailServer, answer: str, error: type[Exception]
) -> None:
    """Before anything was handed over."""
    server.on_mail = says(answer)
    with pytest.raises(error, match=answer[:3]):
        await email(server.port, "live").publish(dispatch())
    assert server.letters == []


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"username": "alerts", "host": "mail.example", "tls": "none"}, "in the open"),
        ({}, "username"),
        ({"recipients": ""}, "recipients"),
        ({"recipients": "desk@paper.example, Desk <desk@paper.example>"}, "recipient 2"),
        ({"sender": "alerts@trust.example\nBcc: all@everyone.example"}, "sender"),
        ({"unheard_of": "1"}, "unheard_of"),
    ],
)
def test_options_that_are_wrong_or_unsafe_are_found_at_once(options: dict[str, str], problem: str) -> None:
    """At the start, not at the first word of an incident."""
    with pytest.raises(ValueError, match=problem):
        EmailChannel(with_credential(options), "live", secrets=lambda _: None)


def test_a_credential_of_another_mode_is_refused() -> None:
    """A drill never holds a live password."""
    with pytest.raises(ValueError, match="belongs to mode live"):
        EmailChannel(with_credential({"username": "alerts"}), DRILL, secrets=lambda _: None)


def test_encryption_is_the_default_unless_the_server_is_on_this_machine() -> None:
    """What does not leave the machine need not be hidden on the way."""
    assert settings_of(entry("email", OPTIONS | {"host": "mail.example"})).security() == "starttls"
    assert settings_of(entry("email", OPTIONS)).security() == "none"


def test_a_letter_is_the_same_at_every_try_and_tells_machines_what_it_is() -> None:
    """The key names it, so that mail programs see one letter where a person had it sent again."""
    given = entry("email", OPTIONS | {"languages": "cy,en", "list_id": "alerts.trust.example"})
    written = letter(dispatch(), given, recipients=["desk@paper.example"])
    assert written == letter(dispatch(), given, recipients=["desk@paper.example"])
    assert written.isascii()
    read = message_from_bytes(written, policy=default)
    assert read["Message-ID"] == f"<{dispatch().key}@trust.example>"
    assert read["Subject"] == ("Tân – Ysbyty Northgate / Fire – Northgate Hospital: Datganiad cyntaf / First statement")
    assert read["Date"].datetime == dispatch().authorisation.at
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Content-Language"] == "cy, en"
    assert read["List-Id"] == "<alerts.trust.example>"
    assert max(len(line) for line in written.splitlines()) <= 998


def test_a_drill_is_marked_in_the_subject_before_anything_else() -> None:
    """In every language of the letter."""
    drill = dispatch(mode=DRILL, purpose=Purpose.ALL_CLEAR)
    read = message_from_bytes(letter(drill, entry("email", OPTIONS), recipients=["a@b.example"]), policy=default)
    marks = "EXERCISE EXERCISE EXERCISE: YMARFER YMARFER YMARFER: "
    assert read["Subject"] == f"{marks}Fire – Northgate Hospital / Tân – Ysbyty Northgate: All clear / Popeth yn glir"


def test_no_name_or_key_becomes_a_header() -> None:
    """Line breaks are taken out of titles, and keys are written so that they stay one identifier."""
    titles = {"en": "Fire\r\nBcc: all@everyone.example"}
    sly = dispatch().model_copy(
        update={
            "message": dispatch().message.model_copy(update={"titles": titles}),
            "key": "a:b/c@everyone.example",
        }
    )
    read = message_from_bytes(letter(sly, entry("email", OPTIONS), recipients=["a@b.example"]), policy=default)
    assert read["Bcc"] is None
    assert read["Subject"].startswith("Fire Bcc: all@everyone.example")
    assert read["Message-ID"] == "<a=3ab=2fc=40everyone=2eexample@trust.example>"


NAMES = [
    "Ardudwy, Betws NHS Trust",
    "Ardudwy Vale, Betws and Cwm Helyg University Hospitals NHS Foundation Trust of North West Wales",
    "Ardudwy Vale; Betws @ Cwm Helyg University Hospitals NHS Foundation Trust of North West Wales",
    "Bwrdd Iechyd Prifysgol Dŵr, Betws a Chwm Helyg, Ysbytai'r Gogledd Orllewin a'r Canolbarth",
    "Bwrdd Iechyd Prifysgol Ysbytai Gogledd Orllewin Cymru, Dŵr a Mynydd, Betws-y-Coed (GIG) @ Ardudwy",
    r'The "Vale" (north) \ Trust',
    "医院 トラスト, 病院",
]


@pytest.fixture(params=["as Python writes UTF-8", "as another library has changed it"])
def charsets(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that sends pages changes how the whole program writes UTF-8 in headers."""
    monkeypatch.setattr(charset, "CHARSETS", dict(charset.CHARSETS))
    if request.param == "as another library has changed it":
        charset.add_charset("utf-8", charset.QP, charset.QP, "utf-8")


@pytest.mark.usefixtures("charsets")
@pytest.mark.parametrize("trust", NAMES)
def test_each_header_is_read_as_it_was_meant(trust: str) -> None:
    """One sender with its whole name; the subject and all others as they were given, however long they are."""
    given = entry("email", OPTIONS | {"trust": trust, "languages": "cy,en"})
    sent = dispatch()
    read = message_from_bytes(letter(sent, given, recipients=["a@b.example"]), policy=default)
    assert [(one.display_name, one.addr_spec) for one in read["From"].addresses] == [(trust, "alerts@trust.example")]
    assert read["Subject"] == subject(sent.message, ["cy", "en"], mode=sent.mode)
    assert read["To"] == "a@b.example"
    assert read["References"] == f"<{sent.public_incident}@trust.example>"
    assert [part.defects for part in (read, read["From"], read["Subject"])] == [[], (), ()]


@pytest.mark.parametrize("mode", ["live", DRILL])
def test_what_a_letter_is_stays_whole_however_long_its_title(mode: str) -> None:
    """A correction that does not say so is read as the first word."""
    sent = dispatch(mode=mode, purpose=Purpose.CORRECTION)
    long = sent.message.model_copy(update={"titles": {"en": "N" * 200, "cy": "Ŵ" * 200}})
    said = subject(long, ["en", "cy"], mode=sent.mode)
    assert len(said) <= 200
    assert said.endswith(": Correction / Cywiriad")
    assert said.startswith("EXERCISE EXERCISE EXERCISE: YMARFER" if mode == DRILL else "NNN")
