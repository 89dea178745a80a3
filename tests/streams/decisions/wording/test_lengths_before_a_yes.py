"""A message that a channel does not take is refused before anybody signs it, with what to do: never when it is sent."""

import pytest

from streams.decisions.channels.card import ChannelKind, Languages
from streams.decisions.channels.kinds import KINDS, speaking
from streams.decisions.wording.message_policy import faults
from streams.decisions.wording.shown.renderings import renderings
from streams.values import LIVE, PROSE_CHARACTERS_MAX, Form, Purpose
from streams.words.register.entries import ChannelEntry, Register
from streams.words.release import Message
from tests import builders

LIMITED = [name for name in speaking() if (KINDS[name].limit or PROSE_CHARACTERS_MAX) < PROSE_CHARACTERS_MAX]
"""What takes more than any message may hold limits nothing."""
TOGETHER = [name for name in speaking() if KINDS[name].together_max]
SHORTENING = [name for name in LIMITED if KINDS[name].form is Form.SHORT]
PIECES = ("x", "ŵ", "👨‍👩‍👧‍👦", "€", " https://trust.example/a")


def place(kind: str) -> ChannelEntry:
    options = {"language": "en"} if KINDS[kind].languages is Languages.ONE else {"languages": "en,cy,de"}
    return ChannelEntry(id="place", kind=kind, title="A place", owner="comms", options=options)


def told(kind: str, text: str, short: str | None = None, languages: tuple[str, ...] = ("en",)) -> str:
    register = builders.register(channels={"place": place(kind)}, languages=languages)
    message = Message(
        id="msg-1",
        purpose=Purpose.CORRECTION,
        texts=dict.fromkeys(languages, text),
        short_texts=dict.fromkeys(languages, short) if short else {},
        channels=("place",),
        expires_at=builders.NEXT_UPDATE,
    )
    return "; ".join(faults(message, register, mode=LIVE))


def longest(kind: ChannelKind, piece: str) -> str:
    """The longest text of these pieces that still fits."""
    text = piece
    while kind.counter.count(text + piece) <= (kind.limit or 0) and len((text + piece).encode()) <= (
        kind.bytes_max or 10**6
    ):
        text += piece
    return text


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("name", LIMITED)
def test_one_piece_too_many_is_refused_with_channel_figure_limit_and_advice(name: str, piece: str) -> None:
    """As that channel counts: letters of two bytes, pictures of seven signs, links."""
    kind = KINDS[name]
    fits = longest(kind, piece)
    assert "place takes" not in told(name, fits)
    said = told(name, fits + piece * 2)
    assert any(f"place takes {most}: shorten it, or leave place out" in said for most in (kind.limit, kind.bytes_max))


@pytest.mark.parametrize("name", SHORTENING)
def test_a_long_text_without_a_short_one_is_told_what_a_short_one_would_do(name: str) -> None:
    """With a short text that fits, the long one may be as long as it likes."""
    assert "a short text, if it had one, would go there in its place" in told(name, "Stay away. " * 100)
    assert "place takes" not in told(name, "Stay away. " * 100, "Stay away.")
    assert "the short en text has" in told(name, "Stay away.", "Stay away. " * 100)


@pytest.mark.parametrize("name", TOGETHER)
def test_languages_that_fit_one_by_one_and_not_together_are_refused_too(name: str) -> None:
    """The vendor counts what it gets, which is all languages in one message."""
    kind = KINDS[name]
    text = longest(kind, "Stay away. ")
    assert "place takes" not in told(name, text, languages=("en", "cy"))
    assert f"characters with its hashtags, place takes {kind.together_max}" in told(
        name, text, languages=("en", "cy", "de")
    )


def test_the_figures_that_are_shown_are_those_that_refuse() -> None:
    """Whoever sees a figure within its limit meets no refusal for it."""
    for name in speaking():
        for text in ("Stay away.", "Stay away. " * 40, "Ŵ" * 400):
            register = Register(trust="-", channels={"place": place(name)})
            message = Message(
                id="m",
                purpose=Purpose.CORRECTION,
                texts={"en": text},
                channels=("place",),
                expires_at=builders.NEXT_UPDATE,
            )
            figures = [one for part in renderings(message, place(name), mode=LIVE) for one in part.figures]
            refused = [said for said in faults(message, register, mode=LIVE) if "place takes" in said]
            assert len(refused) == sum(one.is_over for one in figures)
