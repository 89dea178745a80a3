"""Every string that becomes public passes the rules of a text: titles, hashtags, places, promised times."""

from datetime import timedelta

from streams.decisions.desk.order_table import answer
from tests import builders
from tests.builders import NEXT_UPDATE, WRITER


def test_the_public_title_is_the_templates_and_no_name_that_somebody_typed() -> None:
    """What happened and where, in each language; a partner's words are named by the partner."""
    said = "Bomb kills three, says Sam Boland"
    incident = builders.carried_out(builders.declared(name=said), builders.holding())
    (message,) = incident.messages.values()
    assert message.titles == {"en": "Major incident – Ashby General", "cy": "Digwyddiad mawr – Ashby General"}


def test_a_hashtag_that_a_hold_keeps_back_is_left_out_of_public_words() -> None:
    """It still finds posts; once the hold is lifted it is public again."""
    names = builders.hold(id="names", field="names")
    incident = builders.declared(hashtags=("#AshbyCrash", "#MrSamBoland"))
    (free,) = builders.carried_out(incident, builders.holding(), register=builders.register(holds={})).messages.values()
    told = builders.register(holds={"names": names})
    (kept,) = builders.carried_out(incident, builders.holding(), register=told).messages.values()
    assert free.hashtags == ("#AshbyCrash", "#MrSamBoland")
    assert kept.hashtags == ("#AshbyCrash",)


def test_a_title_and_a_hashtag_of_a_line_are_judged_as_its_text_is() -> None:
    """What the text may not say, neither may stand above it nor behind it."""
    names = builders.register(holds={"names": builders.hold(id="names", field="names")})
    for given in (
        builders.line(what={"en": "coach crash"}, hashtags=("#MrSamBoland",)),
        builders.line(
            what={"en": "crash of Mr Sam Boland"},
            texts={"en": "The crash of Mr Sam Boland at Ashby Junction at 22:15. Next word by 23:30."},
        ),
    ):
        said = builders.reasons(answer(builders.order(given, builders.declared(), WRITER, register=names)))
        assert "the hashtag #MrSamBoland names a person" in said or "the en title names a person" in said


def test_a_name_and_a_place_are_known_however_their_accents_are_stored() -> None:
    """With accents as signs of their own, another apostrophe, or full width: to the eye it is the same."""
    names = builders.register(holds={"names": builders.hold(id="names", field="names")})
    for name in ("Dr \u00calis Puw", "Dr E\u0302lis Puw", "\uff24\uff52 \u00calis Puw"):
        text = f"The coach crash at Ashby Junction at 22:15: {name} was there. Next word by 23:30."
        given = builders.line(texts={"en": text})
        said = builders.reasons(answer(builders.order(given, builders.declared(), WRITER, register=names)))
        assert "the en text names a person" in said
    text = "The coach crash at St Mary\u2019s Ty\u0302 at 22:15: our teams are ready. Next word by 23:30."
    placed = builders.line(texts={"en": text}, where="St Mary's T\u0177")
    drafted = builders.carried_out(builders.declared(), placed, by=WRITER)
    assert [one.texts["en"] for one in drafted.drafts.values()] == [text.replace("y\u0302", "\u0177")]


def test_a_line_that_promises_a_later_day_names_it() -> None:
    """Who reads only a time takes it for tonight."""
    later = NEXT_UPDATE + timedelta(days=2)
    text = "The coach crash at Ashby Junction at 22:15: our teams are ready. Next word by 23:30{}."
    for day, fits in (("", False), (" on Friday 16 January", True)):
        given = builders.line(texts={"en": text.format(day)}, next_update_at=later, expires_at=later)
        said = builders.reasons(answer(builders.order(given, builders.declared(), WRITER)))
        assert ("does not say when the next word comes (16 January)" in said) is not fits
