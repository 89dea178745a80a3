"""What calendar programs write and is understood: who is on call by it, from when to when."""

import warnings

import pytest

from tests.adapters.registers.rota_folder import calendar
from tests.adapters.registers.rota_kinds import (
    ADDED_PERIODS,
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

WEEKS = [
    "Lowri 05 Oct 08:00 to 12 Oct 08:00",
    "Lowri 12 Oct 08:00 to 19 Oct 08:00",
    "Lowri 19 Oct 08:00 to 26 Oct 09:00",
    "Lowri 26 Oct 09:00 to 02 Nov 09:00",
    "Lowri 02 Nov 09:00 to 09 Nov 09:00",
]
WITH_SWAP = [*WEEKS[:2], "Hari 19 Oct 08:00 to 26 Oct 09:00", *WEEKS[3:]]
WITHOUT_THIRD = [*WEEKS[:2], *WEEKS[3:]]
FIRST = WEEKS[:1]
IN_UTC = ["Lowri 05 Oct 09:00 to 12 Oct 09:00"]
MIDNIGHTS = ["Lowri 04 Oct 23:00 to 06 Oct 23:00"]

UNDERSTOOD = {
    "an override": (calendar(FIVE_WEEKS, SWAPPED), WITH_SWAP),
    "an override that copies the rule": (calendar(FIVE_WEEKS, [*SWAPPED, FIVE_WEEKS[-1]]), WITH_SWAP),
    "an override that copies an added turn": (
        calendar(
            [*FIVE_WEEKS, "RDATE;TZID=Europe/London:20261102T090000"],
            [*SWAPPED, "RDATE;TZID=Europe/London:20261102T090000"],
        ),
        WITH_SWAP,
    ),
    "an override that names the day": (
        calendar(FIVE_WEEKS, [*SWAPPED[:-1], "RECURRENCE-ID;VALUE=DATE:20261019"]),
        WITH_SWAP,
    ),
    "an override that names the time in another zone": (
        calendar(FIVE_WEEKS, [*SWAPPED[:-1], "RECURRENCE-ID;TZID=Romance Standard Time:20261019T100000"]),
        WITH_SWAP,
    ),
    "an override before its series": (calendar(SWAPPED, FIVE_WEEKS), WITH_SWAP),
    "an override without its series": (calendar(SWAPPED), WITH_SWAP[2:3]),
    "an override that is cancelled": (calendar(FIVE_WEEKS, [*SWAPPED, "STATUS:CANCELLED"]), WITHOUT_THIRD),
    "an override that is cancelled, without times": (
        calendar(FIVE_WEEKS, [HARI, "UID:a", SWAPPED[-1], "STATUS:CANCELLED"]),
        WITHOUT_THIRD,
    ),
    "the newer of two overrides, first": (
        calendar(
            FIVE_WEEKS,
            [*SWAPPED, "LAST-MODIFIED:20260902T000000Z"],
            [LOWRI, *SWAPPED[1:], "LAST-MODIFIED:20260901T000000Z"],
        ),
        WITH_SWAP,
    ),
    "the newer of two overrides, by its sequence": (
        calendar(
            FIVE_WEEKS,
            [*SWAPPED, "SEQUENCE:2", "LAST-MODIFIED:20260901T000000Z"],
            [LOWRI, *SWAPPED[1:], "SEQUENCE:1", "LAST-MODIFIED:20260902T000000Z"],
        ),
        WITH_SWAP,
    ),
    "a series that is cancelled with its changes": (
        calendar([*FIVE_WEEKS, "STATUS:CANCELLED"], [*SWAPPED, "STATUS:cancelled"]),
        [],
    ),
    "a status that confirms": (calendar([*FIVE_WEEKS, "STATUS:CONFIRMED"]), WEEKS),
    "an exception by day": (calendar([*FIVE_WEEKS, "EXDATE;VALUE=DATE:20261019"]), WITHOUT_THIRD),
    "an exception in another zone": (
        calendar([*FIVE_WEEKS, "EXDATE;TZID=Europe/Paris:20261019T100000"]),
        WITHOUT_THIRD,
    ),
    "an exception and a cancelled override of one turn": (
        calendar(
            [*FIVE_WEEKS, "EXDATE;TZID=Europe/London:20261019T090000"],
            [*SWAPPED, "STATUS:CANCELLED"],
        ),
        WITHOUT_THIRD,
    ),
    "an exception that a shortened series left behind": (
        calendar([*FIVE_WEEKS, "EXDATE;TZID=Europe/London:20261123T090000"]),
        WEEKS,
    ),
    "two events without a UID": (calendar([LOWRI, *OCTOBER_5], [HARI, *OCTOBER_19]), [WEEKS[0], WITH_SWAP[2]]),
    "two events with an empty UID": (
        calendar([LOWRI, "UID:", *OCTOBER_5], [HARI, "UID:", *OCTOBER_19]),
        [WEEKS[0], WITH_SWAP[2]],
    ),
    "one event that is there twice": (calendar(FIVE_WEEKS, FIVE_WEEKS), WEEKS),
    "a series and its change, in two calendars": (calendar(FIVE_WEEKS) + calendar(SWAPPED), WITH_SWAP),
    "a change and then its series, in two calendars": (calendar(SWAPPED) + calendar(FIVE_WEEKS), WITH_SWAP),
    "one event in two calendars": (calendar(FIVE_WEEKS) + calendar(FIVE_WEEKS), WEEKS),
    "an event and its newer version, in two calendars": (
        calendar([HARI, *FIVE_WEEKS[1:]]) + calendar([*FIVE_WEEKS, "SEQUENCE:1"]),
        WEEKS,
    ),
    "two files behind each other, each with a mark at its beginning": (
        "\ufeff" + calendar(SWAPPED) + "\r\n\ufeff" + calendar(FIVE_WEEKS),
        WITH_SWAP,
    ),
    "a calendar of nothing beside": (calendar() + calendar(FIVE_WEEKS) + calendar(), WEEKS),
    "two calendars whose zones of one name are two": (
        in_zone("Ours", *with_name(BRITISH, "Ours"))
        + in_zone("Ours", *with_name(WITHOUT_SUMMER, "Ours")).replace("UID:a", "UID:b").replace("Lowri", "Hari"),
        [FIRST[0], "Hari 05 Oct 09:00 to 12 Oct 09:00"],
    ),
    "added periods": (
        calendar([LOWRI, "UID:a", *OCTOBER_5, ADDED_PERIODS]),
        [*FIRST, "Lowri 20 Oct 08:00 to 22 Oct 08:00", "Lowri 24 Oct 19:00 to 25 Oct 07:00"],
    ),
    "a length of days": (calendar([LOWRI, "UID:a", OCTOBER_5[0], "DURATION:P1W"]), FIRST),
    "a length of days and hours over a change of clocks": (
        calendar([LOWRI, "UID:a", "DTSTART;TZID=Europe/London:20261024T090000", "DURATION:P1DT1H"]),
        ["Lowri 24 Oct 08:00 to 25 Oct 10:00"],
    ),
    "a length of 24 hours over a change of clocks": (
        calendar([LOWRI, "UID:a", "DTSTART;TZID=Europe/London:20261024T090000", "DURATION:PT24H"]),
        ["Lowri 24 Oct 08:00 to 25 Oct 08:00"],
    ),
    "an end in the second of two like hours": (
        calendar([LOWRI, "UID:a", "DTSTART;TZID=Europe/London:20261024T200000", "DTEND:20261025T013000Z"]),
        ["Lowri 24 Oct 19:00 to 25 Oct 01:30"],
    ),
    "whole days": (calendar([LOWRI, "UID:a", "DTSTART;VALUE=DATE:20261005", "DTEND;VALUE=DATE:20261007"]), MIDNIGHTS),
    "whole days by a length": (calendar([LOWRI, "UID:a", "DTSTART;VALUE=DATE:20261005", "DURATION:P2D"]), MIDNIGHTS),
    "a whole day without an end": (
        calendar([LOWRI, "UID:a", "DTSTART;VALUE=DATE:20261005"]),
        ["Lowri 04 Oct 23:00 to 05 Oct 23:00"],
    ),
    "times without a zone": (
        calendar([LOWRI, "UID:a", "DTSTART:20261005T090000", "DTEND:20261012T090000"]),
        FIRST,
    ),
    "times without a zone, in a calendar of the same hours": (
        with_lines(
            calendar([LOWRI, "UID:a", "DTSTART:20261005T090000", "DTEND:20261012T090000"]),
            "X-WR-TIMEZONE:Europe/Guernsey",
        ),
        FIRST,
    ),
    "until a day": (calendar([*FIVE_WEEKS[:-1], "RRULE:FREQ=WEEKLY;UNTIL=20261102"]), WEEKS),
    "until a time in UTC": (calendar([*FIVE_WEEKS[:-1], "RRULE:FREQ=WEEKLY;UNTIL=20261102T090000Z"]), WEEKS),
    "a method that tells how things are": (with_lines(calendar(FIVE_WEEKS), "METHOD:PUBLISH"), WEEKS),
    "what says nothing of who and when": (
        with_lines(
            calendar([*FIVE_WEEKS, "TRANSP:TRANSPARENT", "X-ALT-DESC;FMTTYPE=text/html:<p>", "DESCRIPTION:a\\, b"]),
            *("BEGIN:VTODO", "SUMMARY:Hari", "END:VTODO"),
        ),
        WEEKS,
    ),
    "an alarm": (
        calendar([*FIVE_WEEKS, "BEGIN:VALARM", "TRIGGER:-PT1H", "DURATION:PT5M", "REPEAT:2", "END:VALARM"]),
        WEEKS,
    ),
    "names in small letters": (calendar(FIVE_WEEKS).replace("DTSTART", "dtstart").replace("BEGIN", "begin"), WEEKS),
    "lines that end in LF": (calendar(FIVE_WEEKS).replace("\r\n", "\n"), WEEKS),
    "lines that end in CR": (calendar(FIVE_WEEKS).replace("\r\n", "\r"), WEEKS),
    "lines that were ended twice": (calendar(FIVE_WEEKS).replace("\r\n", "\r\r\n"), WEEKS),
    "empty lines": (calendar(FIVE_WEEKS).replace("\r\n", "\r\n\r\n"), WEEKS),
    "folded lines": (calendar(FIVE_WEEKS).replace("20261005T09", "2026\r\n\t1005\r\n T09"), WEEKS),
    "no event": (calendar(), []),
    "the zone of Windows": (in_zone("GMT Standard Time"), FIRST),
    "the zone of Windows in small letters": (in_zone("gmt standard time"), FIRST),
    "the zone of Windows, described": (
        in_zone("GMT Standard Time", *BRITISH).replace("{}", "GMT Standard Time"),
        FIRST,
    ),
    "the zone of Windows in quotation marks": (
        in_zone('"W. Europe Standard Time"'),
        ["Lowri 05 Oct 07:00 to 12 Oct 07:00"],
    ),
    "Microsoft's UTC": (in_zone('"tzone://Microsoft/Utc"'), IN_UTC),
    "Microsoft's UTC without quotation marks": (in_zone("tzone://Microsoft/Utc"), IN_UTC),
    "Microsoft's custom zone, described": (
        in_zone('"tzone://Microsoft/Custom"', *BRITISH).replace("{}", "tzone://Microsoft/Custom"),
        FIRST,
    ),
    "Mozilla's zone": (in_zone("/mozilla.org/20050126_1/Europe/London"), FIRST),
    "Evolution's zone": (in_zone("/freeassociation.sourceforge.net/Europe/London"), FIRST),
    "a zone of three parts": (
        in_zone("/citadel.org/20200101_1/America/Argentina/Buenos_Aires"),
        ["Lowri 05 Oct 12:00 to 12 Oct 12:00"],
    ),
    "a zone of its own, described": (in_zone("Ours", *BRITISH).replace("{}", "Ours"), FIRST),
    "a name with a colon, described": (
        in_zone("(UTC+00:00) Dublin, Edinburgh, Lisbon, London", *BRITISH).replace(
            "{}", "(UTC+00:00) Dublin, Edinburgh, Lisbon, London"
        ),
        FIRST,
    ),
}


@pytest.mark.parametrize(("text", "turns"), UNDERSTOOD.values(), ids=UNDERSTOOD)
def test_a_kind_that_is_understood_names_who_is_on_call(text: str, turns: list[str]) -> None:
    """And no library warns on the terminal."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert said(text) == turns
