"""Invented plans of a rota, the calendar that says each, and who is on call by the plan itself.

The plan is counted out here turn by turn, without any part of the product, so that the two can be compared.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

LONDON = ZoneInfo("Europe/London")
NAMES = ("Lowri", "Hari", "Beca")
ZONES = ("Europe/London", "GMT Standard Time", "/mozilla.org/20050126_1/Europe/London", '"Europe/London"', "GB")
FIRST_DAY = datetime(2026, 10, 12)  # noqa: DTZ001 - an hour of the clock in London
Turn = tuple[str, datetime, datetime]


@dataclass(frozen=True)
class PlannedChange:
    """One turn that somebody else has, or that begins some hours later, or that is cancelled."""

    name: str
    hours_later: int
    is_cancelled: bool


@dataclass(frozen=True)
class PlannedSeries:
    """Turns of one length, some days apart; `left_out` and `changes` are by the number of the turn."""

    name: str
    begins: datetime
    hours: int
    days_apart: int
    count: int
    left_out: frozenset[int]
    changes: tuple[tuple[int, PlannedChange], ...]

    def begin_of(self, number: int) -> datetime:
        """The hour of the clock at which this turn would begin."""
        return self.begins + timedelta(days=number * self.days_apart)

    def turns(self) -> Iterator[Turn]:
        """Who has each turn, from when to when, in UTC."""
        changes = dict(self.changes)
        for number in range(self.count):
            begin, change = self.begin_of(number), changes.get(number)
            if number in self.left_out or (change and change.is_cancelled):
                continue
            begin += timedelta(hours=change.hours_later if change else 0)
            end = begin + timedelta(hours=self.hours)
            yield (change.name if change else self.name), _utc(begin), _utc(end)


@dataclass(frozen=True)
class Style:
    """How a calendar program writes: its name of the zone, its times, what it copies, how it breaks lines."""

    zone: str
    id_form: str
    copies_rule: bool
    changes_first: bool
    line_end: str
    fold_at: int

    def time(self, name: str, wall: datetime) -> str:
        """A property with an hour of the clock."""
        return f"{name};TZID={self.zone}:{wall:%Y%m%dT%H%M%S}"

    def id(self, name: str, wall: datetime) -> str:
        """A property that names a turn, as a time, in UTC or as a day."""
        forms = {
            "time": self.time(name, wall),
            "utc": f"{name}:{_utc(wall):%Y%m%dT%H%M%SZ}",
            "day": f"{name};VALUE=DATE:{wall:%Y%m%d}",
            "plain": f"{name}:{wall:%Y%m%dT%H%M%S}",
        }
        return forms[self.id_form]


def on_call(turns: Sequence[Turn], at: datetime) -> set[str]:
    """Who is on call at a moment."""
    return {name for name, begins, ends in turns if begins <= at < ends}


def text_of(plan: Sequence[PlannedSeries], style: Style) -> str:
    """The calendar that says this plan, in this style."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example.org//plans//EN"]
    for number, series in enumerate(plan):
        events = [_master(series, style, uid=f"s{number}"), *_changes(series, style, uid=f"s{number}")]
        for event in reversed(events) if style.changes_first else events:
            lines += ["BEGIN:VEVENT", "DTSTAMP:20260901T000000Z", *event, "END:VEVENT"]
    return style.line_end.join([*(_folded(line, style) for line in lines), "END:VCALENDAR", ""])


def _master(series: PlannedSeries, style: Style, *, uid: str) -> list[str]:
    left_out = [style.id("EXDATE", series.begin_of(number)) for number in sorted(series.left_out)]
    return [*_event(series.name, series.begins, series.hours, style, uid), _rule(series), *left_out]


def _changes(series: PlannedSeries, style: Style, *, uid: str) -> Iterator[list[str]]:
    for number, change in series.changes:
        begins = series.begin_of(number) + timedelta(hours=change.hours_later)
        event = [*_event(change.name, begins, series.hours, style, uid)]
        event.append(style.id("RECURRENCE-ID", series.begin_of(number)))
        event += [_rule(series)] if style.copies_rule else []
        event += ["STATUS:CANCELLED"] if change.is_cancelled else []
        yield event


def _event(name: str, begins: datetime, hours: int, style: Style, uid: str) -> list[str]:
    ends = begins + timedelta(hours=hours)
    return [f"UID:{uid}", f"SUMMARY:{name}", style.time("DTSTART", begins), style.time("DTEND", ends)]


def _rule(series: PlannedSeries) -> str:
    if series.days_apart % 7 == 0:
        return f"RRULE:FREQ=WEEKLY;INTERVAL={series.days_apart // 7};COUNT={series.count}"
    return f"RRULE:FREQ=DAILY;INTERVAL={series.days_apart};COUNT={series.count}"


def _folded(line: str, style: Style) -> str:
    pieces = [line[at : at + style.fold_at] for at in range(0, len(line), style.fold_at)]
    return f"{style.line_end} ".join(pieces)


def _utc(wall: datetime) -> datetime:
    return wall.replace(tzinfo=LONDON).astimezone(UTC)


@st.composite
def _planned(draw: st.DrawFn) -> PlannedSeries:
    count = draw(st.integers(1, 8))
    fates = {number: draw(st.sampled_from(["kept", "kept", "out", "changed"])) for number in range(count)}
    change = st.builds(PlannedChange, st.sampled_from(NAMES), st.integers(-30, 30), st.booleans())
    return PlannedSeries(
        name=draw(st.sampled_from(NAMES)),
        begins=FIRST_DAY + timedelta(days=draw(st.integers(0, 20)), minutes=30 * draw(st.integers(0, 47))),
        hours=draw(st.integers(1, 200)),
        days_apart=draw(st.sampled_from([1, 2, 7, 14])),
        count=count,
        left_out=frozenset(number for number, fate in fates.items() if fate == "out"),
        changes=tuple((number, draw(change)) for number, fate in fates.items() if fate == "changed"),
    )


PLANS = st.lists(_planned(), min_size=1, max_size=3)
STYLES = st.builds(
    Style,
    zone=st.sampled_from(ZONES),
    id_form=st.sampled_from(["time", "utc", "day", "plain"]),
    copies_rule=st.booleans(),
    changes_first=st.booleans(),
    line_end=st.sampled_from(["\r\n", "\n"]),
    fold_at=st.sampled_from([20, 60, 75]),
)
