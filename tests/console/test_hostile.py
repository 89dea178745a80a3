"""People who mean ill: orders that are none, texts that want to be a page, guesses at the door, looks into the log."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.console.drawing import Drawing
from agents.runtime.door.door import Door
from infra.log import LogFull
from streams.topics import COMMANDS
from streams.values import Subject, canonical
from streams.words.incident import Methane
from streams.words.orders import command
from streams.words.release import Propose
from streams.words.stops import Freeze
from tests.console.asking import browser, lacking
from tests.console.bench import INCIDENT, Night, confirmed, night
from tests.console.test_asked import FIRE, OFFICER, WORDS
from tests.examples import CHIEF, NOW

FROZEN = command(
    Freeze(reason="we have to look"),
    cause="hostile",
    mode="live",
    subject=Subject.incident(INCIDENT),
    at=NOW,
    by=CHIEF,
)
ORDER: Mapping[str, Any] = {name: one for name, one in FROZEN.model_dump(mode="json").items() if name != "proof"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
PROOF = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("form", "key", "credential", "authenticator_data", "client_data", "signature"), JSON),
)
CHANGED = st.tuples(st.sampled_from(sorted(ORDER)), JSON).map(lambda one: {**ORDER, one[0]: one[1]})
LACKING = st.sampled_from(sorted(ORDER)).map(lambda name: {key: one for key, one in ORDER.items() if key != name})
SENT = JSON | st.fixed_dictionaries({"order": CHANGED | LACKING | JSON, "proof": JSON | PROOF})
NO_JSON = (b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"order":' * 20_000, b"NaN", b'"\\ud800"', b"1" * 5_000)


async def orders_on(on: Night) -> list[Any]:
    return [one for one in await on.door.records(COMMANDS) if CHIEF.encode() in (one.value or b"")]


async def test_what_is_no_order_is_answered_in_a_sentence_and_reaches_no_log(tmp_path: Path) -> None:
    """Also what is no JSON, what is nested without end, and an order without its proof; never an error of ours."""
    async with night(tmp_path) as on, browser(on) as at:

        async def refused(body: bytes) -> None:
            answer = await at.post("/orders", body)
            assert answer.status in {400, 403, 422, 429}, (answer, body)
            assert answer.json["refused"][0].endswith((".", ":")), answer
            assert [*lacking(answer)] == []

        for body in NO_JSON:
            await refused(body)
        for sent in examples(SENT, 90):
            await refused(json.dumps(sent).encode())
        assert await orders_on(on) == []


def examples(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """So many examples; the same each time."""
    found: list[Any] = []

    @settings(max_examples=count, database=None, derandomize=True, deadline=None, suppress_health_check=[*HealthCheck])
    @given(strategy)
    def take(one: Any) -> None:
        found.append(one)

    take()
    return found


async def test_an_order_that_was_signed_for_something_else_changes_nothing(tmp_path: Path) -> None:
    async with night(tmp_path) as on, browser(on) as at:
        await on.give(FIRE, by=CHIEF)
        now = on.house.clock.now()
        signed = confirmed(FROZEN.model_copy(update={"at": now}), CHIEF, on.origin)
        whole = signed.model_dump(mode="json", exclude={"proof"})
        assert signed.proof
        proof = signed.proof.model_dump(mode="json", exclude={"key", "form"})
        other = {**whole, "id": "cmd-other", "body": {**whole["body"], "reason": "another"}}
        for order in ({**whole, "id": "cmd-by", "by": OFFICER}, other):
            answer = await at.post("/orders", {"order": order, "proof": proof})
            assert answer.status == 422
            assert answer.json["refused"]
        assert len(await on.door.facts_about(Subject.incident(INCIDENT))) == 3
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Door, "put", full)
            unwritten = await at.post("/orders", {"order": whole, "proof": proof})
        assert unwritten.status == 503
        assert "not given: the service has no room left on its disk" in unwritten.json["refused"][0]
        first = await at.post("/orders", {"order": whole, "proof": proof})
        assert first.status == 200
        # As after a connection that broke: the answer comes again, and the order counts once.
        await on.shown(Subject.incident(INCIDENT), whole["id"])
        again = await at.post("/orders", {"order": whole, "proof": proof})
        assert (again.status, again.json) == (200, first.json)
        facts = await on.door.facts_about(Subject.incident(INCIDENT))
        assert len([one for one in facts if one.cause == whole["id"]]) == 1


async def full(*_: object) -> None:
    raise LogFull


async def test_an_order_that_comes_in_pieces_is_read_whole(tmp_path: Path) -> None:
    async with night(tmp_path) as on, browser(on) as at:

        async def pieces() -> Any:
            body = canonical({"order": ORDER, "proof": None})
            for start in range(0, len(body), 50):
                yield body[start : start + 50]

        headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
        answer = await at.ask("POST", "/orders", headers=headers, data=pieces())
        assert answer.json["refused"] == ["Nothing was sent: the order is not signed. Sign it with your passkey."]


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "</textarea></template><script>alert(1)</script>",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    "&lt;b&gt; &amp; <b>",
    "javascript:alert(1)",
    "ffoniwch 999 " + "very long " * 18,
)
MARKS = ("<script>alert", "<img src=x", "onfocus='alert", "</textarea></template>", "<b>", ">49 ", " 49 ")


def is_harmless(text: str) -> bool:
    return not any(mark in text for mark in MARKS)


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE)
async def test_a_hostile_text_is_shown_as_a_text_on_every_page_that_shows_it(tmp_path: Path, text: str) -> None:
    """As name of the incident, place, hazard and reason, in drafts and reports, and as what was typed into a form."""
    methane = Methane(major_incident=True, exact_location=text, type_of_incident=text, access=text, hazards=(text,))
    async with night(tmp_path) as on, browser(on, CHIEF) as at:
        await on.give(FIRE.model_copy(update={"name": text, "methane": methane}), by=CHIEF)
        words = WORDS.model_copy(update={"slots": {**WORDS.slots, "place": text[:60]}})
        await on.give(Propose(release=words), by=OFFICER)
        await on.give(Freeze(reason=text), by=CHIEF)
        incident = (await on.door.incidents())[INCIDENT]
        here = f"/incidents/{INCIDENT}"
        pages = [
            "/",
            here,
            f"{here}/release",
            f"{here}/resume",
            f"{here}/stand-down",
            f"{here}/record",
            f"{here}/briefing",
        ]
        pages += [f"{here}/sign-off/{name}" for name in incident.drafts]
        for page in pages:
            answer = await at.get(page)
            assert answer.status == 200, page
            assert is_harmless(answer.text), page
            assert [*lacking(answer)] == [], page
        for page, fields in (
            ("/declare", {"exact_location": text, "type_of_incident": text, "name": text, "level": text, "type": text}),
            (f"{here}/release/fire", {"slot-place": text, "slot-time": text, "next_update": text, "until": text}),
            (f"{here}/freeze", {"reason": text}),
            (f"{here}/record", {"at": text, "before": "9" * 5000 if text == HOSTILE[0] else text}),
            ("/sign-in", {"next": text}),
            (f"/incidents/{text[:20].replace('/', '')}", {}),
            ("/", {"language": text, "done": text}),
        ):
            answer = await at.ask("GET", page, params=fields)
            assert answer.status in {200, 404}, page
            assert is_harmless(answer.text), page
            assert [*lacking(answer)] == [], page


@given(st.text(max_size=80))
@settings(max_examples=50, deadline=None)
def test_any_text_is_escaped_where_a_page_shows_it(text: str) -> None:
    drawing = Drawing()
    shown = drawing.draw(
        "pages/error.html.j2",
        language="en",
        zone=NOW.tzinfo,  # type: ignore[arg-type] # it has one
        heading=text,
        help=text,
        trust=text,
        nonce="n",
        now=NOW,
        path=text,
        me=None,
        mode=text,
        is_live=False,
        version=1,
        waits=0,
        subject=None,
    )
    assert shown.count("<script") == 2
    assert shown.count("<h1") == 1


async def test_guesses_at_the_door_are_answered_with_a_sentence_after_the_tenth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each of them has a line in the log with its reason; an order is not kept from its person by that."""
    async with night(tmp_path) as on, browser(on) as at:
        assert (await at.sign_in(CHIEF)).status == 200
        assert (await at.sign_in(CHIEF, origin="https://elsewhere.example")).status == 422
        for sent in ({}, [], None, {"asked": {}, "proof": {}, "next": "/"}, 7, "x", {"asked": 1}, {"proof": 1}, [1]):
            answer = await at.post("/sign-in", sent)
            assert (answer.status, [*lacking(answer)]) == (422, [])
        spent = await at.sign_in(CHIEF)
        assert (spent.status, spent.headers["Retry-After"], [*lacking(spent)]) == (429, "60", [])
        assert spent.json["refused"][0] == "That was too often."
        lines = [one for one in capsys.readouterr().out.splitlines() if "a sign-in failed" in one]
        assert len(lines) == 10
        assert "reason=wrong" in lines[0]
        assert CHIEF in lines[0]
        declared = command(FIRE, cause="x", mode="live", subject=Subject.incident(INCIDENT), at=NOW, by=CHIEF)
        signed = confirmed(declared, CHIEF, on.origin)
        assert signed.proof
        proof = signed.proof.model_dump(mode="json", exclude={"key", "form"})
        given_now = await at.post(
            "/orders", {"order": signed.model_dump(mode="json", exclude={"proof"}), "proof": proof}
        )
        assert given_now.status == 200


TOKENS: Sequence[Any] = ("x", "a~b~c~d", "incident/inc-1~s~p~m", "é", "\ud800~b~c~d", "~" * 500, "x" * 3_000, 7, None)
COOKIES = (
    "session=x",
    "session=%ff; link=a~b~c~d",
    'session="; link=\\',
    "language=<script>",
    f"session={'x' * 4_000}",
)


async def test_cookies_and_links_that_were_never_given_out_open_nothing(tmp_path: Path) -> None:
    async with night(tmp_path) as on, browser(on) as at:
        for token in TOKENS:
            answer = await at.post("/s", {"token": token})
            assert (answer.status, [*lacking(answer)]) in ((422, []), (429, [])), token
        for cookie in COOKIES:
            answer = await at.get(f"/incidents/{INCIDENT}/sign-off/x", Cookie=cookie)
            assert (answer.status, [*lacking(answer)]) == (303, []), cookie
            assert "<script>" not in (await at.get("/sign-in", Cookie=cookie)).text


async def test_no_secret_is_in_a_link_or_in_the_log(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The token of a session, the key of links, a nonce, and what a device signed."""
    async with night(tmp_path) as on, browser(on) as at:
        answers = [await at.sign_in(CHIEF), await at.get("/"), await at.get("/me"), await at.get("/no-such-page")]
        token = at.token()
        assert token
        answers += [await at.send("/sign-out/everywhere"), await at.sign_in(CHIEF, type="webauthn.create")]
        logged = "".join(capfd.readouterr())
        for secret in (token, on.house.link_key or "-", "client_data"):
            assert secret not in logged
            assert not [one for one in answers if secret in one.text or secret in one.headers.get("Location", "")]
