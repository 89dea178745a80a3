"""The times that a commander is asked about afterwards: from report to declaration, to the first word, and so on."""

from collections.abc import Iterator
from datetime import datetime

from agents.exercise.play.seen import Seen
from agents.exercise.played import Interval
from streams.values import Purpose
from streams.words.facts import FactBody
from streams.words.incident import IncidentDeclared, ReportReceived
from streams.words.release import LineDrafted


def spans(seen: Seen) -> Iterator[Interval]:
    """Each time that counts, in the order of an incident."""
    reported, declared = _first(seen, ReportReceived), _first(seen, IncidentDeclared)
    yield Interval(name="First report to declaration", begins=reported, ends=declared)
    yield from _holding(seen, reported=reported, declared=declared)
    yield from _amplification_spans(seen)
    yield from _lines(seen)


def _holding(seen: Seen, *, reported: datetime | None, declared: datetime | None) -> Iterator[Interval]:
    first = next((one for one in seen.authorised() if one[1].message.purpose is Purpose.HOLDING), None)
    authorised = first[0].at if first else None
    yield Interval(name="Declaration to first holding message authorised", begins=declared, ends=authorised)
    if first is None:
        return
    confirmed = seen.confirmed(first[1].message.id)
    for channel in first[1].message.channels:
        public = confirmed[channel].at if channel in confirmed else None
        yield Interval(name=f"Holding message authorised to public on {channel}", begins=authorised, ends=public)
    everywhere = max((fact.at for fact in confirmed.values()), default=None)
    yield Interval(name="First report to first true word on every channel", begins=reported, ends=everywhere)


def _amplification_spans(seen: Seen) -> Iterator[Interval]:
    for name, given in seen.given.items():
        for _, body in seen.of_post(name) if _is_new(seen, name) else ():
            public = max((fact.at for fact in seen.confirmed(body.message.id).values()), default=None)
            partner = body.message.credit.partner_name if body.message.credit else "A partner"
            yield Interval(name=f"Post of {partner} to amplified on every channel", begins=given.at, ends=public)


def _is_new(seen: Seen, name: str) -> bool:
    """Whether this inject brings a new post, not an edit or deletion of one."""
    post = seen.given[name].post
    return next(other for other, given in seen.given.items() if given.post == post) == name


def _lines(seen: Seen) -> Iterator[Interval]:
    for fact, body in seen.authorised():
        drafted = [
            one.at for one in seen.facts if isinstance(one.body, LineDrafted) and one.body.message.id == body.message.id
        ]
        if drafted:
            yield Interval(name="Line drafted to signed off", begins=drafted[0], ends=fact.at)
            public = max((one.at for one in seen.confirmed(body.message.id).values()), default=None)
            yield Interval(name="Line signed off to public on every channel", begins=fact.at, ends=public)


def _first(seen: Seen, kind: type[FactBody]) -> datetime | None:
    return next((fact.at for fact in seen.facts if isinstance(fact.body, kind)), None)
