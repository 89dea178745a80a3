"""Holds: what may not be said yet in an incident, held back and lifted. Names are typed, and only their prints kept."""

from collections.abc import Iterator
from uuid import uuid4  # noqa: TID251 - a salt is never used twice

from aiohttp import web

from agents.console.pages.settled.form import FormField, Made, Matter, reason, settling, told
from agents.console.visits import Visit
from agents.runtime.views.console_words import ToldReason
from streams.decisions.sign_off.links import path_to
from streams.decisions.wording.contents import able_to_lift
from streams.decisions.wording.listed_names import name_prints
from streams.decisions.wording.renderer import quote
from streams.subjects.incident import Incident
from streams.telling.briefing.sections import NamedWord
from streams.telling.happenings.names import WrittenWords
from streams.telling.network.lines import awaited
from streams.why import whys_of
from streams.words.holds import HeldField, Hold, LiftHold, PlaceHold


async def place(visit: Visit) -> web.Response:
    """What is held back now, each to be lifted, and a field to be held back; no link carries the names."""
    visit = await visit.with_form()
    incident = await visit.incident()
    fields = [(one.value, visit.says(f"held-{one.value}")) for one in HeldField]
    about, names = visit.field("held-about"), visit.field("names")
    chosen = visit.field("held") or fields[0][0]
    typed = [
        FormField("held", chosen, choices=fields, part="field"),
        FormField("held-about", about, rows=2, part="about"),
        FormField("names", names, rows=3),
    ]

    def placed() -> PlaceHold:
        listed = [line.strip() for line in names.splitlines() if line.strip()]
        salt = uuid4().hex
        return PlaceHold(field=HeldField(chosen), about=about, names=name_prints(listed, salt), salt=salt)

    here = path_to("incidents", incident.id)
    in_force = incident.holds.in_force(visit.register.holds)
    links = [(here + path_to("holds", one.id), held_line(visit, one, incident=incident)) for one in in_force]
    matter = Matter(visit.says("hold-heading"), [], here, incident, links=links, by_post=True)
    return settling(visit, matter, typed=typed, acts={"place-hold": placed} if about else {})


async def lift(visit: Visit) -> web.Response:
    """One hold: let what it keeps back appear; about patients only on a post of the police or the ambulance service."""
    incident, name = await visit.incident(), visit.request.match_info["hold"]
    found = {one.id: one for one in incident.holds.in_force(visit.register.holds)}.get(name)
    back = path_to("incidents", incident.id, "hold")
    heading = visit.says("lift-heading")
    if found is None:
        return settling(
            visit, Matter(heading, [], back, incident, told=visit.says("settled-otherwise")), typed=[], acts={}
        )
    posts = [("", ""), *_posts(incident)]
    why, evidence = reason(visit, "reason-hold"), FormField("evidence", visit.field("evidence"), choices=posts)
    acts: dict[str, Made] = {
        "lift-hold": lambda: LiftHold(hold=name, reason=why.value, evidence=evidence.value or None)
    }
    able = [WrittenWords(one, whys_of(one)) for one in able_to_lift(found, visit.register)]
    lines = [held_line(visit, found, incident=incident), told(visit, "hold-lifters", people=tuple(able))]
    typed = [why, evidence] if found.first_word else [why]
    return settling(visit, Matter(heading, lines, back, incident), typed=typed, acts=acts)


def held_line(visit: Visit, hold: Hold, *, incident: Incident) -> ToldReason:
    """What a hold keeps back, and whose word it waits for."""
    gaps = {"what": NamedWord(f"held-{hold.field}"), "about": WrittenWords(hold.about)}
    if until := awaited(hold, incident.network.lead_name):
        return told(visit, "hold-line-until", **gaps, until=WrittenWords(until, whys_of(until)))
    return told(visit, "hold-line", **gaps)


def _posts(incident: Incident) -> Iterator[tuple[str, str]]:
    """The posts of partners that still stand here, each by whose it is and how it begins."""
    for one in incident.messages.values():
        if one.credit and one.credit.post_id not in incident.holds.changed:
            yield one.credit.post_id, f"{one.credit.partner_name}: {quote(one)}"
