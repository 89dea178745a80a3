"""What calendar programs write and is not understood: the calendar is refused, with its line and with what to set."""

import pytest

from agents.adapters.registers.rota.components import UnreadableCalendar
from tests.adapters.registers.rota_folder import calendar
from tests.adapters.registers.rota_kinds import (
    BRITISH,
    FIVE_WEEKS,
    HARI,
    LOWRI,
    OCTOBER_5,
    OCTOBER_19,
    SWAPPED,
    WITHOUT_SUMMER,
    in_zone,
    said,
    with_lines,
    with_name,
)

REFUSED = {
    "two shifts that share a UID": (
        calendar([LOWRI, "UID:same", *OCTOBER_5], [HARI, "UID:same", *OCTOBER_19]),
        r"line 11: “Lowri” \(line 4\) and “Hari” \(line 11\) share the UID same: make each an event of its own",
    ),
    "two shifts that share a UID, one of them edited": (
        calendar([LOWRI, "UID:same", *OCTOBER_5], [HARI, "UID:same", *OCTOBER_19, "SEQUENCE:3"]),
        "share the UID same",
    ),
    "two people of one shift who share a UID": (
        calendar([LOWRI, "UID:same", *OCTOBER_5], [HARI, "UID:same", *OCTOBER_5]),
        "share the UID same",
    ),
    "an override at the old hour": (
        calendar(FIVE_WEEKS, [*SWAPPED[:-1], "RECURRENCE-ID;TZID=Europe/London:20261019T080000"]),
        r"line 18: the change of 19 October 2026 08:00 hits no turn of “Lowri” \(line 4\): delete “Hari”",
    ),
    "an override at midnight": (
        calendar(FIVE_WEEKS, [*SWAPPED[:-1], "RECURRENCE-ID;TZID=Europe/London:20261019T000000"]),
        "hits no turn",
    ),
    "an override in the UTC of summer": (
        calendar(FIVE_WEEKS, [*SWAPPED[:-1], "RECURRENCE-ID:20261026T080000Z"]),
        "hits no turn",
    ),
    "an override of a day without a turn": (
        calendar(FIVE_WEEKS, [*SWAPPED[:-1], "RECURRENCE-ID;VALUE=DATE:20261020"]),
        "hits no turn",
    ),
    "an override after the end of its series": (
        calendar(FIVE_WEEKS, [*SWAPPED[:-1], "RECURRENCE-ID;TZID=Europe/London:20261123T090000"]),
        "hits no turn",
    ),
    "an override of a turn that is taken out": (
        calendar([*FIVE_WEEKS, "EXDATE;TZID=Europe/London:20261019T090000"], SWAPPED),
        "line 19: the turn of 19 October 2026 09:00 is both taken out and changed",
    ),
    "an override with a rule of its own": (
        calendar(FIVE_WEEKS, [*SWAPPED, "RRULE:FREQ=DAILY;COUNT=2"]),
        "line 12: “Hari” .* changes one turn and yet repeats",
    ),
    "an override without its series that repeats": (
        calendar([*SWAPPED, "RRULE:FREQ=DAILY;COUNT=2"]),
        "is one turn and yet repeats",
    ),
    "an override of no series at all": (calendar([HARI, *OCTOBER_19, SWAPPED[-1]]), "changes a turn of no series"),
    "two overrides that nothing tells apart": (
        calendar(FIVE_WEEKS, SWAPPED, [LOWRI, *SWAPPED[1:]]),
        r"“Hari” \(line 12\) and “Lowri” \(line 20\) change the same turn",
    ),
    "two overrides that are newer in two ways": (
        calendar(
            FIVE_WEEKS,
            [*SWAPPED, "LAST-MODIFIED:20260902T000000Z"],
            [LOWRI, *SWAPPED[1:], "LAST-MODIFIED:20260901T000000Z"],
        ).replace(
            "DTSTAMP:20260101T000000Z\r\nSUMMARY:Lowri\r\nUID:a\r\nDTSTART;TZID=Europe/London:20261019",
            ("DTSTAMP:20260903T000000Z\r\nSUMMARY:Lowri\r\nUID:a\r\nDTSTART;TZID=Europe/London:20261019"),
        ),
        "change the same turn",
    ),
    "all that follow are moved": (
        calendar(FIVE_WEEKS, [*SWAPPED[:-1], "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/London:20261019T090000"]),
        "line 18: “Hari” moves all that follow: end that event, and begin a new one",
    ),
    "a cancelled series with a change that stands": (
        calendar([*FIVE_WEEKS, "STATUS:CANCELLED"], SWAPPED),
        "line 13: “Hari” .* changes a turn of “Lowri” .*, which is cancelled",
    ),
    "a shift that is not certain": (
        calendar([*FIVE_WEEKS, "STATUS:TENTATIVE"]),
        "has the status TENTATIVE: confirm it",
    ),
    "a status that does not exist": (calendar([*FIVE_WEEKS, "STATUS:CANCELED"]), "has the status CANCELED"),
    "an exception at the old hour": (
        calendar([*FIVE_WEEKS, "EXDATE;TZID=Europe/London:20261019T080000"]),
        "line 11: the exception of 19 October 2026 08:00 hits no turn",
    ),
    "an exception at the old hour of the last turn": (
        calendar([*FIVE_WEEKS, "EXDATE;TZID=Europe/London:20261102T100000"]),
        "hits no turn",
    ),
    "an exception without a zone beside another zone": (
        calendar(
            [
                LOWRI,
                "UID:a",
                "DTSTART;TZID=Europe/Paris:20261005T090000",
                "DURATION:P7D",
                FIVE_WEEKS[-1],
                "EXDATE:20261019T090000",
            ]
        ),
        "line 11: it has no time zone, and the rest of the calendar has another: set Europe/London",
    ),
    "an exception of a day that two zones begin at two hours": (
        calendar(
            [LOWRI, "UID:a", "DTSTART:20261005T233000Z", "DURATION:PT12H", FIVE_WEEKS[-1], "EXDATE;VALUE=DATE:20261012"]
        ),
        "is another one in the zone of its series: give the hour",
    ),
    "days that a rule leaves out": (
        calendar([*FIVE_WEEKS, "EXRULE:FREQ=WEEKLY;INTERVAL=2"]),
        "line 11: “Lowri” leaves days out by a rule .EXRULE., which is not read: take the days out one by one",
    ),
    "a message that cancels": (
        with_lines(calendar(FIVE_WEEKS), "METHOD:CANCEL"),
        "line 1: it is no calendar but a message about a change .CANCEL.: export the calendar",
    ),
    "a message that proposes": (with_lines(calendar(FIVE_WEEKS), "METHOD:COUNTER"), "message about a change"),
    "the older vCalendar": (calendar(FIVE_WEEKS).replace("VERSION:2.0", "VERSION:1.0"), "export it as iCalendar 2.0"),
    "the days of another calendar": (with_lines(calendar(FIVE_WEEKS), "CALSCALE:HEBREW"), "export it as Gregorian"),
    "a property that is misspelt": (calendar([*FIVE_WEEKS, "EXDATES:20261019"]), "line 11: “Lowri” says EXDATES"),
    "two titles": (calendar([*FIVE_WEEKS, HARI]), "line 11: SUMMARY is there twice"),
    "two ends": (calendar([*FIVE_WEEKS, "DURATION:P7D"]), "line 11: “Lowri” has both an end and a length"),
    "two rules": (calendar([*FIVE_WEEKS, FIVE_WEEKS[-1]]), "RRULE is there twice"),
    "an end on the first whole day": (
        calendar([LOWRI, "UID:a", "DTSTART;VALUE=DATE:20261005", "DTEND;VALUE=DATE:20261005"]),
        "line 9: “Lowri” ends on the day on which it begins, and an end is the day after: give it hours",
    ),
    "an end of another kind": (
        calendar([LOWRI, "UID:a", OCTOBER_5[0], "DTEND;VALUE=DATE:20261012"]),
        "line 9: the event begins at an hour and ends with a whole day",
    ),
    "an added turn of another kind": (
        calendar([LOWRI, "UID:a", *OCTOBER_5, "RDATE;VALUE=DATE:20261012"]),
        "line 10: “Lowri” has hours and an added turn has none",
    ),
    "an added turn of another length": (
        calendar([*FIVE_WEEKS, "RDATE;VALUE=PERIOD;TZID=Europe/London:20261019T090000/PT1H"]),
        "line 11: “Lowri” has two lengths on 19 October 2026 09:00",
    ),
    "a beginning that the rule does not have": (
        calendar([LOWRI, "UID:a", *OCTOBER_5, "RRULE:FREQ=WEEKLY;BYDAY=TU"]),
        "line 4: “Lowri” begins on 5 October 2026 09:00, when its rule has no turn: set both alike",
    ),
    "an end of the rule before its beginning": (
        calendar([LOWRI, "UID:a", *OCTOBER_5, "RRULE:FREQ=WEEKLY;UNTIL=20260101T000000Z"]),
        "repeats until a time before it begins",
    ),
    "a rule with two ends": (
        calendar([LOWRI, "UID:a", *OCTOBER_5, "RRULE:FREQ=WEEKLY;COUNT=2;UNTIL=20261101"]),
        "repeats by a rule that contradicts itself",
    ),
    "a rule that stays where it is": (
        calendar([LOWRI, "UID:a", *OCTOBER_5, "RRULE:FREQ=WEEKLY;INTERVAL=0"]),
        "repeats by a rule that contradicts itself",
    ),
    "a time both local and in UTC": (
        calendar([LOWRI, "UID:a", "DTSTART;TZID=Europe/London:20261005T090000Z", "DURATION:P7D"]),
        r"line 8: the time is both in UTC \(Z\) and in Europe/London: set one of them",
    ),
    "times without a zone in a calendar of another": (
        with_lines(calendar([LOWRI, "UID:a", "DTSTART:20261005T090000", "DURATION:P7D"]), "X-WR-TIMEZONE:Europe/Paris"),
        "line 9: it has no time zone, and the rest of the calendar has another: set Europe/London",
    ),
    "a day of another zone": (
        calendar([LOWRI, "UID:a", "DTSTART;TZID=Europe/Paris;VALUE=DATE:20261005"]),
        "line 8: it has no time zone, and the rest of the calendar has another: set Europe/London",
    ),
    "a zone that no list knows": (
        in_zone("(no TZ description)"),
        r"line 8: the zone \(no TZ description\) of “Lowri” is not known: set Europe/London as its time zone",
    ),
    "British summer time": (in_zone("BST"), "the zone BST of “Lowri” is not known"),
    "the zone of the machine": (in_zone("localtime"), "the zone localtime of “Lowri” is not known"),
    "Microsoft's custom zone, not described": (in_zone("tzone://Microsoft/Custom"), "is not known"),
    "a known zone that the file describes in another way": (
        in_zone("Europe/London", *WITHOUT_SUMMER).replace("{}", "Europe/London"),
        "the file describes the zone Europe/London in another way than Europe/London is",
    ),
    "a zone that is described by the second": (
        in_zone("Ours", *BRITISH).replace("{}", "Ours").replace("FREQ=YEARLY", "FREQ=SECONDLY"),
        "a time zone is described by a rule that does not repeat by the year",
    ),
    "a zone that is described by nothing": (
        in_zone("Ours", "BEGIN:VTIMEZONE", "TZID:Ours", "END:VTIMEZONE"),
        "line 4: a time zone is not described by its hours",
    ),
    "a calendar in another": (
        calendar(FIVE_WEEKS).replace("END:VCALENDAR", calendar(SWAPPED) + "END:VCALENDAR"),
        "line 12: a calendar is what is from BEGIN:VCALENDAR to its END:VCALENDAR, and none is in another",
    ),
    "two calendars, the second one cut off": (
        calendar(FIVE_WEEKS) + calendar([HARI, "UID:b", *OCTOBER_19]).replace("END:VCALENDAR\r\n", ""),
        "line 13: VCALENDAR has no end, so the file is cut off",
    ),
    "two calendars, the second one a message about a change": (
        calendar(FIVE_WEEKS) + calendar(SWAPPED).replace("VERSION:2.0", "VERSION:2.0\r\nMETHOD:CANCEL"),
        "line 13: it is no calendar but a message about a change",
    ),
    "two events that share a UID, in two calendars": (
        calendar([LOWRI, "UID:same", *OCTOBER_5]) + calendar([HARI, "UID:same", *OCTOBER_19]),
        r"“Lowri” \(line 4\) and “Hari” \(line 15\) share the UID same: make each an event of its own",
    ),
    "two people of one shift who share a UID, in two calendars": (
        calendar([LOWRI, "UID:same", *OCTOBER_5]) + calendar([HARI, "UID:same", *OCTOBER_5]),
        "share the UID same",
    ),
    "one event in two calendars whose zone of one name is two": (
        in_zone("Ours", *with_name(BRITISH, "Ours")) + in_zone("Ours", *with_name(WITHOUT_SUMMER, "Ours")),
        "share the UID a",
    ),
    "a change in a second calendar that hits no turn": (
        calendar(FIVE_WEEKS) + calendar([*SWAPPED[:-1], "RECURRENCE-ID;TZID=Europe/London:20261020T090000"]),
        "hits no turn",
    ),
    "a zone that only the calendar before describes": (
        in_zone("Ours", *with_name(BRITISH, "Ours")) + in_zone("Ours").replace("UID:a", "UID:b"),
        "the zone Ours of “Lowri” is not known",
    ),
    "an event in an event": (
        calendar([*FIVE_WEEKS, "BEGIN:VEVENT", "END:VEVENT"]),
        "line 11: an event begins before the last one ended",
    ),
    "a file that is cut off": (calendar(FIVE_WEEKS).replace("END:VCALENDAR\r\n", ""), "the file is cut off"),
    "a file that is cut off in an event": (calendar(FIVE_WEEKS, SWAPPED)[:-60], "breaks the rules of iCalendar"),
    "an empty file": ("", "it is empty"),
    "a file of empty lines": ("\r\n\r\n", "it is empty"),
    "a letter that is none": (calendar([*FIVE_WEEKS, "COMMENT:\udcff"]), "line 11: it is not UTF-8 text"),
}


@pytest.mark.parametrize(("text", "sentence"), REFUSED.values(), ids=REFUSED)
def test_a_kind_that_is_not_understood_is_refused_with_its_line_and_what_to_do(text: str, sentence: str) -> None:
    with pytest.raises(UnreadableCalendar, match=sentence) as refused:
        said(text)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("at", range(1, 40, 3))
def test_a_file_that_is_cut_off_anywhere_is_refused(at: int) -> None:
    """A half-written file must never name half of the people."""
    text = calendar(FIVE_WEEKS, SWAPPED)
    with pytest.raises(UnreadableCalendar):
        said(text[: len(text) * at // 40])
