"""The record of one incident: what happened, in sentences, how it was at any moment, and the file for an inquiry.

`?exact=yes` shows the same with every identifier, as the record has it.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from aiohttp import web

from agents.console.pages.overviews.sentences import sentence, sentences
from agents.console.visits import Visit
from agents.runtime.door.door import Door
from agents.runtime.record.export import export
from streams.subjects.fold import begun, fold_readable
from streams.subjects.incident import Incident
from streams.subjects.promises import promises
from streams.telling.attention import told_promises
from streams.telling.facts import apart, picture, told, told_by
from streams.telling.happenings.lines import as_it_was, happening
from streams.telling.happenings.names import name_book
from streams.telling.names import names_of
from streams.values import Power
from streams.words.facts import Fact

SHOWN, DIGITS = 100, 9
YEARS = range(1971, 9000)
BEGINS_WITHIN, MICROSECOND = timedelta(days=1), timedelta(microseconds=1)
MAY_TAKE = (Power.CHANGE_REGISTER, Power.STAND_DOWN, Power.SIGN_OFF_LINE)
"""One of these is needed for the file: it holds every word of the night, also those that nobody released."""


@dataclass(frozen=True, slots=True)
class ToldFact:
    """One fact, as a person reads it, with its day and second; `then` is the same as the page takes it.

    `number` is its place in the record, where the exact record is shown.
    """

    at: str
    then: str
    says: str
    by: str
    number: int | None = None


async def page(visit: Visit) -> web.Response:
    """What happened until a moment, the newest first, and how all was then."""
    incident, zone = await visit.incident(), visit.house.zone
    at, before = _moment(visit.field("at"), zone), _number(visit.field("before"))
    known = await _facts_until(at, incident, visit.house.board.door) if at else []

    async def happened() -> str:
        if at:
            shown = [fact for fact in known if before is None or fact.sequence < before][-SHOWN:]
        else:
            shown = [*await visit.house.board.door.newest_facts(incident, most=SHOWN, before=before)]
        return _told(visit, incident, shown)

    is_exact = visit.field("exact") == "yes"
    # The hash of the last fact names all facts before it.
    here = visit.request.rel_url, visit.language, incident.head, visit.register.version()
    return visit.page(
        "record",
        incident=incident,
        typed=visit.field("at"),
        unreadable=bool(visit.field("at")) and at is None,
        at=_second(at, zone) if at else None,
        then=_then(visit, incident, facts=known, at=at) if at else [],
        exact=is_exact,
        happened=await visit.house.made_once(here, happened),
        may_take=any(map(visit.me.is_granted, MAY_TAKE)),
    )


async def _facts_until(at: datetime, incident: Incident, door: Door) -> Sequence[Fact]:
    """The facts of an incident up to a moment; those long after it are not read, however many there are.

    An incident may begin before it is declared: the search begins a day before, and if that is too late all are read.
    """
    if incident.declared_at and incident.last_at:
        since, until = incident.declared_at - BEGINS_WITHIN, min(at, incident.last_at) + MICROSECOND
        facts = await door.facts_between(since, until, of=incident.subject)
        if facts and facts[0].sequence == 1:
            return facts
    return [fact for fact in await door.facts_about(incident.subject) if fact.at <= at]


def _told(visit: Visit, incident: Incident, shown: Sequence[Fact]) -> str:
    """The lines of these facts, and the way on to those before them."""
    is_exact = visit.field("exact") == "yes"
    line_of = _exact_lines(visit, incident, shown=shown) if is_exact else _plain_lines(visit, incident, shown=shown)
    return visit.part(
        "record-happened",
        typed=visit.field("at"),
        exact=is_exact,
        moments=[line_of(fact) for fact in reversed(shown)],
        earlier=shown[0].sequence if shown and shown[0].sequence > 1 else None,
    )


def _exact_lines(visit: Visit, incident: Incident, *, shown: Sequence[Fact]) -> Callable[[Fact], ToldFact]:
    """Lines with every identifier, as the record has them."""
    zone = visit.house.zone
    channels = {one.id: one.channel for one in incident.deliveries.values()}
    names = replace(names_of(shown, visit.register), zone=zone)
    names = replace(names, channels={**channels, **names.channels})

    def line(fact: Fact) -> ToldFact:
        says = visit.words.english(apart(told(fact, names)))
        return _line_of(fact, says, by=told_by(fact, names), zone=zone, number=fact.sequence)

    return line


def _plain_lines(visit: Visit, incident: Incident, *, shown: Sequence[Fact]) -> Callable[[Fact], ToldFact]:
    """Lines in the language of the page, which name everything as people do."""
    zone, words, register = visit.house.zone, visit.words, visit.register
    known, exact = name_book(incident, shown, register=register), _exact_lines(visit, incident, shown=shown)

    def line(fact: Fact) -> ToldFact:
        by = words.term("by", register.called(fact.by))
        found = happening(fact.body, known)
        if not found:
            return replace(exact(fact), number=None, by=by)
        if fact.relayed_by:
            by = words("happened-relayed", name=by, other=register.called(fact.relayed_by))
        return _line_of(fact, sentences(found, words, zone=zone, now=fact.at), by=by, zone=zone)

    return line


def _line_of(fact: Fact, says: str, *, by: str, zone: tzinfo, number: int | None = None) -> ToldFact:
    return ToldFact(_second(fact.at, zone), _written(fact.at, zone), says, by, number)


async def evidence(visit: Visit) -> web.Response:
    """The whole record in a file that can be checked anywhere; its name has the first signs of its SHA-256."""
    incident = await visit.incident()
    house = visit.house
    _, content = await export(house.board.door, incident.subject, mode=house.mode, by=visit.me.id, at=visit.now)
    name = f"{incident.id.replace('/', '-')}-{hashlib.sha256(content).hexdigest()[:16]}.jsonl"
    answer = web.Response(body=content, content_type="application/x-ndjson", charset="utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _then(visit: Visit, incident: Incident, *, facts: Sequence[Fact], at: datetime) -> Sequence[str]:
    """How the incident was with these facts; what the fold does not take is named."""
    zone, words = visit.house.zone, visit.words
    state, left_out = fold_readable(begun(incident.subject, incident.mode), facts)
    found: Sequence[str] = []
    if isinstance(state, Incident) and visit.field("exact") == "yes":
        lines = picture(state, told_promises(promises(state, at), zone), zone=zone)
        found = [words.english(line) for line in lines]
    elif isinstance(state, Incident):
        known = name_book(state, facts, register=visit.register)
        found = [sentence(one, words, zone=zone, now=at) for one in as_it_was(state, known, at=at)]
    return [*found, *(words.english(f"fact {fact.sequence} is left out: {why}") for fact, why in left_out)]


def _moment(text: str, zone: tzinfo) -> datetime | None:
    """A moment in the time of the trust, such as `2026-01-14T22:51:00`; None if the text is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.year not in YEARS:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _second(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %Y %H:%M:%S %Z}"


def _written(at: datetime, zone: tzinfo) -> str:
    """The moment as the page takes it, with its offset: an hour may come twice in a night."""
    return at.astimezone(zone).isoformat()


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < DIGITS else None
