"""The trust itself: its languages and its hours."""

from collections.abc import Iterator
from datetime import datetime

from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import Reading
from streams.decisions.wording.renderer import MARKS
from streams.words.register.entries import WorkingHours

NOVEMBER = 11
WEEK_DAYS = range(7)


def faults(reading: Reading, now: datetime) -> Iterator[Fault]:
    """What is wrong with the trust's own entry."""
    if reading.is_sound("trust"):
        yield from _languages(reading)
        yield from _hours(reading, reading.register.hours)
        yield from _holidays(reading, now)
        yield from _briefing(reading)


def _briefing(reading: Reading) -> Iterator[Fault]:
    """A letter needs a person, an address and a mail server."""
    register = reading.register
    for position, name in enumerate(register.briefing.people):
        person = register.people.get(name)
        if person is None and reading.is_sound("people"):
            sentence = f"there is no person {name}: add one to people.yaml, or take the name out"
            yield reading.trust.fault("briefing", "people", position, sentence=sentence)
        elif person and all(one.via != "email" for one in person.contacts):
            sentence = f"{name} has no contact by e-mail: add one, or take the name out"
            yield reading.trust.fault("briefing", "people", position, sentence=sentence)
    mails = any(one.via == "email" for one in register.pagers.values())
    if register.briefing.people and not mails and reading.is_sound("pagers"):
        sentence = "no pager reaches people by e-mail: add one to pagers.yaml, or take the briefing out"
        yield reading.trust.fault("briefing", sentence=sentence)


def _languages(reading: Reading) -> Iterator[Fault]:
    languages = reading.register.languages
    if not languages:
        yield reading.trust.fault(
            "languages", sentence="no language is named: name at least one, the leading one first"
        )
    for position, language in enumerate(languages):
        if language in languages[:position]:
            sentence = f"the language {language} is named twice: name it once"
            yield reading.trust.fault("languages", position, sentence=sentence)
        if language not in MARKS:
            sentence = f"there is no exercise mark in {language}: take it out, or add one to `MARKS`"
            yield reading.trust.fault("languages", position, sentence=sentence)


def _hours(reading: Reading, hours: WorkingHours) -> Iterator[Fault]:
    for position, day in enumerate(hours.days):
        if day not in WEEK_DAYS or day in hours.days[:position]:
            sentence = f"the day {day} is no day, or is named twice: Monday is 0, Sunday is 6"
            yield reading.trust.fault("hours", "days", position, sentence=sentence)
    if hours.opens >= hours.closes:
        yield reading.trust.fault("hours", "closes", sentence="the hours end before they begin: mend one of the two")


def _holidays(reading: Reading, now: datetime) -> Iterator[Fault]:
    """Authority depends on bank holidays, so next year's must be there before this year ends."""
    wanted = [now.year, now.year + 1] if now.month >= NOVEMBER else [now.year]
    for year in wanted:
        if all(day.year != year for day in reading.register.hours.bank_holidays):
            sentence = f"no bank holiday of {year} is named: name the trust's nation, powers depend on them"
            yield reading.trust.fault("hours", "bank_holidays", sentence=sentence)
