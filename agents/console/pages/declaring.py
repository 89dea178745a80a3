"""Declaring an incident by its METHANE report, letter by letter, and handing in more reports.

What was typed stays, beside what is wrong with it, and is in no link: it tells of people who are hurt.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4  # noqa: TID251 - a person who declares twice means two incidents

from aiohttp import web
from pydantic import ValidationError

from agents.console.drawing import beside, misfit_of
from agents.console.signing import offer, telephone
from agents.console.visits import Visit
from streams.decisions.sign_off.links import path_to
from streams.subjects.incident import Incident
from streams.values import IncidentType, Subject
from streams.words.incident import Declare, Methane, Report
from streams.words.orders import CommandBody

LISTS = ("hazards", "emergency_services")
LETTERS = ("exact_location", "type_of_incident", "hazards", "access", "number_of_casualties", "emergency_services")
TYPES: Mapping[str, IncidentType] = {one.value: one for one in IncidentType}
NO_FAULTS: Mapping[str, str] = {}
LEVELS: Mapping[str, int] = {str(one): one for one in range(1, 5)}


async def page(visit: Visit) -> web.Response:
    """The form; once place and type are there, the order that it gives. One on standby is declared from its report."""
    visit = await visit.with_form()
    incident_id = visit.field("incident") or f"inc-{visit.now:%Y%m%d-%H%M}-{uuid4().hex[:4]}"
    try:
        about = Subject.incident(incident_id)
    except ValidationError as error:
        unfit = {"incident": misfit_of(error)}
        return _page_of(visit, Incident(id="inc-unfit", mode=visit.house.mode), back="/", unfit=unfit)
    known = await visit.state_of(about)
    state = known if isinstance(known, Incident) else Incident(id=incident_id, mode=visit.house.mode)
    return _page_of(visit, state, back="/")


async def report(visit: Visit) -> web.Response:
    """One more report on an incident, for the people who decide; place and type are those of the one before."""
    visit = await visit.with_form()
    incident = await visit.incident()
    return _page_of(visit, incident, back=path_to("incidents", incident.id), only_reports=True)


def _page_of(
    visit: Visit, state: Incident, *, back: str, only_reports: bool = False, unfit: Mapping[str, str] = NO_FAULTS
) -> web.Response:
    before = state.reports[-1] if state.reports and not visit.field("asked") else None
    usual = before.model_dump(include=set(LETTERS[:2])) if before else {}
    typed = {name: visit.field(name) or usual.get(name, "") for name in (*LETTERS, "name", "hashtags", "words")}
    major = visit.field("major") != "no"
    faults = {**unfit}
    body: CommandBody | None = None
    if typed["exact_location"] and typed["type_of_incident"]:
        try:
            body = _report(typed, major=major) if only_reports or not major else _declaration(typed, visit)
            if isinstance(body, Report) and (whose := visit.field("responder")):
                body = Report(methane=body.methane, responder=whose)
        except ValidationError as error:
            faults |= beside(error, _field_of)
    elif visit.field("asked"):
        faults |= {name: visit.says("missing") for name in LETTERS[:2] if not typed[name]}
    is_wanted = not unfit and (not only_reports or visit.field("asked"))
    offered = offer(visit, body, on=state) if body and is_wanted else None
    return visit.page(
        "declare",
        incident_id=visit.field("incident") if unfit else state.id,
        back=back,
        only_reports=only_reports,
        typed=typed,
        major=major,
        level=visit.field("level") or "3",
        type=visit.field("type") or IncidentType.MAJOR.value,
        types=[*IncidentType],
        responders=[("", visit.says("beside-us")), *((one.id, one.name) for one in visit.register.responders.values())],
        responder=visit.field("responder"),
        places=[next(iter(one.names.values())) for one in visit.register.places.values()],
        faults=faults,
        offer=offered,
        body=body,
        **telephone(visit),
    )


def _report(typed: Mapping[str, str], *, major: bool) -> Report:
    letters: dict[str, Any] = {name: _value(name, typed[name]) for name in LETTERS}
    return Report(methane=Methane(major_incident=major, **letters))


def _declaration(typed: Mapping[str, str], visit: Visit) -> Declare:
    methane = _report(typed, major=True).methane
    kind, level = visit.field("type") or IncidentType.MAJOR.value, visit.field("level") or "3"
    chosen = {
        "methane": methane,
        "name": typed["name"] or methane.known_by,
        # What is no choice of the form stays as it came, and is refused beside its field.
        "type": TYPES.get(kind, kind),
        "level": LEVELS.get(level, level),
        "hashtags": _several(typed["hashtags"].replace("#", ",#")),
        "words": _several(typed["words"]),
    }
    return Declare.model_validate(chosen)


def _value(name: str, text: str) -> Any:  # noqa: ANN401 - a letter is a word, words, or nothing
    return _several(text) if name in LISTS else text or None


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _field_of(part: Sequence[str | int]) -> str:
    named = [name for name in part if isinstance(name, str)]
    return named[-1] if named else "name"
