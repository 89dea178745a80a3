"""An incident in brief: which words are out, since when and where, and never more than a screen."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from streams.moments import told_in
from streams.projections.words_out import words_out
from streams.subjects.attention import Waiting
from streams.subjects.incident import Incident
from streams.subjects.promises import Promise
from streams.telling.attention import told_attention, told_promises
from streams.telling.brief import ALL, brief, newest_reports, told_report
from streams.values import Purpose
from streams.words.delivery import DeliveryConfirmed, DeliveryRefused, DeliveryState, Receipt
from streams.words.holds import HeldField, PlaceHold
from streams.words.incident import IncidentStoodDown
from streams.words.stops import IncidentFrozen
from tests import builders
from tests.builders import COMMANDER, NOW, NURSE, WRITER

LINK = "https://alerts.example.org/#m-1"
SCREEN = 40


def confirmed(incident: Incident, *channels: str, minutes: int = 0) -> Incident:
    """The incident once what was asked for is public on these channels, all if none is named."""
    at = NOW + timedelta(minutes=minutes)
    receipt = Receipt(url=LINK, at=at, words="shown")
    asked = [one for one in incident.deliveries.values() if one.state is not DeliveryState.CONFIRMED]
    there = [one.id for one in asked if not channels or one.channel in channels]
    return builders.after(incident, [DeliveryConfirmed(delivery_id=name, receipt=receipt) for name in there], at=at)


def lines(incident: Incident) -> list[str]:
    return [row for line in brief(incident, NOW, zone=UTC) for row in line.splitlines()]


def test_the_words_that_are_out_are_shown_with_since_when_and_where() -> None:
    incident = confirmed(builders.released(), minutes=4)
    (message,) = incident.messages.values()
    shown = "\n".join(lines(incident))
    since = NOW + timedelta(minutes=4)
    assert f"OUT  holding {message.id}, public since {since:%d %b %Y %H:%M} UTC, by {COMMANDER}" in shown
    assert f"“{message.texts['en'][:20]}" in shown
    assert f"website: {LINK}" in shown


def test_words_that_are_public_nowhere_are_called_so() -> None:
    incident = builders.released()
    assert any("NOT public yet" in line for line in lines(incident))
    refused = [DeliveryRefused(delivery_id=name, reason="too long") for name in incident.deliveries]
    assert not words_out(builders.after(incident, refused))
    nowhere = builders.after(incident, refused)
    assert "  OUT  nothing of our own" in lines(nowhere)


def test_what_is_over_says_since_when_by_whom_and_where_the_all_clear_is_still_lacking() -> None:
    """Its steps are not called the next thing to do any more."""
    at = NOW + timedelta(minutes=9)
    went_on = confirmed(builders.released())
    over = builders.after(went_on, [IncidentStoodDown(reason="the fire is out", rule="a rule")], at=at)
    shown = lines(over)
    assert f"  OVER since {told_in(UTC, at)}, by {COMMANDER}: the fire is out" in shown
    places = ", ".join(sorted({one.channel for one in over.deliveries.values()}))
    assert f"  no all-clear on {places}: `holdingline all-clear {over.id}` still gives it" in shown
    assert not any("OVER" in line or "all-clear" in line for line in lines(went_on))


def test_words_that_every_channel_refused_are_shown_with_the_reason_and_who_could_mend_it() -> None:
    """Else the person on call reads that nothing is public, and not why."""
    incident = builders.released()
    refused = [DeliveryRefused(delivery_id=name, reason="its certificate has lapsed") for name in incident.deliveries]
    nowhere = builders.after(incident, refused)
    (message,) = nowhere.messages
    register = builders.register()
    keepers = ", ".join(register.keepers_of("website"))
    assert keepers
    told = [line for line in brief(nowhere, NOW, register=register, zone=UTC) if "NOT OUT" in line]
    assert len(told) == len(incident.deliveries)
    assert (
        f"  NOT OUT  holding {message} on website, which refused it: its certificate has lapsed. "
        f"Who could mend it: {keepers}; then it can be released again"
    ) in told
    assert any("NOT OUT" in line and "certificate" in line for line in lines(nowhere)), "without a register too"
    assert not any("NOT OUT" in line for line in lines(confirmed(incident)))


def test_words_stay_out_on_each_channel_where_their_withdrawal_is_not() -> None:
    """What somebody took back is out until each channel surely has it so."""
    incident = confirmed(builders.released())
    (first,) = incident.messages
    withdrawn = builders.carried_out(incident, builders.holding(purpose=Purpose.WITHDRAWAL))
    for state, left in (
        (withdrawn, {"website", "social"}),
        (confirmed(withdrawn, "social"), {"website"}),
        (confirmed(withdrawn), set[str]()),
    ):
        on = {delivery.channel for one in words_out(state) if one.message.id == first for delivery in one.on}
        assert on == left
        assert words_out(state)[0].message.purpose is Purpose.WITHDRAWAL


def test_what_a_report_says_of_hazards_access_and_casualties_is_shown() -> None:
    methane = builders.methane(hazards=("smoke", "gas"), access="north gate", number_of_casualties=None)
    told = told_report(methane)
    assert told.endswith("; hazards: smoke, gas; access: north gate; casualties: not reported")
    incident = builders.declared(methane=methane)
    assert f"  reported: {told}" in lines(incident)


def test_the_newest_reports_that_differ_are_shown_however_many_say_the_same() -> None:
    """Only as many as are shown are put into words: a long incident has thousands."""
    first, other, last = (builders.methane(exact_location=place) for place in ("Gate 1", "Gate 2", "Gate 3"))
    incident = builders.declared().model_copy(update={"reports": (first, *[other] * 9, last, last)})
    assert newest_reports(incident) == [told_report(last), told_report(other)]
    assert newest_reports(incident, 3) == [*map(told_report, (last, other, first))]


def test_a_long_night_fits_on_a_screen_and_says_what_is_left_out() -> None:
    """However much there is of each thing."""
    incident = confirmed(builders.released())
    for number in range(10):
        clock = f"22:{number + 16}"
        text = f"The coach crash at Ashby Junction at {clock}: our teams are ready. Next word by 23:30."
        slots = {"place": "Ashby General", "time": clock}
        incident = confirmed(builders.carried_out(incident, builders.holding(slots=slots)))
        incident = builders.carried_out(incident, builders.line(texts={"en": text}, when=clock), by=WRITER)
        incident = builders.carried_out(incident, PlaceHold(field=HeldField.CAUSE, about=f"cause {number}"))
    assert (len(incident.messages), len(incident.drafts), len(incident.holds.placed)) == (11, 10, 10)
    incident = builders.after(incident, [IncidentFrozen(reason="not sure", rule="rule")])
    shown = lines(incident)
    assert len(shown) <= SCREEN
    assert any(line.startswith("  FROZEN by ") for line in shown)
    assert sum(ALL in line for line in shown) >= 3


def test_what_somebody_wrote_never_looks_like_a_line_of_ours_in_brief() -> None:
    frozen = IncidentFrozen(reason="wait\nblock-c: declared\n  OUT  holding", rule="rule")
    shown = lines(builders.after(builders.declared(), [frozen]))
    assert [line[:6] for line in shown[-2:]] == ["      ", "      "]
    assert NURSE not in "".join(shown)


@pytest.mark.parametrize(("zone", "name"), [("Europe/London", "BST"), ("Europe/Paris", "CEST"), ("UTC", "UTC")])
def test_every_moment_is_told_in_the_trusts_zone_and_with_its_name(zone: str, name: str) -> None:
    """In each kind of line: until when, by when, what waits; never two clocks in one list."""
    summer, at = datetime(2026, 7, 1, 22, 30, tzinfo=UTC), ZoneInfo(zone)
    due = Waiting(kind="draft", subject=builders.SUBJECT, what="d", until=summer)
    promise = Promise(message_id="m", by=summer, state="open")
    local = f"{summer.astimezone(at):%d %b %Y %H:%M} {name}"
    for line in (told_attention(due, at), *told_promises([promise], at), told_in(at, summer)):
        assert local in line


def test_the_two_hours_that_a_clock_shows_twice_are_told_apart() -> None:
    london, first = ZoneInfo("Europe/London"), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert told_in(london, first) == "25 Oct 2026 01:30 BST"
    assert told_in(london, first + timedelta(hours=1)) == "25 Oct 2026 01:30 GMT"


def test_an_incident_in_brief_has_one_clock_only() -> None:
    """The trust's, in every line that names a moment."""
    frozen = builders.after(confirmed(builders.released()), [IncidentFrozen(reason="wait", rule="r")])
    shown = "\n".join(brief(frozen, NOW, zone=ZoneInfo("Asia/Tokyo")))
    assert "FROZEN" in shown
    assert " JST" in shown
    assert " UTC" not in shown
