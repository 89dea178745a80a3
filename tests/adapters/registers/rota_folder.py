"""Invented calendars, and a copy of the example whose communications rota is kept in one."""

from datetime import UTC, datetime
from pathlib import Path

from tests.adapters.breaking import copied

LOWRI, HARI = "lowri.penfynach", "hari.okonwell"
AUTUMN = datetime(2026, 10, 14, 12, 0, tzinfo=UTC)
"""A Wednesday, eleven days before the clocks go back."""
WEEKLY = [
    "UID:lowri",
    "DTSTART;TZID=Europe/London:20260706T090000",
    "DTEND;TZID=Europe/London:20260713T090000",
    "RRULE:FREQ=WEEKLY;INTERVAL=2",
    "SUMMARY:Lowri Penfynach",
]
OTHER_WEEKS = [
    "UID:hari",
    "DTSTART;TZID=Europe/London:20260713T090000",
    "DTEND;TZID=Europe/London:20260720T090000",
    "RRULE:FREQ=WEEKLY;INTERVAL=2",
    "SUMMARY:hari.okonwell",
]


def calendar(*events: list[str]) -> str:
    """An iCalendar text of these events, each a list of lines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example.org//rota//EN"]
    for event in events:
        lines += ["BEGIN:VEVENT", "DTSTAMP:20260101T000000Z", *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def with_calendar(to: Path, text: str, *, who: str = "summary", swaps: str = "") -> Path:
    """The example, its communications rota in `register/calendars/comms.ics` and not in `rota.yaml`."""
    folder = copied(to)
    rota = folder / "register/rota.yaml"
    kept = [line for line in rota.read_text(encoding="utf-8").splitlines() if "rota: comms-on-call" not in line]
    rota.write_text("\n".join([*kept, swaps, ""]), encoding="utf-8")
    entry = f"- {{rota: comms-on-call, calendar: comms.ics, who: {who}}}\n"
    (folder / "register/rotas.yaml").write_text(entry, encoding="utf-8")
    (folder / "register/calendars").mkdir()
    put(folder, text)
    return folder


def put(folder: Path, text: str) -> None:
    """Write this calendar in place of the one there."""
    (folder / "register/calendars/comms.ics").write_text(text, encoding="utf-8", newline="")
