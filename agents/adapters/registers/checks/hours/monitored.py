"""The hours that an answer tells: the public must not read other ones than the trust's monitored hours."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from itertools import pairwise

from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import Reading
from streams.values import Purpose
from streams.words.register.entries import WorkingHours

SAYS = "out-of-hours"
HALF_DAY = 12
FROM_TO = 2
"""Two days are the first and the last of a row."""
ENGLISH = "one two three four five six seven eight nine ten eleven twelve"
WELSH = "un dau tri pedwar pump chwech saith wyth naw deg unarddeg deuddeg"
NUMBERS: Mapping[str, int] = {
    **{word: hour for words in (ENGLISH, WELSH) for hour, word in enumerate(words.split(), 1)},
    "ddau": 2,
    "dri": 3,
    "bedwar": 4,
    "bump": 5,
    "ddeg": 10,
    "un ar ddeg": 11,
    **dict.fromkeys(("ddeuddeg", "hanner dydd", "noon", "midday"), 12),
}
"""The hours of a clock face in English and in Welsh, where the first letter may change."""
PARTS: Mapping[str, int] = {
    "half past": 30,
    "quarter past": 15,
    "quarter to": -15,
    "hanner awr wedi": 30,
    "chwarter wedi": 15,
    "chwarter i": -15,
}
DAYS: Sequence[Sequence[str]] = (
    ("monday", "dydd llun", "ddydd llun"),
    ("tuesday", "dydd mawrth", "ddydd mawrth"),
    ("wednesday", "dydd mercher", "ddydd mercher"),
    ("thursday", "dydd iau", "ddydd iau"),
    ("friday", "dydd gwener", "ddydd gwener"),
    ("saturday", "dydd sadwrn", "ddydd sadwrn"),
    ("sunday", "dydd sul", "ddydd sul"),
)


def _any(words: Sequence[str]) -> str:
    return "|".join(re.escape(one) for one in sorted(words, key=len, reverse=True))


_TIME = (
    rf"(?:(?P<part{{0}}>{_any([*PARTS])}) )?(?P<hour{{0}}>\d{{{{1,2}}}}|{_any([*NUMBERS])})"
    r"(?:[:.](?P<minute{0}>[0-5]\d))?(?: ?(?:am|pm|a\.m\.|p\.m\.|o['’]clock|yb|yh))?"
)
_RANGE = re.compile(
    rf"\b{_TIME.format(1)}(?: ?[–-] ?| (?:to|until|till|and|tan|hyd|i|a|ac) ){_TIME.format(2)}\b"
    r"(?! ?(?:working|days?|hours?|minutes?|diwrnod|awr|munud))"
)
_DAY = re.compile(rf"\b(?:{_any([name for names in DAYS for name in names])})\b")


def faults(reading: Reading, _: datetime) -> Iterator[Fault]:
    """Each text that answers out of hours and tells other hours or days than the trust's."""
    hours = reading.register.hours
    for template in reading.register.templates.values() if reading.is_sound("trust") else ():
        if template.answers and template.answers.says == SAYS:
            place = reading.place("templates", template.id)
            for language, text in template.texts.get(Purpose.PLANNED, {}).items():
                if said := [*other_hours(text, hours)]:
                    sentence = (
                        f"it says {' and '.join(said)}, and the trust's monitored hours are {_told(hours)}: "
                        "mend the text and have it approved again, or mend the hours in trust.yaml"
                    )
                    yield place.fault("texts", Purpose.PLANNED.value, language, sentence=sentence)


def other_hours(text: str, hours: WorkingHours) -> Iterator[str]:
    """What a text tells of hours or days and is not true; what it leaves out is none."""
    plain = " ".join(text.casefold().split())
    wanted = (_face(hours.opens), _face(hours.closes))
    for found in _RANGE.finditer(plain):
        if (_read(found, 1), _read(found, 2)) != wanted:
            yield f"“{found[0]}”"
    names = dict.fromkeys(found[0] for found in _DAY.finditer(plain))
    days = [day for name in names for day, called in enumerate(DAYS) if name in called]
    told = {*range(days[0], days[1] + 1)} if len(days) == FROM_TO else {*days}
    if days and told != {*hours.days}:
        yield f"“{' … '.join(names)}”"


def _read(found: re.Match[str], which: int) -> tuple[int, int]:
    """The hour and the minute on a clock's face."""
    said = found[f"hour{which}"]
    hour = NUMBERS.get(said) or int(said)
    minutes = hour * 60 + int(found[f"minute{which}"] or 0) + PARTS.get(found[f"part{which}"] or "", 0)
    return minutes // 60 % HALF_DAY, minutes % 60


def _face(moment: time) -> tuple[int, int]:
    return moment.hour % HALF_DAY, moment.minute


def _told(hours: WorkingHours) -> str:
    names = [DAYS[day][0].capitalize() for day in sorted(hours.days) if day < len(DAYS)]
    in_a_row = all(later - day == 1 for day, later in pairwise(sorted(hours.days)))
    said = f"{names[0]} to {names[-1]}" if in_a_row and len(names) > 1 else ", ".join(names)
    return f"{hours.opens:%H:%M} to {hours.closes:%H:%M}, {said}"
