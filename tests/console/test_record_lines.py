"""The record of an incident on its page: what happened, named as people name it, in the language of the page."""

import html
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.console.pages.overviews.sentences import sentences
from agents.runtime.views.console_words import LANGUAGES, console_says
from streams.coming_times import NoSuchTime, coming
from streams.decisions.stops.stop_orders import not_sent
from streams.subjects.incident import Incident
from streams.telling.happenings.lines import happening
from streams.telling.happenings.names import name_book
from streams.values import TRAINING, Purpose
from streams.why import because, together
from streams.words.cases import CaseFact
from streams.words.facts import FactBody
from streams.words.feeds import FeedNoted
from streams.words.listening.watch import WatchFact
from streams.words.orders import Giver
from streams.words.plans import PlanFact
from streams.words.register.accounts import AccountFact, RouteNoted
from streams.words.register.changes import ChangeFact
from streams.words.register.entries import Register
from streams.words.register.kept import FilesNoted, UnconfirmedNoted
from streams.words.register.partners import LookAlikeFact
from streams.words.register.passkeys import SignInsFailed
from streams.words.release import LineDrafted, Message
from streams.words.risks.noted import RisksNoted
from streams.words.sign_off import PassedOver, PersonPassedOver, SearchEnded, SearchOutcome
from streams.words.stops import Freeze, ReturnDraft, StopPartner
from tests.console.bench import night
from tests.console.test_lines import FIRST, HERE, TYPED
from tests.console.test_welsh_pages import english_in, names
from tests.console.visitor import DECLARED, FIRE, all_public, links_of, ordered, visiting
from tests.examples import CHIEF, DIRECTOR, NOW, WRITER
from tests.strategies import built

BODIES = [member for one in get_args(get_args(FactBody)[0]) for member in get_args(one) or (one,)]
ELSEWHERE = (
    *(FilesNoted, UnconfirmedNoted, RisksNoted, RouteNoted, FeedNoted, SignInsFailed),
    *(
        one
        for union in (CaseFact, PlanFact, AccountFact, ChangeFact, LookAlikeFact, WatchFact)
        for one in get_args(union)
    ),
)
"""Facts that are about a case, a post, an account, the register or the watch, and not about an incident."""
OF_INCIDENTS = [one for one in BODIES if one not in ELSEWHERE]
BOOK = name_book(Incident(id="inc-1", mode=TRAINING), [], register=Register(trust="-"))
IDENTIFIER = re.compile(r"\b(?:msg|delivery|search|hold|call|cmd|fact|inc|sha)[-_:][0-9a-z]{4,}\b|\b[0-9a-f]{12,}\b")
"""What a machine made up to name a message, a delivery, a search or a content."""


@pytest.mark.parametrize("body", OF_INCIDENTS, ids=lambda body: body.__name__)
@given(data=st.data())
@settings(max_examples=5)
def test_each_fact_of_an_incident_is_a_sentence_of_its_own_in_both_languages(body: Any, data: st.DataObject) -> None:
    """None of them falls back to the line of the record, which is in English and full of identifiers."""
    found = happening(data.draw(built(body)), BOOK)
    told = {one: sentences(found, console_says(one, is_live=True), zone=UTC, now=NOW) for one in LANGUAGES}
    assert all(map(str.strip, told.values()))
    assert told["en"] != told["cy"]


def test_why_words_are_not_public_is_told_in_the_language_of_the_page() -> None:
    """Each of several reasons; words of a vendor, of which nobody knows how they were made, stay in English."""
    again = because("not-sent-again", "it may be public and is not sent again")
    frozen = because("frozen-waits", "the incident is frozen: resume it, then release this delivery")
    both = together(again, frozen, between=": ")
    told = {
        language: {
            str(sentences(found, console_says(language, is_live=True), zone=UTC, now=NOW))
            for found in (happening(not_sent("delivery-1", reason), BOOK) for reason in (both, f"{both}; 500 busy"))
        }
        for language in LANGUAGES
    }
    assert [one for one in told["en"] if str(both) not in one] == []
    welsh, english = sorted(told["cy"], key=lambda one: "500 busy" in one)
    assert "gall fod yn gyhoeddus, ac nid yw'n cael ei anfon eto; mae'r digwyddiad wedi'i rewi" in html.unescape(welsh)
    assert "lang=" not in welsh
    assert f'<span lang="en">{both}; 500 busy</span>' in english


def test_what_is_suspected_of_words_is_told_in_the_language_of_the_page() -> None:
    """Each doubt by itself: one from a list of the trust stays in English beside those of the rules."""
    below = because("off-hazards", "{partner} speaks by itself about {hazards} only", partner="Police", hazards="fire")
    plain = Message(id="msg-1", purpose=Purpose.LINE, texts={"en": "Come."}, channels=("website",), expires_at=NOW)
    draft = LineDrafted(message=plain.with_doubts([below, "the long en text says “incident”: say what it is"]))
    told = {
        one: sentences(happening(draft, BOOK), console_says(one, is_live=True), zone=UTC, now=NOW) for one in LANGUAGES
    }
    assert "In doubt: Police speaks by itself about fire only; the long en text says" in told["en"]
    assert "Mewn amheuaeth: mae Police yn siarad ohono'i hun am fire yn unig" in html.unescape(told["cy"])
    assert '; <span lang="en">the long en text says' in told["cy"]
    doubts = [(one.text[:12], one.language) for one in console_says("cy", is_live=True).doubts(draft.message)]
    assert doubts == [("mae Police y", "cy"), ("the long en ", "en")]


def test_pages_tell_how_a_search_went_and_leave_the_sentence_of_the_record_out() -> None:
    """So it need not be told in Welsh, see `OFF_SCREEN` in `tests/refusals/places.py`; only a person's own no is."""
    mark, plain = "so says the record", {"search_id": "search-1", "reason": "so says the record"}
    passed = {one: {**plain, "step": 0, "person": CHIEF, "why": one} for one in get_args(PassedOver)}
    ended = {one: {**plain, "outcome": one} for one in get_args(SearchOutcome)}
    facts: list[tuple[str, FactBody]] = [(one, PersonPassedOver.model_validate(body)) for one, body in passed.items()]
    facts += [(one, SearchEnded.model_validate(body)) for one, body in ended.items()]
    shown = {
        one
        for one, fact in facts
        for language in LANGUAGES
        if mark in sentences(happening(fact, BOOK), console_says(language, is_live=True), zone=UTC, now=NOW)
    }
    assert shown == {"declined"}


def test_a_time_that_is_none_is_told_in_welsh() -> None:
    """With the day and the month in Welsh; the English is as it was."""
    now, says = datetime(2026, 1, 14, 22, 31, tzinfo=UTC), console_says("cy", is_live=True)
    told = {}
    for typed in ("soon", "2026-01-14T17:00:00+00:00"):
        with pytest.raises(NoSuchTime) as error:
            coming(typed, now=now, zone=ZoneInfo("Europe/London"))
        told[str(error.value)] = says.misfit(error.value.reason)
    over = "2026-01-14T17:00:00+00:00 is over, it was 17:00 on Wednesday 14 January 2026 (GMT)"
    assert told[f"{over}: give a time to come, as 17:00 or +30m"].startswith(
        "mae 2026-01-14T17:00:00+00:00 wedi mynd heibio, 17:00, dydd Mercher 14 Ionawr 2026 (GMT) oedd hynny"
    )
    assert all("span" not in one for one in told.values())


@pytest.mark.parametrize("body", ELSEWHERE, ids=lambda body: body.__name__)
def test_other_facts_are_told_as_the_record_has_them(body: Any) -> None:
    assert not happening(body.model_construct(), BOOK)


def test_each_part_of_the_service_is_called_by_what_it_does_in_both_languages() -> None:
    """Not by the key under which it gives its orders."""
    for language in LANGUAGES:
        said = {one: console_says(language, is_live=True).term("by", one) for one in {*Giver} - {Giver.PERSON}}
        assert not [one for one, words in said.items() if words == one or "agent" in words], language
        assert len({*said.values()}) == len(said)


async def test_the_record_names_people_words_and_channels_and_no_identifier(tmp_path: Path) -> None:
    """In both languages, now and at a moment; the exact record has the identifiers, and one tap leads to it."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief, visiting(on, WRITER) as writer:
        await ordered(on, DECLARED)
        await ordered(on, FIRST)
        await all_public(on)
        await writer.sends(f"{HERE}/draft", TYPED)
        await writer.presses("Hand it in for a yes")
        (draft,) = (await on.door.incidents())[FIRE.id].drafts
        (asked,) = (one.asks for one in (await on.door.incidents())[FIRE.id].searches.values())
        assert asked
        await ordered(on, StopPartner(partner="police", reason="Ask whose it is"))
        stopped = {
            "en": f"Posts of Ardudwy Police: stopped by {on.register.called(CHIEF)}",
            "cy": f"Negeseuon Ardudwy Police: ataliwyd gan {on.register.called(CHIEF)}",
        }
        now = {"en": f"{asked.name} is asked now, until ", "cy": f"Gofynnir i {asked.name} nawr, tan "}
        for language, told_there in stopped.items():
            seen = await chief.reads(HERE, language=language)
            assert now[language] in seen
            assert told_there in seen
            assert IDENTIFIER.findall(seen) == []
            assert "-agent" not in seen
        await ordered(on, ReturnDraft(message_id=draft, reason="It burns still"))
        await ordered(on, Freeze(reason="We have to look"), by=DIRECTOR)
        await on.give(FIRST.model_copy(update={"hashtags": ("#Later",)}), by=CHIEF, about=FIRE)
        place, called = on.register.place("site"), on.register.called
        told = {
            "en": (
                "Declared: Fire at Ysbyty Ardudwy, major incident, level 3.",
                "First word “There is a fire at Ysbyty Ardudwy",
                f"released by {called(CHIEF)}",
                f"Shown in the exercise on {place}: First word “There is a fire",
                "sent back, it does not go out. Why: It burns still",
                "Frozen: only corrections and withdrawals go out. Why: We have to look",
                "Refused: release. Why: ",
            ),
            "cy": (
                "Datganwyd: Fire at Ysbyty Ardudwy, digwyddiad mawr, lefel 3.",
                "Gair cyntaf “Mae tân",
                f"rhyddhawyd gan {called(CHIEF)}",
                f"Yn yr ymarfer ar {place}: Gair cyntaf “Mae tân",
                "anfonwyd yn ôl, nid yw'n mynd allan. Pam: It burns still",
                "Rhewyd: dim ond cywiriadau a thynnu'n ôl sy'n mynd allan. Pam: We have to look",
                "Gwrthodwyd: rhyddhau. Pam: ",
            ),
        }
        known = frozenset(names(on.register.model_dump(mode="json")))
        for language, sentences_there in told.items():
            seen = await chief.reads(f"{HERE}/record", language=language)
            assert [one for one in sentences_there if one not in seen] == []
            assert IDENTIFIER.findall(seen) == []
            assert language == "en" or [*english_in(chief.shown, known=known)] == []
            then = await chief.reads(f"{HERE}/record", language=language, at=on.house.clock.now().isoformat())
            assert IDENTIFIER.findall(then) == []
            assert language == "en" or [*english_in(chief.shown, known=known)] == []
            assert f"“{'There is a fire' if language == 'en' else 'Mae tân'}" in then
        (exact,) = map(html.unescape, links_of(chief.shown, "Yr union gofnod, gyda'i ddynodwyr, yn Saesneg"))
        assert draft in await chief.reads(f"{HERE}/record{exact}")
