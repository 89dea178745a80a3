"""CAP messages, alone: what goes out, what is taken back, and what is refused with which words."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from agents.adapters.feeds.cap.parse import parse
from agents.adapters.feeds.reading.alerts import VERSIONS
from streams.values import PROSE_CHARACTERS_MAX, TRAINING
from tests.adapters.feeds.parsing.invented import (
    CAP_10,
    CAP_11,
    CAP_12,
    SENDER,
    alert,
    info,
    named,
    outcome,
    posts,
    read,
    source,
)


@pytest.mark.parametrize("namespace", [CAP_12, CAP_11, CAP_10])
def test_an_alert_of_each_version_is_a_warning_in_its_own_words(namespace: str) -> None:
    parsed = read(parse, alert(namespace=namespace))
    (post,) = posts(parsed)
    assert parsed.faults == ()
    assert (post.post_id, post.revision) == ("flood-1", "2026-11-29T17:55:00Z")
    assert (post.change, post.genre, post.status, post.language) == ("new", "warning", "actual", "en")
    assert post.account_id == SENDER
    assert post.expires_at is not None
    assert post.expires_at.isoformat() == "2026-11-30T06:00:00+00:00"
    assert post.text == "Flooding is expected in Pont Ddu\n\nThe river is rising.\n\nStay away from the river."


def test_the_version_of_the_format_makes_no_other_post() -> None:
    assert {CAP_10, CAP_11, CAP_12} == set(VERSIONS)
    assert len({read(parse, alert(namespace=one)).items for one in VERSIONS}) == 1


CANCELS = {
    "no references": None,
    "empty references": "",
    "references of spaces": "  \n ",
    "references of commas": ", ,,",
}


@pytest.mark.parametrize("kind", ["Cancel", "Update"])
@pytest.mark.parametrize("how", CANCELS)
def test_what_takes_back_but_names_nothing_is_refused_though_the_schema_lets_it_pass(kind: str, how: str) -> None:
    parsed = read(parse, alert(msgType=kind, references=CANCELS[how]))
    assert parsed.items == ()
    assert "names no message" in parsed.faults[0]


def test_a_cancel_takes_back_each_message_that_it_names_once() -> None:
    parsed = read(parse, alert(identifier="c", msgType="Cancel", references=f"{named('a')} {named('b')} {named('a')}"))
    assert outcome(parsed) == [("deleted", "a"), ("deleted", "b")]
    assert parsed.faults == ()


def test_a_cancel_takes_back_though_it_is_not_for_the_public_and_has_expired() -> None:
    """To stop is easier than to begin."""
    gone = info(expires="2026-11-29T17:56:00+00:00")
    parsed = read(parse, alert(gone, identifier="c", msgType="Cancel", scope="Private", references=named("a")))
    assert outcome(parsed) == [("deleted", "a")]


def test_an_update_takes_back_what_it_names_and_goes_out_itself() -> None:
    parsed = read(parse, alert(identifier="b", msgType="Update", references=named("a")))
    assert outcome(parsed) == [("deleted", "a"), ("new", "b")]


def test_an_update_that_has_expired_still_takes_back_what_it_names() -> None:
    gone = info(expires="2026-11-29T17:56:00+00:00")
    parsed = read(parse, alert(gone, identifier="b", msgType="Update", references=named("a")))
    assert outcome(parsed) == [("deleted", "a"), ("deleted", "b")]


def test_an_update_under_its_own_name_is_the_same_post_at_another_revision() -> None:
    first = read(parse, alert())
    second = read(parse, alert(msgType="Update", sent="2026-11-29T17:58:00+00:00", references=named("flood-1")))
    assert outcome(first) == outcome(second) == [("new", "flood-1")]
    assert posts(first)[0].revision != posts(second)[0].revision


def test_a_cancel_in_a_shorter_form_is_understood() -> None:
    parsed = read(parse, alert(identifier="c", msgType="Cancel", references=f"a {SENDER},b"))
    assert outcome(parsed) == [("deleted", "a"), ("deleted", "b")]


def test_nobody_takes_back_what_another_sent() -> None:
    parsed = read(parse, alert(identifier="c", msgType="Cancel", references=named("a", sender="police@example.org")))
    assert parsed.items == ()
    assert "a of police@example.org" in parsed.faults[0]


@pytest.mark.parametrize("status", ["Exercise", "System", "Test", "Draft"])
@pytest.mark.parametrize("kind", ["Alert", "Update", "Cancel"])
def test_what_is_not_meant_carries_its_status_and_takes_back_nothing_that_is_live(status: str, kind: str) -> None:
    text = alert(status=status, msgType=kind, references=named("a"))
    live, training = read(parse, text), read(parse, text, replace(source(), mode=TRAINING))
    assert {one.status for one in (*posts(live), *posts(training))} == {status.lower()}
    assert "deleted" not in {one.change for one in posts(live)}
    assert ("deleted" in {one.change for one in posts(training)}) == (kind != "Alert")
    assert bool(live.left_out) == (kind != "Alert")


@pytest.mark.parametrize(
    ("headline", "status"),
    [
        ("EXERCISE EXERCISE EXERCISE Flooding in Pont Ddu", "exercise"),
        ("Exercise: flooding in Pont Ddu", "exercise"),
        ("[TEST] Flooding in Pont Ddu", "test"),
        ("This is a mobile network operator test of the alerts. You do not need to act", "test"),
        ("YMARFER YMARFER: llifogydd", "exercise"),
        ("Flooding in Pont Ddu\nEXERCISE EXERCISE EXERCISE", "exercise"),
        ("Flooding in Pont Ddu\n[TEST] Stay away", "test"),
        ("Keep well\nExercise: thirty minutes a day", "actual"),
        ("Exercise caution near the river", "actual"),
        ("Rescue teams are testing the bridge", "actual"),
        ("Police exercise their powers", "actual"),
    ],
)
def test_a_drill_that_says_so_in_its_words_alone_is_marked_as_one(headline: str, status: str) -> None:
    (post,) = posts(read(parse, alert(info(headline=headline))))
    assert post.status == status


def test_what_has_expired_does_not_go_out_and_ours_is_taken_back() -> None:
    parsed = read(parse, alert(info(expires="2026-11-29T18:00:00+00:00")))
    assert outcome(parsed) == [("deleted", "flood-1")]
    assert "expired" in parsed.left_out[0]
    assert parsed.faults == ()


def test_several_languages_are_one_post_so_that_they_are_taken_back_together() -> None:
    welsh = info(language="cy", headline="Disgwylir llifogydd ym Mhont Ddu", description="Mae'r afon yn codi.")
    (post,) = posts(read(parse, alert(info(), welsh)))
    assert post.text.index("Flooding is expected") < post.text.index("Disgwylir llifogydd")
    assert post.language == "und"


def test_a_drill_that_only_one_of_the_languages_names_is_one() -> None:
    welsh = info(language="cy", headline="YMARFER YMARFER YMARFER: Disgwylir llifogydd ym Mhont Ddu")
    (post,) = posts(read(parse, alert(info(), welsh)))
    assert post.status == "exercise"


@pytest.mark.parametrize(
    ("expires", "is_over"),
    [
        ("2026-11-30T07:30:00+13:45", True),
        ("2026-11-29T06:30:00-11:45", False),
        ("2026-11-29T18:00:00-00:00", True),
        ("2026-11-28T24:00:00+00:00", True),
        ("2026-11-29T24:00:00+00:00", False),
    ],
)
def test_its_end_counts_in_whatever_zone_it_is_written(expires: str, *, is_over: bool) -> None:
    """A day may end at hour 24."""
    assert outcome(read(parse, alert(info(expires=expires)))) == [("deleted" if is_over else "new", "flood-1")]


@pytest.mark.parametrize("parted", [" ", "\n\t", ", "])
def test_several_messages_are_named_however_they_are_parted(parted: str) -> None:
    cancel = alert(msgType="Cancel", references=parted.join(map(named, ("a", "b", "c"))))
    assert outcome(read(parse, cancel)) == [("deleted", name) for name in "abc"]


@pytest.mark.parametrize(
    "namespace", ["", "urn:oasis:names:tc:emergency:cap:1.3", "urn:oasis:names:tc:emergency:CAP:1.2"]
)
def test_a_message_of_a_namespace_that_is_not_read_is_named_as_one(namespace: str) -> None:
    parsed = read(parse, alert(namespace=namespace))
    assert parsed.items == ()
    assert f"CAP of the namespace “{namespace}” is not read" in parsed.faults[0]


def test_of_several_parts_only_those_in_force_go_out_until_the_first_ends() -> None:
    old = info(headline="It was yesterday", expires="2026-11-29T12:00:00+00:00")
    later = info(headline="It is tomorrow", expires="2026-12-01T12:00:00+00:00")
    (post,) = posts(read(parse, alert(old, info(), later)))
    assert "yesterday" not in post.text
    assert "tomorrow" in post.text
    assert post.expires_at is not None
    assert post.expires_at.day == 30


REFUSED: Mapping[str, tuple[dict[str, Any], str]] = {
    "another sender": ({"sender": "police@example.org"}, "pinned to warnings@"),
    "a sender with a space": ({"sender": "the warnings"}, "no Cancel could name it"),
    "no identifier": ({"identifier": ""}, "no Cancel could name it"),
    "a comma in its name": ({"identifier": "a,b"}, "no Cancel could name it"),
    "a receipt": ({"msgType": "Ack"}, "for machines"),
    "an error": ({"msgType": "Error"}, "for machines"),
    "not public": ({"scope": "Restricted"}, "not for the public"),
    "no scope": ({"scope": None}, "does not fit the schema of CAP 1.2, line 1: Element 'info'"),
    "an unknown status": ({"status": "Perhaps"}, "does not fit the schema"),
    "a time without a zone": ({"sent": "2026-11-29T17:55:00"}, "does not fit the schema"),
    "a day that there is not": ({"sent": "2026-02-30T17:55:00+00:00"}, "does not fit the schema"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_with_a_sentence(what: str) -> None:
    changed, said = REFUSED[what]
    parsed = read(parse, alert(**changed))
    assert parsed.items == ()
    assert said in parsed.faults[0]


def test_a_time_without_a_zone_is_refused_where_the_schema_takes_it_unless_the_account_names_the_zone() -> None:
    local = alert(namespace=CAP_10, sent="2026-07-01T17:55:00")
    assert "names no zone" in read(parse, local).faults[0]
    (post,) = posts(read(parse, local, source(time_zone="Europe/London")))
    assert post.at.hour == 16


def test_a_message_without_words_is_refused() -> None:
    bare = etree.fromstring(alert().encode())
    bare.remove(bare[-1])
    parsed = parse(etree.tostring(bare), source())
    assert "no words to share" in parsed.faults[0]


def test_the_area_is_named_where_the_words_do_not() -> None:
    """An incident is found by its place."""
    (post,) = posts(read(parse, alert(info(headline=None, areaDesc="Afon Artro at Llanbedr"))))
    assert post.text.startswith("Flood warning\n\nAfon Artro at Llanbedr\n\nThe river")


def test_a_comment_within_a_text_does_not_cut_it_short() -> None:
    (post,) = posts(read(parse, alert(info(description="Nobody is hurt<!-- --> in Pont Ddu"))))
    assert "Nobody is hurt in Pont Ddu" in post.text


def test_a_text_that_is_too_long_is_cut_at_a_word_and_shows_it() -> None:
    (post,) = posts(read(parse, alert(info(description="river " * 3_000))))
    assert len(post.text) <= PROSE_CHARACTERS_MAX
    assert post.text.endswith("river …")


def test_a_border_of_900_kilobytes_is_no_reason_to_refuse() -> None:
    border = " ".join(f"{52 + at % 900 / 1000:.5f},{-4 + at % 700 / 1000:.5f}" for at in range(50_000))
    body = alert().replace("</areaDesc>", f"</areaDesc><polygon>{border}</polygon>")
    assert len(body) > 850_000
    assert outcome(read(parse, body)) == [("new", "flood-1")]
