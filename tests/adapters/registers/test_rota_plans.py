"""Who is on call by a calendar, minute by minute, is who is on call by the plan that the calendar says."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agents.adapters.registers.rota.calendars import entries
from agents.adapters.registers.rota.components import UnreadableCalendar
from tests.adapters.registers.rota_plans import (
    LONDON,
    PLANS,
    STYLES,
    PlannedSeries,
    Style,
    Turn,
    on_call,
    text_of,
)

ALL_OF_IT = (datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC))
MINUTE = timedelta(minutes=1)


def read(text: str) -> list[Turn]:
    return [(one.title, one.starts_at, one.ends_at) for one in entries(text, LONDON, window=ALL_OF_IT)]


def planned(plan: Sequence[PlannedSeries]) -> list[Turn]:
    return [turn for series in plan for turn in series.turns()]


@given(PLANS, STYLES)
def test_at_every_minute_the_calendar_and_the_plan_name_the_same_people(
    plan: list[PlannedSeries], style: Style
) -> None:
    """However the program writes it; who is on call changes only at the edges of turns, so those minutes are asked."""
    expected, found = planned(plan), read(text_of(plan, style))
    for edge in sorted({edge for _, begins, ends in (*expected, *found) for edge in (begins, ends)}):
        for at in (edge - MINUTE, edge, edge + MINUTE):
            assert on_call(found, at) == on_call(expected, at), at


@given(PLANS, STYLES, st.integers(1, 23))
def test_a_change_that_names_another_hour_is_refused_and_adds_nobody(
    plan: list[PlannedSeries], style: Style, hours: int
) -> None:
    """The hour before the series was moved, or that of summer in a winter week, would leave two people in power."""
    named = next(iter(lines_with(plan, style, "RECURRENCE-ID")), "")
    assume(named and style.id_form != "day")
    head, _, time = named.rpartition(":")
    moved = datetime.fromisoformat(time.rstrip("Z")) + timedelta(hours=hours)
    wrong = f"{head}:{moved:%Y%m%dT%H%M%S}{time[15:]}"
    text = text_of(plan, unfolded(style))
    with pytest.raises(UnreadableCalendar, match=r"line \d+: "):
        read(text.replace(named, wrong, 1).replace("STATUS:CANCELLED", "STATUS:CONFIRMED"))


@given(PLANS, STYLES)
def test_series_that_share_a_uid_are_refused_with_both_titles(plan: list[PlannedSeries], style: Style) -> None:
    """Never is one of them lost."""
    assume(len({(one.begins, one.hours) for one in plan}) > 1)
    text = text_of(plan, unfolded(style))
    for number in range(len(plan)):
        text = text.replace(f"UID:s{number}", "UID:shared")
    with pytest.raises(UnreadableCalendar, match=r"share the UID shared: make each an event of its own"):
        read(text)


@given(PLANS, STYLES, st.data())
def test_a_file_of_several_calendars_is_read_as_one_plan(
    plan: list[PlannedSeries], style: Style, data: st.DataObject
) -> None:
    """Wherever one calendar ends and the next one begins, also between a series and its changes."""
    whole = text_of(plan, unfolded(style))
    begin = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example.org//plans//EN\n".replace("\n", style.line_end)
    between = f"END:VEVENT{style.line_end}BEGIN:VEVENT"
    pieces = whole.split(between)
    text = pieces[0]
    for piece in pieces[1:]:
        cut = f"END:VEVENT{style.line_end}END:VCALENDAR{style.line_end}{begin}BEGIN:VEVENT"
        text += (cut if data.draw(st.booleans()) else between) + piece
    assert sorted(read(text)) == sorted(read(whole))


def unfolded(style: Style) -> Style:
    return Style(style.zone, style.id_form, style.copies_rule, style.changes_first, style.line_end, 1000)


def lines_with(plan: list[PlannedSeries], style: Style, name: str) -> list[str]:
    return [line for line in text_of(plan, unfolded(style)).splitlines() if line.startswith(name)]
