"""What fills a gap comes from a list of ours, or is a time or a date; anything else is refused with what is meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.desk.order_table import answer
from streams.decisions.wording.slot_values import filled, longest
from streams.words.register.entries import Register, Template
from streams.words.register.slots import KnownPlace, Slot, SlotKind, Telephone
from streams.words.release import MessageAuthorised
from tests import builders

PLACES = {
    "ashby": KnownPlace(id="ashby", names={"en": "Ashby General", "cy": "Ysbyty Ashby"}),
    "dell": KnownPlace(id="dell", names={"en": "Dell Road", "cy": "Ffordd y Pant"}),
}
TELEPHONES = {"relatives": Telephone(id="relatives", title="Relatives", number="01632 960099")}
REGISTER = builders.register(places=PLACES, telephones=TELEPHONES)
SLOTS = {
    "place": Slot(about="where", kind=SlotKind.PLACE),
    "time": Slot(about="when", kind=SlotKind.TIME),
    "day": Slot(about="day", kind=SlotKind.DATE),
    "phone": Slot(about="phone", kind=SlotKind.TELEPHONE),
    "service": Slot(about="what", kind=SlotKind.CHOICE, choices={"x-ray": {"en": "X-ray", "cy": "Pelydr-x"}}),
}
TEMPLATE = builders.template(slots=SLOTS)


def words(name: str, value: str, register: Register = REGISTER) -> dict[str, str]:
    return dict(filled(TEMPLATE, {name: value}, register=register).words.get(name, {}))


def refused(name: str, value: str, template: Template = TEMPLATE) -> str:
    return "; ".join(filled(template, {name: value}, register=REGISTER).reasons)


@pytest.mark.parametrize(
    ("name", "value", "en", "cy"),
    [
        ("place", "ashby", "Ashby General", "Ysbyty Ashby"),
        ("place", "ASHBY general", "Ashby General", "Ysbyty Ashby"),
        ("place", "Ffordd y  Pant", "Dell Road", "Ffordd y Pant"),
        ("time", "00:05", "00:05", "00:05"),
        ("time", "23:59", "23:59", "23:59"),
        ("day", "2026-01-04", "4 January 2026", "4 Ionawr 2026"),
        ("phone", "relatives", "01632 960099", "01632 960099"),
        ("phone", "01632 960099", "01632 960099", "01632 960099"),
        ("service", "x-ray", "X-ray", "Pelydr-x"),
        ("service", "pelydr-X", "X-ray", "Pelydr-x"),
    ],
)
def test_a_value_becomes_words_in_each_language(name: str, value: str, en: str, cy: str) -> None:
    """It may be given by its identifier or by its name in any language, whatever the case."""
    assert words(name, value) == {"en": en, "cy": cy}


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("place", "Ashby Generol", "a place of the gazetteer: choose one of Ashby General; Dell Road"),
        ("place", "{time}", "a place of the gazetteer"),
        ("time", "24:00", "write it like 22:31"),
        ("time", "9:15", "write it like 22:31"),
        ("time", "22:31\n", "write it like 22:31"),
        ("time", "half past ten", "write it like 22:31"),
        ("day", "2026-02-30", "write it like 2026-01-31"),
        ("day", "tomorrow", "write it like 2026-01-31"),
        ("day", "20260104", "write it like 2026-01-31"),
        ("phone", "01632 960001", "a telephone number of ours"),
        ("service", "the ward of Mrs Somebody", "one of its listed values: choose one of X-ray"),
        ("ward", "7", "has no slot ward: its slots are place, time"),
    ],
)
def test_anything_else_is_refused_and_never_repeated(name: str, value: str, advice: str) -> None:
    """The reason is kept for ever, and what was typed may be somebody's name."""
    assert advice in refused(name, value)
    assert value not in refused(name, value)


@given(value=st.text(max_size=40))
def test_no_text_at_all_gets_through_a_slot_unless_it_is_on_the_list(value: str) -> None:
    """Whatever is typed: the words in public are the register's own."""
    allowed = {"Ashby General", "Dell Road"}
    assert set(words("place", value).values()) <= allowed | {"Ysbyty Ashby", "Ffordd y Pant"}


def test_a_slot_without_a_kind_makes_the_template_unusable() -> None:
    """There is no free text in a template, not even where nothing is given for it."""
    free = builders.template(slots={**SLOTS, "more": Slot(about="anything")})
    assert "slot more of template major-incident has no kind: give it one of place, time" in refused(
        "time", "22:31", free
    )


def test_the_longest_words_of_a_slot_are_known_beforehand() -> None:
    """So a template that fits a channel once fits it whatever is chosen."""
    assert longest(SLOTS["place"], REGISTER) == {"en": "Ashby General", "cy": "Ffordd y Pant"}
    assert longest(SLOTS["phone"], REGISTER)["cy"] == "01632 960099"
    assert longest(SLOTS["day"], REGISTER) == {"en": "30 September 2026", "cy": "30 Medi 2026"}
    assert longest(SLOTS["time"], REGISTER) == {"en": "22:58", "cy": "22:58"}


def test_a_release_speaks_of_the_place_as_each_language_calls_it() -> None:
    """And says where in each of them, so the policy finds it there."""
    register = builders.register(places=PLACES)
    bodies = answer(builders.order(builders.holding(), builders.declared(), register=register))
    yes = bodies[0]
    assert isinstance(yes, MessageAuthorised), builders.reasons(bodies)
    assert "Ashby General" in yes.message.texts["en"]
    assert "Ysbyty Ashby" in yes.message.texts["cy"]


def test_a_place_without_a_name_in_one_language_leaves_a_gap_that_is_refused() -> None:
    """Nothing goes out half translated."""
    register = builders.register(places={"ashby": KnownPlace(id="ashby", names={"en": "Ashby General"})})
    bodies = answer(builders.order(builders.holding(), builders.declared(), register=register))
    assert "the cy text still holds {place}" in builders.reasons(bodies)
