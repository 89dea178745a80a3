"""Deliveries in words: the preview says of each channel what a reader there can tap, and no more."""

import pytest

from streams.decisions.channels.kinds import PLATFORMS, kind_of, speaking
from streams.telling.deliveries import told_renderings
from streams.words.register.entries import ChannelEntry, Register
from tests.adapters.channels.dispatches import dispatch

LINK = "https://alerts.trust.example/now"
PLACES = [
    *((one, {}) for one in speaking() if one != "by-hand"),
    *(("by-hand", {"platform": one}) for one in PLATFORMS),
]


def told(*kinds: tuple[str, dict[str, str]], audience: str | None = None) -> list[str]:
    """The preview of a message with a link and a hashtag on these channels, which are named by number."""
    places = {
        f"place-{number}": ChannelEntry(
            id=f"place-{number}", kind=kind, title="A place", owner="comms", options=options, audience=audience
        )
        for number, (kind, options) in enumerate(kinds)
    }
    message = dispatch(texts={"en": f"Stay away: {LINK} "}).message.model_copy(update={"channels": tuple(places)})
    return [*told_renderings(message, Register(trust="-", channels=places), mode="live")]


@pytest.mark.parametrize(("kind", "options"), PLACES, ids=str)
def test_a_reader_can_tap_a_hashtag_only_where_it_leads_somewhere(kind: str, options: dict[str, str]) -> None:
    """On Slack and Teams, in a letter or a text message it is a word like any other; a link leads on everywhere."""
    row = kind_of(_entry(kind, options))
    assert row
    tapped = [one for one in told((kind, options)) if "can tap" in one]
    assert f"  a reader can tap {LINK}" in tapped
    assert ("  a reader can tap #NorthgateFire on place-0" in tapped) is row.taps_hashtags
    assert len(tapped) == 1 + row.taps_hashtags


def test_channels_that_show_the_same_words_tell_apart_where_a_hashtag_leads_somewhere() -> None:
    said = told(("slack", {}), ("facebook", {}), ("teams", {}))
    assert [one for one in said if "#NorthgateFire on" in one] == ["  a reader can tap #NorthgateFire on place-1"]


def test_the_networks_whose_hashtags_lead_somewhere_are_those_that_have_pages_of_them() -> None:
    """A kind that joins the table says which of the two it is."""
    with_tags = {kind for kind, options in PLACES if (row := kind_of(_entry(kind, options))) and row.taps_hashtags}
    assert with_tags == {"bluesky", "by-hand", "facebook", "linkedin", "mastodon", "x"}


def test_who_is_about_to_say_yes_reads_how_many_people_it_reaches_where_that_is_known() -> None:
    assert told(("slack", {}), ("facebook", {}), audience="41,200 followers in May")[-2:] == [
        "as far as known, it reaches place-0: 41,200 followers in May",
        "as far as known, it reaches place-1: 41,200 followers in May",
    ]
    assert not [one for one in told(("slack", {})) if "reaches" in one]


def _entry(kind: str, options: dict[str, str]) -> ChannelEntry:
    return ChannelEntry(id="place-0", kind=kind, title="A place", owner="comms", options=options)
