"""The briefing as plain text: the letter, and what the command line shows."""

from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo

from streams.moments import near_in
from streams.telling.briefing.sections import SECTIONS, BriefingLine, NamedWord, Situation
from streams.telling.briefing.volume import VolumeMark

Says = Callable[..., str]
"""The sentence of this name in one language, with its gaps filled."""
QUARTERS_TOLD = 8


def said(one: BriefingLine, says: Says, *, zone: tzinfo, now: datetime) -> str:
    """A sentence in words."""

    def filled(value: object) -> object:
        match value:
            case NamedWord(name):
                return says(name)
            case datetime():
                return near_in(zone, value, now=now)
            case _:
                return value

    return says(one.name, **{name: filled(value) for name, value in one.gaps.items()})


def told_mark(mark: VolumeMark, says: Says) -> str:
    """What a mark of the picture stands for."""
    return says(f"briefing-mark-{mark.sort}", count=mark.figure)


def briefing_lines(known: Situation, says: Says, *, zone: tzinfo) -> Iterator[str]:
    """The whole briefing in lines; a heading has no mark before it, a sentence has a dash."""
    incident, now = known.incident, known.now
    declared = incident.declaration
    yield f"{says('briefing-heading')}: {declared.name if declared else incident.id}"
    yield says("briefing-as-of-line", moment=near_in(zone, now, now=now))
    kind = f": {says(f'type-{declared.type}')}, {says('level', level=declared.level)}" if declared else ""
    since = incident.declared_at
    began = f", {says('since', moment=near_in(zone, since, now=now))}" if since else ""
    yield f"- {says(f'status-{incident.status}')}{kind}{began}"
    for name, section in SECTIONS.items():
        sentences = [said(one, says, zone=zone, now=now) for one in section(known)]
        if sentences:
            yield ""
            yield says(f"briefing-{name}")
            yield from (f"- {one}" for one in sentences)
    yield ""
    yield says("briefing-quarters")
    for quarter in known.quarters[-QUARTERS_TOLD:]:
        marks = "".join(f"; {told_mark(one, says)}" for one in quarter.marks)
        counted = says("briefing-quarter", people=quarter.people, usual=round(quarter.usual))
        yield f"- {quarter.at.astimezone(zone):%H:%M} {counted}{marks}"
