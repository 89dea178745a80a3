"""Every template of the example, in every language and purpose, live and in a drill."""

import re
from datetime import timedelta
from itertools import product

import pytest

from agents.adapters.registers.checks.words import NEEDED
from streams.decisions.desk.order_table import answer
from streams.decisions.wording.message_policy import faults
from streams.decisions.wording.placeholders.search import gaps
from streams.decisions.wording.renderer import TAKE_BACK, is_marked, rendered
from streams.decisions.wording.slot_values import longest
from streams.values import IncidentType, Purpose
from streams.words.release import Message, MessageAuthorised
from tests import builders
from tests.examples import CHIEF, NOW, example_register

REGISTER = example_register()
MODES = ("live", "exercise-winter")
VALUES = {
    "place": "ysbyty-cwm-helyg",
    "meeting_point": "main entrance, Ysbyty Ardudwy",
    "time": "22:31",
    "phone": "relatives",
    "service": "radiology",
}
POST_CHARACTERS = 500
"""What the common networks take; holding texts are written so that such a channel can be added without new words."""
HAZARDS = {"fire", "flood", "it-failure", "major-incident", "evacuation", "infectious-disease", "media-storm"}
SHARE = {"en": "share", "cy": "rhann"}
UNKNOWN = {"en": "do not yet know", "cy": "eto"}
LEADS = {"en": "lead", "cy": "sy'n arwain"}
FIRST_WORDS = {name: one for name, one in REGISTER.messages.items() if name != TAKE_BACK}
"""The words of a take-back follow a partner's post, and nothing else: see its own tests."""
CASES = list(product(FIRST_WORDS, NEEDED, MODES))
TEXTS = [
    (template.id, language, text)
    for template in FIRST_WORDS.values()
    for language, text in template.texts[Purpose.HOLDING].items()
]


def released(template: str, purpose: Purpose, mode: str) -> Message:
    """The message as the desk authorises it for the chief executive."""
    slots = {name: VALUES[name] for name in REGISTER.templates[template].slots}
    about = builders.methane(type_of_incident=REGISTER.templates[template].hazards[0])
    promised = NOW + timedelta(minutes=59) if purpose is Purpose.HOLDING else None
    body = builders.holding(template=template, purpose=purpose, slots=slots, next_update_at=promised)
    facts = answer(builders.order(body, builders.declared(mode, methane=about), CHIEF, register=REGISTER))
    authorised = [fact.message for fact in facts if isinstance(fact, MessageAuthorised)]
    assert authorised, builders.reasons(facts)
    return authorised[0]


@pytest.mark.parametrize(("template", "purpose", "mode"), CASES)
def test_it_goes_out_in_every_language_with_nothing_left_open(template: str, purpose: Purpose, mode: str) -> None:
    """One yes is enough; in a drill every text carries the mark, live none does."""
    message = released(template, purpose, mode)
    assert set(message.texts) == set(REGISTER.languages)
    assert faults(message, REGISTER, mode=mode) == ()
    assert message.doubts == ()
    for text in message.texts.values():
        assert is_marked(text) is (mode != "live")
        assert gaps(text) == ()
        assert "  " not in text


@pytest.mark.parametrize(("template", "language", "text"), TEXTS)
def test_a_first_word_says_who_leads_and_what_is_not_known_and_asks_to_share(
    template: str, language: str, text: str
) -> None:
    """Where, when, what and the next word are the policy's; these are for the reader of the template to judge."""
    assert LEADS[language] in text
    assert UNKNOWN[language] in text
    assert SHARE[language] in text.casefold()
    assert "{place}" in text
    assert template


@pytest.mark.parametrize("template", FIRST_WORDS)
def test_a_live_first_word_fits_a_post(template: str) -> None:
    one = REGISTER.templates[template]
    words = {name: longest(slot, REGISTER) for name, slot in one.slots.items()}
    words["next_update"] = dict.fromkeys(REGISTER.languages, "23:30")
    texts = rendered(one, Purpose.HOLDING, slots=words, mode="live")
    lengths = {language: len(" ".join([text, *one.hashtags])) for language, text in texts.items()}
    assert max(lengths.values()) <= POST_CHARACTERS, lengths


def test_no_text_blames_explains_or_counts() -> None:
    """Cause and numbers are the lead agency's to give; the only figures are public telephone numbers."""
    for template in REGISTER.templates.values():
        for texts in template.texts.values():
            for text in texts.values():
                figures = set(re.findall(r"\d+", text))
                assert figures <= {"111", "999"}, (template.id, figures)
                assert not re.search(r"\b(blame|fault|caused|because of|injured|died|dead|casualt)", text.casefold())


def test_the_hazards_of_the_plan_are_served() -> None:
    served = {hazard for template in REGISTER.messages.values() for hazard in template.hazards}
    assert served >= HAZARDS


def test_every_type_of_incident_finds_a_template() -> None:
    assert {kind for template in REGISTER.templates.values() for kind in template.types} == set(IncidentType)
