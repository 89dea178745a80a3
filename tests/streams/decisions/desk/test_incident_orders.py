"""Declaring, ending, reporting, signals and the start of a drill: who may, and what comes of it."""

from datetime import timedelta
from typing import Any

import pytest

from streams.decisions.desk.order_table import answer
from streams.decisions.listening.matcher import matcher, terms
from streams.subjects.incident import Incident
from streams.values import LIST_MAX, IncidentType, Level, Power
from streams.words.incident import (
    BeginExercise,
    Cancel,
    IncidentDeclared,
    IncidentReclassified,
    IncidentRenamed,
    NoteSignal,
    Reclassify,
    Rename,
    Report,
    SignalNoted,
    StandDown,
    Wiring,
)
from streams.words.release import Amplify, NotePostChange
from tests import builders
from tests.builders import COMMANDER, DRILL, INCIDENT, LIVE, NOW, NURSE, declaration, kinds, methane, order, reasons

EMPTY = Incident(id=INCIDENT, mode=LIVE)


def wiring(**changes: Any) -> Wiring:
    return Wiring.model_validate({"channel": "social", "kind": "memory", "mode": DRILL, **changes})


def test_declaring_names_the_rule() -> None:
    """By whose power the incident was declared can be read from the fact alone."""
    declared = answer(order(declaration()))[0]
    assert isinstance(declared, IncidentDeclared)
    assert declared.rule == f"{COMMANDER}/declare"


def test_an_ethane_report_declares_nothing() -> None:
    """M: no means that there is no major incident."""
    ethane = declaration(methane=methane(major_incident=False))
    assert "ETHANE" in reasons(answer(order(ethane)))


@pytest.mark.parametrize("body", [declaration(), Cancel(reason="x"), StandDown(reason="x")])
def test_who_has_no_power_neither_declares_nor_ends(body: Any) -> None:
    """And learns who could."""
    incident = EMPTY if body.kind == "declare" else builders.declared()
    refused = answer(order(body, incident, NURSE, id="now"))[0].model_dump()
    assert "no power" in refused["reasons"][0]
    assert refused["who_could"]


@pytest.mark.parametrize(("body", "kind"), [(StandDown(reason="x"), "stood_down"), (Cancel(reason="x"), "cancelled")])
def test_the_end_has_a_reason_and_a_rule(body: Any, kind: str) -> None:
    """Over, or never was: two facts, not one with a flag."""
    ended = answer(order(body, builders.declared()))[0]
    assert ended.kind == f"incident_{kind}"
    assert ended.model_dump()["rule"] == f"{COMMANDER}/stand-down"


def test_a_new_name_is_shown_and_the_old_one_still_finds_posts() -> None:
    """People go on using the name and the hashtag that they know; new words of ours carry the new hashtag."""
    before = builders.declared(name="Ashby coach crash", hashtags=("#Ashby",), words=("blue lane",))
    body = Rename(name="Mill Lane coach crash", hashtags=("#MillLane",))
    (renamed,) = answer(order(body, before))
    assert isinstance(renamed, IncidentRenamed)
    assert (renamed.before, renamed.rule) == ("Ashby coach crash", f"{COMMANDER}/declare")
    after = builders.carried_out(before, body)
    assert set(terms(before)) < set(terms(after))
    for text in ("#Ashby is closed", "the Ashby coach crash", "in the blue lane", "#MillLane", "mill lane coach crash"):
        assert matcher([after]).incidents(text) == {INCIDENT}
    (message,) = builders.carried_out(after, builders.holding()).messages.values()
    assert message.hashtags[0] == "#MillLane"


def test_a_name_alone_leaves_the_hashtags_and_may_come_back() -> None:
    """Whatever it was called, each name is kept once."""
    before = builders.declared(hashtags=("#Ashby",))
    assert before.declaration
    there = builders.carried_out(before, Rename(name="Mill Lane"), id="there")
    back = builders.carried_out(there, Rename(name=before.declaration.name), id="back")
    assert back.declaration
    assert back.declaration.hashtags == ("#Ashby",)
    assert (back.declaration.name, back.declaration.words) == (before.declaration.name, ("Mill Lane",))


def test_words_by_which_posts_find_it_are_never_lost_for_a_name() -> None:
    """Fifty words are the most that an incident has; a rename that would drop one is refused."""
    full = builders.declared(words=tuple(f"word {number}" for number in range(LIST_MAX)))
    assert "keep the name" in reasons(answer(order(Rename(name="Mill Lane"), full)))


def test_who_acts_after_a_change_is_judged_by_the_type_and_level_of_now() -> None:
    """A person who may release up to level 2 may no more once it is level 4; and may again after it is lowered."""
    low = builders.person(NURSE, Power.RELEASE_HOLDING, levels=(1, 2))
    told = builders.register(people={**builders.people(), NURSE: low})
    incident = builders.declared(level=2)
    steps: tuple[tuple[Level, str], ...] = ((4, "command_refused"), (1, "message_authorised"))
    for number, (level, kind) in enumerate(steps):
        body = Reclassify(level=level, reason="more is known")
        (changed,) = answer(order(body, incident, register=told, id=f"to-{number}"))
        assert isinstance(changed, IncidentReclassified)
        assert changed.type is changed.type_before
        incident = builders.carried_out(incident, body, register=told, id=f"to-{number}")
        released = answer(order(builders.holding(), incident, NURSE, register=told, id=f"release-{number}"))
        assert released[0].kind == kind


@pytest.mark.parametrize(("levels", "may"), [((1,), False), ((4,), False), ((1, 4), True)])
def test_nobody_moves_an_incident_into_or_out_of_their_own_reach(levels: Any, may: bool) -> None:  # noqa: FBT001 - one case of two
    """Lowering it takes the power for the level that it has, raising it that for the level that it gets."""
    told = builders.register(people={**builders.people(), NURSE: builders.person(NURSE, Power.DECLARE, levels=levels)})
    moves: tuple[tuple[Level, Level], ...] = ((4, 1), (1, 4))
    for before, after in moves:
        body = Reclassify(level=after, reason="more is known")
        asked = order(body, builders.declared(level=before), NURSE, register=told, id="now")
        (given,) = answer(asked)
        assert given.kind == ("incident_reclassified" if may else "command_refused")
        if not may:
            assert given.model_dump()["who_could"] == ("Test Director On Call (Director On Call)",)


def test_anybody_on_the_register_reports_and_nobody_else() -> None:
    """A nurse may; a stranger may not."""
    body = Report(methane=methane())
    assert kinds(answer(order(body, by=NURSE))) == ["report_received"]
    assert "not on the register" in reasons(answer(order(body, by="stranger")))


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (wiring(mode=LIVE), "publishes in mode live"),
        (wiring(mode="exercise-2"), "publishes in mode exercise-2"),
        (wiring(credential_mode=LIVE), "credential of mode live"),
        (wiring(credential_mode="training"), "credential of mode training"),
    ],
)
def test_a_drill_does_not_begin_where_anything_could_reach_the_public(found: Wiring, reason: str) -> None:
    """One channel of another mode, or one credential, is enough."""
    begin = BeginExercise(title="Drill", wiring=(wiring(), found))
    drill = Incident(id=INCIDENT, mode=DRILL)
    assert reason in reasons(answer(order(begin, drill)))


def test_a_drill_begins_where_all_is_its_own_and_never_in_live() -> None:
    """Its own mode, its own credentials or none."""
    begin = BeginExercise(title="Drill", wiring=(wiring(), wiring(credential_mode=DRILL)))
    assert kinds(answer(order(begin, Incident(id=INCIDENT, mode=DRILL)))) == ["exercise_begun"]
    assert "plays no exercises" in reasons(answer(order(begin, EMPTY)))


def test_an_order_of_another_mode_is_refused() -> None:
    """A live order does not move a drill, nor a drill's order a live incident."""
    assert "of mode exercise-1" in reasons(answer(order(declaration(), EMPTY, mode=DRILL)))
    drill = Incident(id=INCIDENT, mode=DRILL)
    assert "of mode live" in reasons(answer(order(declaration(), drill, mode=LIVE)))


def test_an_order_given_twice_gives_nothing_the_second_time() -> None:
    """Same cause, same identifier, one answer; a refusal is not repeated either."""
    incident = builders.declared()
    assert answer(order(declaration(), incident)) == []
    refused = builders.carried_out(incident, declaration(), id="other")
    assert answer(order(declaration(), refused, id="other")) == []


def test_a_stale_order_is_refused() -> None:
    """What lay on the topic for an hour may not be meant any more."""
    late = NOW + timedelta(hours=1)
    assert "60 minutes old" in reasons(answer(order(declaration(), EMPTY, at=NOW, now=late)))
    assert "lies ahead" in reasons(answer(order(declaration(), EMPTY, at=late, now=NOW)))


def test_a_signal_comes_with_the_templates_that_fit_hazard_first() -> None:
    """Named by the report's words first, then by the incident's type."""
    chemical = builders.template(id="chemical", hazards=("chemical-spill",), types=())
    crash = builders.template(id="crash", hazards=("transport-crash",), types=())
    major = builders.template(id="major", hazards=("flood",), types=(IncidentType.MAJOR,))
    register = builders.register(templates={one.id: one for one in (major, chemical, crash)})
    body = NoteSignal(signal="surge", minute=NOW, count=30)
    noted = answer(order(body, builders.declared(), "mentions-agent", register=register))[0]
    assert isinstance(noted, SignalNoted)
    assert noted.templates == ("crash", "major")


def test_a_changed_post_matters_only_where_we_sent_it_out() -> None:
    """Nothing is noted of others."""
    body = NotePostChange(credit=builders.credit(), change="deleted")
    assert answer(order(body, builders.declared(), "amplification-agent")) == []
    amplified = builders.carried_out(
        builders.declared(),
        Amplify(credit=builders.credit(), text="x", posted_at=NOW),
        by="amplification-agent",
    )
    assert kinds(answer(order(body, amplified, "amplification-agent"))) == [
        "amplified_post_changed",
        "delivery_refused",
    ]
