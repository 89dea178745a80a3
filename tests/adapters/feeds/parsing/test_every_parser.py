"""Whatever comes: each parser answers with posts or with sentences, fetches nothing and never fails."""

import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.adapters.clocks import SystemClock
from agents.adapters.feeds.atom.parse import parse as parse_atom
from agents.adapters.feeds.cap.parse import parse as parse_cap
from agents.adapters.feeds.ea_floods.parse import parse as parse_floods
from agents.adapters.feeds.gov_alerts.parse import parse as parse_alerts
from agents.adapters.feeds.kinds import KINDS
from agents.adapters.feeds.met_office.keys import with_key
from agents.adapters.feeds.met_office.parse import parse as parse_weather
from agents.adapters.feeds.parsed import Parse, Parsed
from agents.adapters.feeds.reading.documents import BYTES_MAX, TAGS_MAX
from agents.adapters.feeds.tools import Tools
from agents.ports import NotSent
from streams.words.register.accounts import Credential
from tests.adapters.feeds.parsing.invented import CAP_12, alert, atom, entry, info, item, outcome, posts, rss, source
from tests.adapters.feeds.parsing.test_floods_and_weather import flood, snow

XML: dict[str, Parse] = {"atom": parse_atom, "cap": parse_cap, "gov-alerts": parse_alerts, "met-office": parse_weather}
EVERY: dict[str, Parse] = XML | {"ea-floods": parse_floods}
WRITTEN = [alert(), atom(entry(), entry("urn:x:2", rest=f"<content type='text/xml'>{alert()}</content>")), rss(item())]
SAMPLES = [text.encode() for text in [*WRITTEN, flood(), snow()]]

BOMB = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
HOSTILE = {
    "a bomb of entities": (f'<!DOCTYPE feed [<!ENTITY l0 "ha">{BOMB}]>' + atom(entry(title="&l9;")), "DOCTYPE"),
    "a file of ours": (
        '<!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + atom(entry(title="&x;")),
        "DOCTYPE",
    ),
    "a document type elsewhere": ('<!DOCTYPE feed SYSTEM "http://127.0.0.1:9/x.dtd">' + atom(), "DOCTYPE"),
    "one behind a comment": ("<!-- <a> --><?x <!-- ?><!DOCTYPE feed []><?x --> ?>" + atom(), "DOCTYPE"),
    "one without a root": ("<!DOCTYPE alert []>", "DOCTYPE"),
    "an entity that is none": (atom(entry(title="&x;")), "no well-formed XML"),
    "a deep nest": ("<a>" * 150 + "</a>" * 150, "deep"),
    "a bottomless nest": ("<a>" * 50_000, "well-formed"),
    "too many tags": ("<feed>" + "<a/>" * (TAGS_MAX + 1) + "</feed>", "tags"),
    "too large": ("<feed>" + "x" * BYTES_MAX + "</feed>", "bytes"),
    "cut short": (atom(entry())[:-20], "no well-formed XML"),
    "a NUL": (atom(entry(title="a\0b")), "U+0000"),
    "a web page": ("<!doctype html><html><body>Sign in</body></html>", "web page"),
    "a web page as XML": ('<html xmlns="http://www.w3.org/1999/xhtml"/>', "web page"),
    "an unknown encoding": ('<?xml version="1.0" encoding="EBCDIC-CP-US"?>' + atom(), "EBCDIC"),
    "a codec that is none of text": ('<?xml version="1.0" encoding="rot13"?>' + atom(), "rot13"),
    "nothing": ("", "well-formed"),
}


@pytest.fixture(autouse=True)
def _no_fetch(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever opens a connection fails."""

    def refused(*_: object) -> None:
        raise AssertionError("a parser opened a connection")

    with monkeypatch.context() as patched:
        patched.setattr(socket.socket, "connect", refused)
        yield


def in_order(parsed: Parsed) -> bool:
    times = [one.at for one in parsed.items]
    return times == sorted(times) and len({one.id for one in parsed.items}) == len(times)


def is_said_well(sentence: str) -> bool:
    return 0 < len(sentence) <= 1_000 and sentence.isprintable()


@pytest.mark.parametrize("kind", XML)
@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_document_is_refused_with_a_sentence(what: str, kind: str) -> None:
    text, said = HOSTILE[what]
    parsed = XML[kind](text.encode(), source())
    assert parsed.items == ()
    assert said in " ".join(parsed.faults)
    assert all(map(is_said_well, parsed.faults))


@pytest.mark.parametrize("kind", XML)
def test_a_document_type_is_found_in_every_encoding(kind: str) -> None:
    text = '<!DOCTYPE feed [<!ENTITY x "y">]>' + atom(entry())
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        assert "DOCTYPE" in XML[kind](text.encode(encoding), source()).faults[0]


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b"{}", b"[1]", b"null", b'{"items": 5}', b"\xff\xfe\0", b"<html>", b""]
)
@pytest.mark.parametrize("kind", ["ea-floods", "met-office"])
def test_json_that_is_no_list_of_warnings_is_refused_with_a_sentence(body: bytes, kind: str) -> None:
    parsed = EVERY[kind](body, source())
    assert (parsed.items, len(parsed.faults)) == ((), 1)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", None),
        ("utf-8", "UTF-8"),
        ("utf-8-sig", None),
        ("utf-16", None),
        ("iso-8859-1", "ISO-8859-1"),
        ("iso-8859-15", "ISO-8859-15"),
        ("cp1252", "windows-1252"),
        ("cp1252", "ISO-8859-1"),
        ("utf-8", "ISO-8859-1"),
        ("utf-8", "windows-1252"),
    ],
)
def test_the_same_words_are_read_in_every_encoding(encoding: str, declared: str | None) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    quote = "’" if encoding not in {"iso-8859-1", "iso-8859-15"} else "'"
    said = f"Mae{quote}r caffi yn Ê, é, ö"
    (post,) = posts(parse_cap((head + alert(info(headline=said))).encode(encoding), source()))
    assert post.text.startswith(said)


def test_a_document_in_another_encoding_than_it_says_is_refused() -> None:
    parsed = parse_cap(alert(info(headline="Café")).encode("latin-1"), source())
    assert "is none of utf-8" in parsed.faults[0]


@pytest.mark.parametrize("kind", EVERY)
@given(body=st.binary(max_size=400))
def test_no_bytes_make_a_parser_fail(kind: str, body: bytes) -> None:
    parsed = EVERY[kind](body, source())
    assert parsed.faults
    assert all(map(is_said_well, parsed.faults))


@pytest.mark.parametrize("kind", EVERY)
@given(data=st.data())
def test_no_spoilt_document_makes_a_parser_fail(kind: str, data: st.DataObject) -> None:
    """A piece of a true one is cut out, or others are put there."""
    body = data.draw(st.sampled_from(SAMPLES))
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 40)))
    piece = data.draw(
        st.one_of(st.binary(max_size=20), st.text(max_size=10).map(lambda one: one.encode("utf-8", "replace")))
    )
    parsed = EVERY[kind](body[:start] + piece + body[end:], source())
    assert all(map(is_said_well, (*parsed.faults, *parsed.left_out)))
    assert in_order(parsed)


@pytest.mark.parametrize("kind", EVERY)
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_any_words_in_any_field_make_no_parser_fail(kind: str, text: str) -> None:
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "")
    documents = [
        alert(info(**dict.fromkeys(("language", "event", "headline", "description", "expires"), plain))),
        alert(identifier=plain, sent=plain, namespace=CAP_12),
        alert(msgType="Cancel", references=plain),
        atom(
            entry(plain, updated=plain),
            entry(title=plain, published=plain, rest=f"<link>{plain}</link>"),
        ),
        rss(item(guid=plain, link=plain, description=plain), item(pubDate=plain)),
        flood(floodAreaID=text, message=text, description=text),
        flood(severityLevel=text, timeMessageChanged=text),
        snow(warningId=text, whatToExpect=text, warningVersion=text, weatherType=[text]),
        snow(validToDate=text, affectedAreas=text),
    ]
    for document in documents:
        parsed = EVERY[kind](document.encode(), source())
        assert all(map(is_said_well, (*parsed.faults, *parsed.left_out)))
        assert in_order(parsed)


@pytest.mark.parametrize("body", SAMPLES)
def test_the_same_document_gives_the_same_posts_each_time(body: bytes) -> None:
    for parse in EVERY.values():
        assert parse(body, source()) == parse(body, source())


STYLES = {
    "one message a file, Latin-1": (
        f'<?xml version="1.0" encoding="ISO-8859-1"?>{alert(info(language="fr-FR", headline="Crue à Neuvy"))}'.encode(
            "latin-1"
        ),
        [("new", "flood-1")],
    ),
    "two languages, areas apart": (
        alert(info(language="de-AT"), info(language="de-AT", areaDesc="Oberdorf"), info(language="en")).encode(),
        [("new", "flood-1")],
    ),
    "messages within Atom": (
        atom(entry(rest=f"<content type='text/xml'>{alert()}</content>")).encode(),
        [("new", "flood-1")],
    ),
    "plain RSS with HTML": (rss(item(description="&lt;b&gt;Closed&lt;/b&gt;")).encode(), [("new", "urn:news:1")]),
    "plain Atom": (atom(entry("urn:x:1")).encode(), [("new", "urn:x:1")]),
}


@pytest.mark.parametrize("style", STYLES)
def test_feeds_in_the_styles_of_five_countries_are_read(style: str) -> None:
    body, expected = STYLES[style]
    parsed = parse_atom(body, source())
    assert (outcome(parsed), parsed.faults) == (expected, ())


def test_every_kind_that_is_polled_is_read_here() -> None:
    """A kind that is added later meets the hostile documents, too."""
    assert {*EVERY} == {kind for kind, row in KINDS.items() if row.card.transport == "poll"}
    for kind, parse in EVERY.items():
        assert parse.__module__ == f"agents.adapters.feeds.{kind.replace('-', '_')}.parse"


def test_the_met_office_is_asked_with_the_key_and_not_without() -> None:
    account = source().account.model_copy(update={"credential": Credential(secret="HOLDINGLINE_FEED_KEY", mode="live")})
    tools = Tools("live", SystemClock(), {"HOLDINGLINE_FEED_KEY": "k"}.get, chance=lambda: 0.5)
    assert with_key(account, tools) == {"x-api-key": "k"}
    with pytest.raises(NotSent, match="not set"):
        with_key(source().account, tools)
