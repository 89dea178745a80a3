"""The offline pack: what may go out, in whole, and who may say yes at this hour."""

from datetime import timedelta

import pytest

from streams.decisions.channels.kinds import KINDS
from streams.projections.pack import BY_HAND, letters_of, pack_of
from streams.values import Power
from tests import builders
from tests.builders import COMMANDER, NOW, OFFICER
from tests.examples import example_register

MEMORY = "memory"


def test_every_kind_of_channel_has_a_way_that_needs_none_of_our_machines() -> None:
    assert set(BY_HAND) == set(KINDS) - {MEMORY}


def test_every_text_of_every_template_that_may_go_out_is_there_word_for_word() -> None:
    """In every language and form, with its gaps; put together again it is the text that was approved."""
    register = example_register()
    pack = pack_of(register, NOW)
    assert [one.id for one in pack.templates] == list(register.messages)
    for shown in pack.templates:
        template = register.templates[shown.id]
        there = {(one.purpose, one.form, one.language): one.parts for one in shown.texts}
        written = {
            (purpose, form, language): text
            for form in {one.form for one in shown.texts}
            for purpose, texts in template.in_form(form).items()
            for language, text in texts.items()
        }
        assert there.keys() == written.keys()
        for key, text in written.items():
            again = "".join(part if at % 2 == 0 else f"{{{part}}}" for at, part in enumerate(there[key]))
            assert again == text
        assert {one.name for one in shown.slots} == template.slots.keys()


def test_a_template_without_a_valid_approval_is_only_named() -> None:
    register = builders.register()
    name, template = next(iter(register.templates.items()))
    lapsed = register.model_copy(update={"templates": {name: template.model_copy(update={"approval": None})}})
    pack = pack_of(lapsed, NOW)
    assert pack.templates == ()
    assert f"template {name} was never approved" in pack.unusable[0]


def test_who_may_say_yes_follows_the_hour() -> None:
    """By night the director on call, by day the chief operating officer; a key is not asked for where no machine is."""
    register = builders.register()
    by_night = pack_of(register, NOW).now[Power.RELEASE_HOLDING]
    by_day = pack_of(register, NOW.replace(hour=11)).now[Power.RELEASE_HOLDING]
    assert register.called(COMMANDER) in by_night
    assert register.called(OFFICER) not in by_night
    assert register.called(OFFICER) in by_day
    assert register.called(COMMANDER) not in by_day
    refusing = builders.register(unsigned_orders="refused")
    assert pack_of(refusing, NOW).now == pack_of(register, NOW).now


def test_another_content_has_other_letters_and_none_that_sounds_like_a_digit() -> None:
    hashes = [f"{number:064x}" for number in range(24**3)]
    letters = {letters_of(one) for one in hashes}
    assert len(letters) == len(hashes)
    assert all(len(one) == 4 and not set("IO") & set(one) for one in letters)


@pytest.mark.parametrize("days", [0, 100])
def test_a_pack_says_when_it_is_too_old(days: int) -> None:
    at = NOW.replace(year=2026 + days // 100)
    assert pack_of(builders.register(), at).too_old_at == at + timedelta(days=14)
    assert pack_of(builders.register(pack_lasts_days=3), at).too_old_at == at + timedelta(days=3)
