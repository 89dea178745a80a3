"""Reports of several responders beside each other: who says what since when, and where they differ."""

from datetime import UTC, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from streams.telling.brief import brief
from streams.telling.network.beside import LETTERS, compared, differing, told_beside
from tests import builders, responding
from tests.builders import NOW
from tests.responding import declared, report

ZONE = UTC
LATER = NOW + timedelta(minutes=7)


def test_three_responders_that_disagree_are_seen_letter_by_letter() -> None:
    """Each with the time since which it says so, and a mark only on what differs."""
    told = responding.given(
        declared(),
        report("police", number_of_casualties="two dead", hazards=("smoke",)),
        report("ambulance", number_of_casualties="nobody dead", hazards=("Smoke.",)),
        report("council", exact_location="Mill Lane", number_of_casualties="two dead"),
    )
    told = responding.given(told, report("police", number_of_casualties="one dead", hazards=("smoke",)), at=LATER)
    lines = [*told_beside(told.network, ZONE)]
    assert differing(told.network) == ["exact location", "casualties"]
    casualties = lines[lines.index("N  casualties  DIFFER") :]
    assert casualties[1] == "     Vale Police: one dead (since 22:38 UTC)"
    assert casualties[2] == "     Vale Ambulance: nobody dead (since 22:31 UTC)"
    assert casualties[3] == "     Vale Council: two dead (since 22:31 UTC)"
    assert "     Vale Police: smoke (since 22:31 UTC)" in lines[lines.index("H  hazards") :]
    assert any("reports DIFFER on exact location, casualties" in line for line in brief(told, LATER, zone=UTC))


def test_one_responder_alone_is_beside_nobody() -> None:
    assert [*told_beside(declared().network, ZONE)] == []


letters = st.fixed_dictionaries(
    {
        "exact_location": st.sampled_from(["Mill Lane", "mill  lane", "Ashby"]),
        "number_of_casualties": st.sampled_from([None, "one", "One.", "two"]),
        "hazards": st.sampled_from([(), ("gas", "smoke"), ("smoke", "gas"), ("gas",)]),
    }
)


@given(st.lists(st.tuples(st.sampled_from([None, "police", "ambulance", "council"]), letters), max_size=8))
def test_what_is_shown_is_what_each_said_last_of_a_letter_and_nothing_else(
    given_reports: list[tuple[str | None, dict[str, Any]]],
) -> None:
    """No word of a report is lost or another's, and a letter is marked exactly if two of the newest say otherwise."""
    bodies = [report(who, **said) for who, said in given_reports]
    network = responding.given(declared(), *bodies).network
    newest: dict[str | None, dict[str, tuple[str, ...]]] = {None: dict(builders.methane().letters)}
    for one in bodies:
        said_now = {field: words for field, words in one.methane.letters.items() if words}
        newest[one.responder] = {**newest.get(one.responder, {}), **said_now}
    shown = {one.field: one for one in compared(network)}
    names = {one: responding.responders()[one].name if one else None for one in newest}
    for field in LETTERS:
        said = {names[who]: last[field] for who, last in newest.items() if last.get(field)}
        assert {one.who: one.words for one in (shown[field].said if field in shown else ())} == said
        plain = {frozenset(" ".join(one.casefold().split()).strip(" .") for one in words) for words in said.values()}
        assert (field in shown and shown[field].differs) is (len(plain) > 1)
