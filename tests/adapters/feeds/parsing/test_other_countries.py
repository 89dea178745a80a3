"""CAP as it is written elsewhere, by the published descriptions of its profiles: each message has its verdict."""

import socket
from typing import Any

import pytest

from agents.adapters.feeds.cap.parse import parse
from tests.adapters.feeds.parsing.invented import SENDER, alert, info, named, outcome, posts, source


def tornado() -> str:
    """In the United States an update names what it follows, with codes that no reader needs."""
    area = "<polygon>52.47,-4.14 52.34,-3.95 52.52,-3.74 52.47,-4.14</polygon><geocode><valueName>UGC</valueName>"
    codes = "<parameter><valueName>VTEC</valueName><value>/O.CON.KXXX.TO.W.0001/</value></parameter>"
    said = info(language="en-US", event="Tornado Warning", headline="Take cover", expires="2026-11-29T12:30:00-06:00")
    said = said.replace("<area>", f"{codes}<area>").replace(
        "</areaDesc>", f"</areaDesc>{area}<value>X</value></geocode>"
    )
    sent = "2026-11-29T11:40:00-06:00"
    return alert(
        said, identifier="urn:oid:2.49.0.1.840.0.2", sent=sent, msgType="Update", references=named("urn:oid:1")
    )


def wildfire() -> str:
    """In Canada both languages are parts of one message."""
    parts = [info(language="en-CA", headline="Leave now"), info(language="fr-CA", headline="Partez maintenant")]
    return alert(*parts, identifier="urn:oid:2.49.0.1.124.1")


def heartbeat() -> str:
    """In Canada the system says each minute that it is alive, and names the messages of the day."""
    return alert("<!-- nothing -->", status="System", references=named("urn:oid:2.49.0.1.124.1"))


def over() -> str:
    """In Germany a message without an end is over by an update that says so."""
    said = info(language="DE", headline="Entwarnung: Brand", description="Vorbei.&lt;br/&gt;Danke.", expires=None)
    return alert(said, identifier="mow.2", msgType="Update", references=named("mow.1"))


def evacuation() -> bytes:
    """In Chile under a declaration of Latin-1, whatever the bytes are."""
    said = alert(info(language="es-CL", headline="Evacuación inmediata"), identifier="cl1")
    return f'<?xml version="1.0" encoding="ISO-8859-1"?>{said}'.encode()


def enveloped() -> str:
    """In Australia some messages come in an envelope, which is not opened."""
    return f'<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0">{alert()}</EDXLDistribution>'


def by_a_name() -> str:
    """In India a sender may be called by words, which no Cancel could name."""
    return alert(sender="Disaster Authority")


VERDICTS: dict[Any, tuple[list[tuple[str, str]], str]] = {
    tornado: ([("deleted", "urn:oid:1"), ("new", "urn:oid:2.49.0.1.840.0.2")], "Take cover"),
    wildfire: ([("new", "urn:oid:2.49.0.1.124.1")], "Partez maintenant"),
    heartbeat: ([], "it has no info"),
    over: ([("deleted", "mow.1"), ("new", "mow.2")], "Vorbei.\nDanke."),
    evacuation: ([("new", "cl1")], "Evacuación inmediata"),
    enveloped: ([], "is no Atom or RSS feed"),
    by_a_name: ([], "no Cancel could name it"),
}


@pytest.mark.parametrize("written", VERDICTS, ids=lambda one: one.__name__)
def test_each_message_of_another_country_has_its_verdict(written: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """None is fetched for, and none makes a parser fail."""
    monkeypatch.delattr(socket, "socket")
    body = written()
    parsed = parse(body if isinstance(body, bytes) else body.encode(), source(account_id=SENDER))
    expected, said = VERDICTS[written]
    assert outcome(parsed) == expected
    assert said in "\n".join([*(one.text for one in posts(parsed)), *parsed.faults])
