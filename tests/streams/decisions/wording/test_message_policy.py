"""What must not go out as it stands: gaps, missing words, too many of them, and a drill without its mark."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.channels import kinds
from streams.decisions.channels.lengths import CODE_POINTS, GRAPHEMES, SEGMENTS, WEIGHTED, Counter
from streams.decisions.wording.message_policy import MUST_SAY, Says, faults, too_long
from streams.decisions.wording.renderer import MARKS, is_marked, marked
from streams.values import LIVE, PROSE_CHARACTERS_MAX, Form, Purpose
from streams.words.release import Message
from tests import builders
from tests.builders import DRILL, NEXT_UPDATE

GOOD = {
    "en": "A major incident at Ashby General at 22:15. Next update by 23:30.",
    "cy": "Digwyddiad mawr yn Ashby General am 22:15. Diweddariad nesaf erbyn 23:30.",
}
WHERE, WHEN = dict.fromkeys(GOOD, ("Ashby General",)), dict.fromkeys(GOOD, "22:15")
SAYS = Says({"en": "major incident", "cy": "digwyddiad mawr"}, WHERE, WHEN, {"en": ["23:30"], "cy": ["23:30"]})


def message(texts: dict[str, str] | None = None, **changes: object) -> Message:
    plain: dict[str, object] = {
        "id": "msg-1",
        "purpose": Purpose.HOLDING,
        "texts": texts or GOOD,
        "channels": ("website", "social"),
        "expires_at": NEXT_UPDATE,
        "template": "major-incident",
    }
    return Message.model_validate({**plain, **changes})


def found(one: Message, mode: str = LIVE, says: Says | None = SAYS) -> str:
    return "; ".join(faults(one, builders.register(), mode=mode, says=says))


def test_a_placeholder_is_told_with_its_kind_and_what_to_do() -> None:
    """In every language that still holds one."""
    said = found(message({**GOOD, "cy": GOOD["cy"] + " Ffoniwch 01xxx xxxxxx."}))
    assert said.startswith("the cy text still holds 01xxx (X in a number): fill it with what is known, or leave")


def test_a_finished_message_has_no_faults() -> None:
    """Nothing is wrong where nothing is wrong."""
    assert found(message()) == ""


@pytest.mark.parametrize("missing", ["en", "cy"])
def test_every_language_of_the_trust_goes_out_together(missing: str) -> None:
    """A template's message in one language only does not leave."""
    texts = {language: text for language, text in GOOD.items() if language != missing}
    assert f"text in {missing} is missing" in found(message(texts))


SHORT = {
    "en": "Major incident, Ashby General, 22:15. Next: 23:30.",
    "cy": "Digwyddiad mawr, Ashby General, 22:15, 23:30.",
}


@pytest.mark.parametrize(
    ("short", "reason"),
    [
        (SHORT, ""),
        ({**SHORT, "en": "Major incident, 22:15. Next: 23:30."}, "the short en text does not say where"),
        ({**SHORT, "cy": SHORT["cy"] + " XXX"}, "the short cy text still holds XXX"),
        ({"en": SHORT["en"]}, "the short text in cy is missing"),
        ({**SHORT, "fr": SHORT["en"]}, "the trust does not speak fr"),
        (marked(SHORT, DRILL), "the short en text carries an exercise mark"),
    ],
)
def test_the_short_form_is_judged_as_the_long_one_is(short: dict[str, str], reason: str) -> None:
    """It goes out as well, on another channel."""
    said = found(message(short_texts=short))
    assert reason in said
    assert bool(said) is bool(reason)


def test_a_line_needs_the_first_language_and_none_that_the_trust_does_not_speak() -> None:
    """A line is written at night: the second language may follow."""
    line = {"purpose": Purpose.LINE, "template": None}
    assert found(message({"en": GOOD["en"]}, **line)) == ""
    assert "text in en is missing" in found(message({"cy": GOOD["cy"]}, **line))
    assert "does not speak fr" in found(message({**GOOD, "fr": GOOD["en"]}, **line))


@pytest.mark.parametrize(
    ("gone", "reason"),
    [("major incident", "what"), ("Ashby General", "where"), ("22:15", "when"), ("23:30", "next word")],
)
def test_first_words_say_what_where_when_and_when_the_next_come(gone: str, reason: str) -> None:
    """Each of the four is asked for by name, in the language that lacks it."""
    said = found(message({**GOOD, "en": GOOD["en"].replace(gone, "something")}))
    assert "the en text" in said
    assert reason in said


@pytest.mark.parametrize("purpose", [one for one in Purpose if one not in MUST_SAY])
def test_what_mends_or_ends_need_not_say_it_all_again(purpose: Purpose) -> None:
    """A withdrawal is short."""
    assert found(message({"en": "Withdrawn.", "cy": "Tynnwyd yn ôl."}, purpose=purpose)) == ""


@given(length=st.integers(1, 400))
def test_a_text_with_its_hashtags_fits_every_channel_or_is_refused(length: int) -> None:
    """Exactly as many characters as the channel takes, counted as it shows them."""
    one = message({"en": "a" * length, "cy": "b"}, purpose=Purpose.ALL_CLEAR, hashtags=("#Ashby",))
    assert ("social takes 300" in found(one)) is (length + len(" #Ashby") > 300)
    assert "website takes" not in found(one)


@pytest.mark.parametrize(("bytes_max", "says"), [(140, "the cy text has"), (None, "")])
def test_a_text_is_also_measured_in_bytes_where_the_kind_has_a_limit_of_them(
    monkeypatch: pytest.MonkeyPatch, bytes_max: int | None, says: str
) -> None:
    """A network that takes few characters may take fewer of those that need several bytes each."""
    monkeypatch.setitem(kinds.KINDS, "network", replace(kinds.PLAYED, name="network", bytes_max=bytes_max))
    channel = builders.channel("social", kind="network", characters_max=None)
    one = message({**dict(message().texts), "cy": f"{dict(message().texts)['cy']} {'ŵ' * 70}"}, channels=("social",))
    told = "; ".join(faults(one, builders.register(channels={"social": channel}), mode=LIVE))
    assert says in told
    assert bool(says) is (f"bytes with its hashtags, social takes {bytes_max}: shorten it" in told)


@pytest.mark.parametrize(
    ("counter", "limit", "narrower", "says"),
    [
        (GRAPHEMES, 50, None, "characters with its hashtags, social takes 50: shorten it, or leave social out"),
        (WEIGHTED, 50, None, "characters as X counts them with its hashtags, social takes 50"),
        (SEGMENTS, 1, None, "the cy text has 3 text messages with its hashtags, social takes 1"),
        (SEGMENTS, 9, None, ""),
        (CODE_POINTS, None, 50, "social takes 50"),
        (CODE_POINTS, 40, 50, "social takes 40"),
        (CODE_POINTS, 60, 50, "social takes 50"),
    ],
)
def test_a_text_is_measured_as_the_channels_kind_counts(
    monkeypatch: pytest.MonkeyPatch, counter: Counter, limit: int | None, narrower: int | None, says: str
) -> None:
    """By the limit of the kind; a trust may set a narrower one for its channel, never a wider one."""
    monkeypatch.setitem(kinds.KINDS, "network", replace(kinds.PLAYED, name="network", counter=counter, limit=limit))
    channel = builders.channel("social", kind="network", characters_max=narrower)
    one = message({**dict(message().texts), "cy": f"{dict(message().texts)['cy']} {'ŵ' * 70}"}, channels=("social",))
    told = "; ".join(faults(one, builders.register(channels={"social": channel}), mode=LIVE))
    assert says in told
    assert bool(says) is ("shorten it" in told)


@pytest.mark.parametrize(
    ("form", "short", "says"),
    [
        (Form.SHORT, SHORT, ""),
        (Form.SHORT, {**SHORT, "cy": f"{SHORT['cy']} {'w' * 200}"}, "the short cy text has"),
        (Form.SHORT, {}, "the en text has"),
        (Form.LONG, SHORT, "the en text has"),
    ],
)
def test_the_form_that_the_channels_kind_shows_is_measured(
    monkeypatch: pytest.MonkeyPatch, form: Form, short: dict[str, str], says: str
) -> None:
    """The short one if its kind shows short texts and the message has one, else the long one."""
    monkeypatch.setitem(kinds.KINDS, "network", replace(kinds.PLAYED, name="network", limit=200, form=form))
    channel = builders.channel("social", kind="network")
    texts = {language: f"{text} {'w' * 200}" for language, text in message().texts.items()}
    one = message(texts, channels=("social",), short_texts=short)
    told = "; ".join(faults(one, builders.register(channels={"social": channel}), mode=LIVE))
    assert says in told
    assert bool(says) is ("shorten it" in told)


def test_a_channel_of_one_language_needs_words_in_it() -> None:
    """Else the commander would learn it from the channel's no. A withdrawal goes out in what there is."""
    welsh = builders.channel("mastodon-cy", kind="mastodon", options={"language": "cy"})
    english = builders.channel("mastodon", kind="mastodon")
    register = builders.register(channels={one.id: one for one in (welsh, english)})
    channels = (welsh.id, english.id)
    says = "channel mastodon-cy speaks cy: write the text in cy, or leave mastodon-cy out"
    assert says in faults(message({"en": GOOD["en"]}, channels=channels), register, mode=LIVE)
    assert "speaks" not in "; ".join(faults(message(channels=channels), register, mode=LIVE))
    withdrawal = message({"en": GOOD["en"]}, channels=channels, purpose=Purpose.WITHDRAWAL)
    assert says not in faults(withdrawal, register, mode=LIVE)


def test_a_channel_of_a_kind_that_nobody_knows_is_refused() -> None:
    """Nobody could say how long a text may be there, nor what a lost answer means."""
    channel = builders.channel("social", kind="pigeon")
    told = faults(message(channels=("social",)), builders.register(channels={"social": channel}), mode=LIVE)
    assert told == (f"channel social is of kind pigeon, there are {', '.join(kinds.speaking())}: leave social out",)


def test_a_channel_that_is_not_on_the_register_is_refused() -> None:
    """And the reason lists those that are."""
    assert "website, social" in found(message(channels=("pigeon",)))


@given(text=st.text(min_size=1, max_size=50), language=st.sampled_from(["en", "cy", "fr"]))
def test_a_drill_is_marked_in_every_language_and_live_words_never_are(text: str, language: str) -> None:
    """Rendering for a drill marks whatever it is given; for live it adds nothing."""
    assert is_marked(marked({language: text}, DRILL)[language])
    assert marked({language: text}, LIVE) == {language: text}


def test_words_of_the_wrong_mode_are_refused_both_ways() -> None:
    """An unmarked text cannot leave from a drill, nor a marked one from live."""
    drill = message(marked(GOOD, DRILL))
    assert found(drill, DRILL) == ""
    assert "lacks the exercise mark" in found(message(), DRILL)
    assert "carries an exercise mark" in found(drill)
    assert "lacks the exercise mark" in found(message({**GOOD, "en": MARKS["en"] + ": x"}), DRILL)


def test_a_partners_words_are_not_ours_to_judge() -> None:
    """Their brackets and their language are theirs; length and mark still count."""
    theirs = message({"fr": "Voir [ici] TBC"}, credit=builders.credit(), purpose=Purpose.AMPLIFICATION, template=None)
    assert found(theirs, says=None) == ""
    long = message({"en": "a" * 301}, credit=builders.credit(), purpose=Purpose.AMPLIFICATION)
    assert "social takes 300" in found(long, says=None)


def test_more_than_any_message_may_hold_is_found_before_it_becomes_one() -> None:
    """So that an endless rendering is refused and breaks nothing."""
    assert too_long({"en": "a" * PROSE_CHARACTERS_MAX}) == ()
    assert "shorten it" in too_long({"en": "a" * (PROSE_CHARACTERS_MAX + 1)})[0]
