"""A month of the record: its facts are found by their time, and nothing before it is read but what they rest on."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from agents.runtime.door.door import Door
from streams.projections.drill_scores import DrillScore
from streams.projections.month import MonthReport, month_report
from streams.values import Subject, SubjectKind
from streams.words.facts import Fact
from streams.words.register.entries import Register

YEAR_MAX = 9_000
TOLD = frozenset({SubjectKind.INCIDENT, SubjectKind.CASE})
"""What the report is about; the register and accounts have no part in it."""


def month_of(text: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """The first moment of a month such as `2026-11` in this zone, and that of the next; `ValueError` if it is none."""
    first = datetime.strptime(text, "%Y-%m").replace(tzinfo=zone)
    if first.year > YEAR_MAX:
        raise ValueError(text)
    return first.astimezone(UTC), (first + timedelta(days=32)).replace(day=1).astimezone(UTC)


async def read_month(
    door: Door, which: tuple[str, str], *, register: Register | None, now: datetime, scores: Sequence[DrillScore] = ()
) -> MonthReport:
    """The report of a mode and a month of it, with the `scores` of drills in it; `ValueError` if that is no month.

    What could not be read is in the door's `bad`. Days are the trust's, or those of UTC where the log has no register.
    """
    mode, text = which
    since, until = month_of(text, register.hours.zone if register else UTC)
    found: dict[Subject, list[Fact]] = {}
    for fact in await door.facts_between(since, until):
        if fact.subject.kind in TOLD:
            found.setdefault(fact.subject, []).append(fact)
    chains: Mapping[Subject, Sequence[Fact]] = {
        about: facts if facts[0].sequence == 1 else await door.facts_about(about) for about, facts in found.items()
    }
    report = month_report(chains, mode=mode, since=since, until=until, now=now, scores=scores)
    spoken = {name: register.channels.get(name) for name in report.channels} if register else {}
    audiences = {name: entry.audience for name, entry in spoken.items() if entry and entry.audience}
    return report.model_copy(update={"audiences": audiences})
