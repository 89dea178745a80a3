"""A night on the telephone: a wrong word mended, everything frozen, the console gone and back, two yeses at once."""

import asyncio
import base64
import json
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from agents.runtime.door.reading import RecordReader
from agents.runtime.record.export import export
from streams.topics import COMMANDS
from streams.values import LIVE, TRAINING, Purpose, Subject
from streams.words.delivery import Verb
from streams.words.register.keys import challenge_of
from streams.words.register.passkeys import written
from streams.words.release import Release
from streams.words.sign_off import Call
from streams.words.stops import Freeze
from tests.browser import Tab, on_a_phone
from tests.console.bench import INCIDENT, RP_ID, Night, credential, night, pkcs8, seen, sign_in
from tests.console.killed import in_a_process
from tests.console.test_asked import FIRE, WORDS
from tests.console.test_offline import cut
from tests.console.test_screens import faults_of
from tests.evidence_kit import found
from tests.examples import CHIEF, DIRECTOR

HERE = f"/incidents/{INCIDENT}"
pytestmark = pytest.mark.slow


async def released(on: Night) -> None:
    await on.give(FIRE, by=CHIEF)
    await on.give(WORDS, by=CHIEF)


async def sent(on: Night, *verbs: Verb) -> None:
    """Wait until the first two channels have had exactly these, one after another: they are sent beside the pages."""
    channels = [on.channels[name] for name in ("site", "email")]
    with suppress(TimeoutError):
        async with asyncio.timeout(180):
            while any(len(one.posts) < len(verbs) for one in channels):  # noqa: ASYNC110 - people wait as well
                await asyncio.sleep(0.05)
    assert [[post.verb for post in one.posts] for one in channels] == [[*verbs]] * 2


async def asked_to_take_on(on: Night) -> Call:
    """The first page about a promise that is late: the clock of the pages is ahead of whoever pages people."""
    async with asyncio.timeout(180):
        while not (found := [one for one in on.pager.calls if "is OVERDUE since" in one.text]):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.05)
    return found[0]


async def has_ordered(on: Night, purpose: Purpose) -> bool:
    """Whether somebody ordered words of this purpose; the pages know of it as soon as this answers."""
    async with asyncio.timeout(180):
        while await on.door._log.oldest_left_ms() is not None:  # noqa: ASYNC110 - the worker takes it at its own pace
            await asyncio.sleep(0.05)
    orders = [RecordReader().message(COMMANDS, one) for one in await on.door.records(COMMANDS)]
    found = [one for one in orders if one and isinstance(one.body, Release) and one.body.purpose is purpose]
    for one in found:
        await on.shown(one.subject, one.id)
    return bool(found)


async def test_a_wrong_word_is_corrected_and_withdrawn_in_two_taps_each(tmp_path: Path) -> None:
    async with night(tmp_path) as on, on_a_phone() as tab:
        await released(on)
        await sign_in(tab, on)
        await tab.go(f"{on.origin}{HERE}")
        tab.taps = 0
        await tab.press("Correct")
        await tab.shows("change what was wrong")
        await tab.write("slot-time", "22:33")
        await tab.shows("22:33.")
        await goes_out_only_as_typed(tab)
        await goes_on_after_the_session_ended(tab, on)
        tab.taps = 1
        await tab.press("Correct now, in public")
        await tab.shows("Your order was carried out")
        assert tab.taps == 2
        await tab.shows("CORRECTION")
        await tab.shows("The public expects the next word by 23:26")
        await tab.until("document.querySelectorAll('.nhsuk-tag--green').length >= 2")
        await seen(tab, "corrected")
        await sent(on, Verb.PUBLISH, Verb.CORRECT)
        tab.taps = 0
        await tab.press("Withdraw")
        await tab.press("Withdraw now, in public")
        await tab.until("location.search.includes('done') && document.title.startsWith('Fire')")
        assert tab.taps == 2
        await tab.shows("We have withdrawn our message")
        incident = (await on.door.incidents())[INCIDENT]
        assert [one.purpose for one in incident.messages.values()] == [
            Purpose.HOLDING,
            Purpose.CORRECTION,
            Purpose.WITHDRAWAL,
        ]
        subject, now = Subject.incident(INCIDENT), on.house.clock.now()
        _, content = await export(on.door, subject, mode=LIVE, by=CHIEF, at=now)
        assert found(content) == [], "the file alone shows who signed each of them"


async def goes_out_only_as_typed(tab: Tab) -> None:
    """A tap straight from the field that was typed into shows the new words, and sends none.

    Where they cannot be shown, as without a network, there is nothing to tap.
    """
    await tab.value("document.querySelector('[name=slot-time]').select()")
    await tab.ask("Input.insertText", text="22:34")
    await tab.press("Correct now, in public")
    await tab.shows("22:34.")
    assert await tab.value("location.pathname.endsWith('/correct') && !document.querySelector('.hl-answer *')")
    await cut(tab, off=True)
    await tab.write("slot-time", "22:35")
    await tab.shows("so nothing can go out from here")
    assert not await tab.value("document.querySelector('.hl-order')")
    await cut(tab, off=False)
    await tab.write("slot-time", "22:35")


LEFT = {"en": "You are signed out.", "cy": "Rydych wedi'ch allgofnodi."}
COME_BACK = {"en": "Sign in with your passkey", "cy": "Mewngofnodi â'ch allwedd"}


async def goes_on_after_the_session_ended(tab: Tab, on: Night) -> None:
    """The page says so, and who signs in there goes on with what they typed; so does a page that only shows."""
    here = await tab.value("location.href")
    for language in ("cy", "en"):
        await tab.go(f"{on.origin}{HERE}?language={language}")
        await tab.until("!!document.querySelector('.hl-live:not(.hl-stale)')")
        on.house.sessions.end_all(CHIEF)
        await tab.shows(LEFT[language])
        await seen(tab, f"signed-out-{language}")
        assert await tab.value("document.documentElement.scrollWidth <= innerWidth")
        await tab.press(COME_BACK[language])
        await tab.until("!document.querySelector('.hl-left, .hl-stale')")
    await tab.go(here)
    on.house.sessions.end_all(CHIEF)
    await tab.write("slot-time", "22:33")
    await tab.shows(LEFT["en"])
    assert not await tab.value("document.querySelector('[data-offer]')")
    await tab.press(COME_BACK["en"])
    await tab.shows("22:33.")


GREEN = """[...document.querySelectorAll('.nhsuk-button:not(.nhsuk-button--secondary):not(.nhsuk-button--warning)')]
  .map((one) => one.innerText.trim())"""
"""What the green buttons of a page say: the one thing to do."""


async def test_a_freeze_stops_what_is_new_and_its_page_says_who_could_go_on(tmp_path: Path) -> None:
    """While it lasts, its end is the one thing to do, for who may; others read who may, and why nothing goes out."""
    async with night(tmp_path) as on, on_a_phone() as tab:
        await released(on)
        await sign_in(tab, on)
        await tab.go(f"{on.origin}{HERE}")
        await tab.press("Freeze everything")
        await tab.press("Yes, freeze now")
        await tab.shows("Frozen: nothing new goes out")
        await tab.shows("End the freeze")
        await seen(tab, "frozen")
        assert await tab.value(GREEN) == ["End the freeze"]
        await tab.press("Release a message: nothing new goes out until the freeze ends")
        await tab.shows("This would be refused")
        assert await tab.value("[...document.querySelectorAll('.hl-order button')].length") == 0
        await seen(tab, "frozen-release")
        await tab.go(on.origin)
        await seen(tab, "frozen-now")
        assert await tab.value(GREEN) == ["End the freeze"]
        await tab.press("End the freeze")
        await tab.shows("End the freeze?")
        await tab.go(f"{on.origin}{HERE}/release?language=cy")
        await tab.press("Dod â'r rhewi i ben")
        await tab.shows("Dod â'r rhewi i ben?")


COUNTS_YESES = """{ const ask = navigator.credentials.get.bind(navigator.credentials);
  navigator.credentials.get = (asked) => {
    sessionStorage.yeses = Number(sessionStorage.yeses || 0) + 1;
    return ask(asked);
  }; }"""
COVERED = """(() => { const box = document.querySelector(".hl-answer:not(:empty)").getBoundingClientRect();
  return box.width < 0.8 * innerWidth || box.bottom > innerHeight + 1 || box.top < 0; })()"""
"""Whether a part of the answer to a tap is out of sight, or squeezed beside another button."""


async def test_a_console_that_is_killed_is_told_of_on_the_page_and_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    """What was offered before goes through afterwards: an order needs no session; nor does anybody sign in again.

    It is killed while a page is open, and again in the moment after a tap.
    """
    async with (
        night(tmp_path) as on,
        in_a_process(on, tmp_path) as console,
        on_a_phone() as tab,
        on_a_phone() as other,
    ):
        await on.give(FIRE, by=CHIEF)
        await sign_in(tab, on)
        await tab.go(f"{on.origin}{HERE}")
        await tab.shows("Live")
        await tab.ask("Network.enable")
        await sign_in(other, on)
        await other.go(f"{on.origin}{HERE}/release/fire")
        await other.shows("Release now to the public")
        await console.kill()
        await tab.shows("Not live")
        await seen(tab, "not-live")
        await other.value(COUNTS_YESES)
        await other.press("Release now to the public")
        await other.shows("The connection failed")
        await other.shows("Press again once you have a connection: it counts only once.")
        assert not await other.value(COVERED)
        await seen(other, "no-answer")
        assert on.channels["site"].posts == []
        await console.start()
        await tab.until("!document.body.innerText.includes('Not live')")
        await other.press("Release now to the public")
        await tab.shows("There is a fire at Ysbyty Ardudwy")
        await other.shows("Your order was carried out")
        assert await other.value("sessionStorage.yeses") == "1", (
            "the same order is sent again, with the yes that it has"
        )
        await tab.until("document.querySelectorAll('.nhsuk-tag--green').length >= 2")
        await tab.press("Withdraw")
        await tab.press("Withdraw now, in public")
        await console.kill()
        await console.start()
        await tab.go(f"{on.origin}{HERE}")
        if not await has_ordered(on, Purpose.WITHDRAWAL):
            await tab.press("Withdraw")
            await tab.press("Withdraw now, in public")
        await tab.shows("We have withdrawn our message")
        await tab.until("document.querySelectorAll('.nhsuk-tag--green').length >= 2")
        await sent(on, Verb.PUBLISH, Verb.WITHDRAW)


async def test_of_two_who_say_yes_at_once_the_words_go_out_once(tmp_path: Path) -> None:
    async with night(tmp_path) as on, on_a_phone() as one, on_a_phone() as two:
        await on.give(FIRE, by=CHIEF)
        for tab, person in ((one, CHIEF), (two, DIRECTOR)):
            await sign_in(tab, on, person)
            await tab.go(f"{on.origin}{HERE}/release/fire?slot-time=22:29")
            await tab.shows("Release now to the public")
        await one.press("Release now to the public")
        await two.press("Release now to the public")
        carried_out, refused = "Your order was carried out", "This was not done"
        for tab in (one, two):
            await tab.until(f"['{carried_out}', '{refused}'].some((words) => document.body.innerText.includes(words))")
        told = [await tab.value(f"document.body.innerText.includes('{carried_out}')") for tab in (one, two)]
        assert sorted(told) == [False, True]
        # So that a voice that reads a Welsh page out knows which reasons are in English.
        late = two if told[0] else one
        assert await late.value("[...document.querySelectorAll('.hl-answer li')].map(one => one.lang)") == ["en"]
        await seen(late, "said-already")
        await sent(on, Verb.PUBLISH)


async def test_without_face_finger_or_pin_nothing_is_sent(tmp_path: Path) -> None:
    async with night(tmp_path) as on, on_a_phone() as tab:
        await on.give(FIRE, by=CHIEF)
        device = await tab.holds(credential(CHIEF), pkcs8(CHIEF), rp_id=RP_ID, user=CHIEF)
        await tab.go(f"{on.origin}/sign-in?next={HERE}/freeze")
        await tab.press("Sign in with your passkey")
        await tab.shows("Freeze everything?")
        await tab.ask("WebAuthn.setUserVerified", authenticatorId=device, isUserVerified=False)
        await tab.press("Yes, freeze now")
        await tab.shows("did not confirm that it is you")
        assert (await on.door.incidents())[INCIDENT].stops.frozen is None


POISON = {
    "__proto__": {"next": "/status", "polluted": 1},
    "constructor": {"prototype": {"polluted": 1}},
    "toString": "x",
}
POISONED = """(([poison, status]) => {
  const box = document.querySelector('.hl-order'), offer = JSON.parse(box.dataset.offer);
  const order = `{${poison.slice(1, -1)},"slots":${poison},${JSON.stringify(offer.order).slice(1)}`;
  box.dataset.offer = `{"order":${order},"devices":${JSON.stringify(offer.devices)},"passkey":true}`;
  window.fetch = async (path, { body }) => { window.sent = body; return new Response(poison, { status }); };
})"""
"""Puts such names into the order that the page offers, and gives them as the answer to it."""


async def test_names_that_poison_objects_change_neither_what_is_signed_nor_where_an_answer_leads(
    tmp_path: Path,
) -> None:
    """The device signs each of them as it came in, as the desk reads it; none becomes a property of other objects."""
    async with night(tmp_path) as on, on_a_phone() as tab:
        await on.give(FIRE, by=CHIEF)
        await sign_in(tab, on)
        await tab.go(f"{on.origin}{HERE}/freeze")
        answered = json.dumps({**POISON, "said": ["as it came"], "status": 500}, separators=(",", ":"))
        await tab.value(f"{POISONED}({json.dumps([answered, 200])})")
        await tab.press("Yes, freeze now")
        await tab.shows("as it came")
        assert await tab.value("location.pathname") == f"{HERE}/freeze"
        sent = json.loads(await tab.value("window.sent"))
        assert sent["order"]["slots"]["__proto__"] == sent["order"]["__proto__"] == POISON["__proto__"]
        said = json.loads(base64.urlsafe_b64decode(sent["proof"]["client_data"] + "=="))
        assert said["challenge"] == written(challenge_of(sent["order"]))
        assert await tab.value("[{}.polluted, {}.next, [].polluted].every((one) => one === undefined)")
        assert not await tab.value("Reflect.defineProperty(Object.prototype, 'polluted', { value: 1 })")


async def test_a_broken_promise_is_on_top_and_pages_a_link_to_whoever_is_on_call(tmp_path: Path) -> None:
    async with night(tmp_path, speed=20.0) as on, on_a_phone() as tab:
        await on.give(FIRE, by=CHIEF)
        soon = on.house.clock.now() + timedelta(minutes=2)
        await on.give(WORDS.model_copy(update={"next_update_at": soon}), by=CHIEF)
        await sign_in(tab, on)
        await tab.shows("The public was promised the next word, and it is late.")
        await seen(tab, "promise-broken")
        asked = await asked_to_take_on(on)
        assert "\nOpen: http" in asked.text
        await tab.press("The public was promised the next word, and it is late.")
        await tab.shows("Release these words?")
        await tab.go(asked.text.partition("Open: ")[2])
        await tab.shows("You are asked to take this on")
        faults: list[str] = []
        for language in ("cy", "en"):
            await tab.go(f"{await tab.value('location.origin + location.pathname')}?language={language}")
            faults += [one async for one in faults_of(tab, f"asked-{language}")]
        assert not faults, "\n".join(faults)
        await on.give(Freeze(reason="We are not sure"), by=CHIEF)
        await tab.go(on.origin)
        await tab.press(
            "The public was promised the next word, and it is late. Everything is frozen: end the freeze first."
        )
        await tab.shows("End the freeze?")


async def test_from_the_sign_in_to_the_first_word_the_keyboard_is_enough(tmp_path: Path) -> None:
    async with night(tmp_path) as on, on_a_phone() as tab:
        await tab.holds(credential(CHIEF), pkcs8(CHIEF), rp_id=RP_ID, user=CHIEF)
        await tab.go(f"{on.origin}/sign-in")
        await tab.reach("Sign in with your passkey")
        await tab.shows("What waits for you")
        await tab.reach("Declare an incident")
        await tab.shows("E: Exact location")
        await tab.types("exact_location", "Ysbyty Ardudwy")
        await tab.types("type_of_incident", "fire")
        await tab.reach("Declare now")
        await tab.shows("Your order was carried out")
        await tab.reach("Release a message")
        await tab.shows("Release these words?")
        await tab.reach("Release now to the public")
        await tab.shows("Your order was carried out")
        await tab.until("document.querySelectorAll('.nhsuk-tag--green').length >= 2")
        assert tab.taps == 0


async def by_name(tab: Tab, on: Night, person: str) -> None:
    await tab.go(f"{on.origin}/sign-in")
    await tab.write("person", person)
    await tab.press("Go in")
    await tab.shows("What waits for you")


async def test_a_drill_looks_like_one_and_needs_no_passkey(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING, practises=True) as on, on_a_phone() as tab:
        await by_name(tab, on, CHIEF)
        await tab.shows("DRILL (training). Nothing here reaches the public.")
        await tab.go(f"{on.origin}/declare")
        await tab.write("exact_location", "Ysbyty Ardudwy")
        await tab.write("type_of_incident", "fire")
        await tab.press("Declare now")
        await tab.press("Release a message")
        await tab.shows("EXERCISE")
        await seen(tab, "drill-release")
        await tab.press("Release now to the public")
        await tab.shows("What the exercise shows now")
        await tab.until("document.querySelectorAll('.nhsuk-tag--green').length >= 2")
        await tab.press("see what the public would see")
        await tab.shows("Nothing on this page is public")
        await seen(tab, "practice")
        faults = [one async for one in faults_of(tab, "practice")]
        assert not faults, "\n".join(faults)
