"""What a message says is held against what was reported: a misfit is pointed out to the signer, and is no wall."""

import pytest

from streams.subjects.incident import Incident
from streams.telling.facts import told_words
from streams.values import Purpose
from streams.words.release import Propose, SignOff
from tests import builders
from tests.builders import COMMANDER, NURSE, WRITER

TEXTS = {
    **builders.template().texts,
    Purpose.HOLDING: {
        "en": "There was a flood at {place} at {time}. Next update by {next_update}.",
        "cy": "Bu llifogydd yn {place} am {time}. Diweddariad nesaf erbyn {next_update}.",
    },
}
FLOOD = builders.template(
    id="flood", hazards=("flooding",), what={"en": "flood", "cy": "llifogydd"}, texts=TEXTS, types=()
)
CRASH = builders.template()
REGISTER = builders.register(templates={one.id: one for one in (CRASH, FLOOD)})
ABOUT = "it is about "


def incident(**said: object) -> Incident:
    return builders.declared(methane=builders.methane(**said))


def doubts(template: str, **said: object) -> list[str]:
    body = Propose(release=builders.holding(template=template))
    given = builders.carried_out(incident(**said), body, by=NURSE, register=REGISTER)
    (draft,) = given.drafts.values()
    shown = [line for line in told_words(draft) if ABOUT in line]
    assert shown == [f"in doubt: {one}" for one in draft.doubts if one.startswith(ABOUT)]
    return shown


def line_doubts(what: str) -> list[str]:
    text = f"The {what} at Ashby Junction at 22:15: our teams are ready. Next word by 23:30."
    body = builders.line(texts={"en": text}, what={"en": what})
    given = builders.carried_out(incident(), body, by=WRITER, register=REGISTER)
    return [one for draft in given.drafts.values() for one in draft.doubts if one.startswith(ABOUT)]


def test_a_message_about_another_hazard_than_the_report_is_pointed_out() -> None:
    (shown,) = doubts("flood", hazards=("fuel", "smoke"))
    assert "about flood" in shown
    assert "what was declared is transport crash (hazards: fuel, smoke): see whether it fits" in shown


@pytest.mark.parametrize("said", [{"hazards": ("Flooding",)}, {"type_of_incident": "crash, then a flood"}])
def test_a_hazard_that_was_reported_is_no_misfit(said: dict[str, object]) -> None:
    assert doubts("flood", **said) == []


def test_the_fitting_message_has_no_doubt_and_an_unknown_hazard_says_nothing_of_any() -> None:
    assert doubts("major-incident") == []
    unknown = builders.register(templates={FLOOD.id: FLOOD})
    body = Propose(release=builders.holding(template="flood"))
    given = builders.carried_out(incident(type_of_incident="meteorite"), body, by=NURSE, register=unknown)
    assert [one.doubts for one in given.drafts.values()] == [()]


def test_a_line_about_another_hazard_is_pointed_out_too() -> None:
    assert len(line_doubts("flooding")) == 1
    assert line_doubts("coach crash") == []


def test_the_misfit_refuses_nothing_and_only_first_words_and_lines_are_held_against_it() -> None:
    body = Propose(release=builders.holding(template="flood"))
    given = builders.carried_out(incident(), body, by=NURSE, register=REGISTER)
    (draft,) = given.drafts.values()
    yes = SignOff(message_id=draft.id, content_hash=draft.content_hash)
    signed = builders.carried_out(given, yes, by=COMMANDER, register=REGISTER)
    assert draft.id in signed.messages
    after = builders.holding(template="flood", purpose=Purpose.CORRECTION)
    mended = builders.carried_out(signed, after, register=REGISTER)
    assert [one.doubts for one in mended.messages.values() if one.purpose is Purpose.CORRECTION] in ([()], [])
