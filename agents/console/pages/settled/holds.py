"""Holds: what may not be said yet in an incident, held back and lifted. Names are typed, and only their prints kept."""

from uuid import uuid4  # noqa: TID251 - a salt is never used twice

from aiohttp import web

from agents.console.pages.settled.form import FormField, Made, Matter, reason, settling
from agents.console.visits import Visit
from streams.decisions.sign_off.links import path_to
from streams.decisions.wording.contents import lifters
from streams.decisions.wording.listed_names import name_prints
from streams.telling.network.lines import awaited_lines
from streams.words.holds import HeldField, LiftHold, PlaceHold


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
    links = [(here + path_to("holds", one.id), f"{one.about} ({one.field})") for one in in_force]
    awaited = [*awaited_lines(in_force, incident.network)]
    matter = Matter(visit.says("hold-heading"), awaited, here, incident, links=links, by_post=True)
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
    carried = [one.credit for one in incident.messages.values() if one.credit]
    posts = [("", ""), *((one.post_id, f"{one.partner_name}: {one.post_id}") for one in carried)]
    why, evidence = reason(visit, "reason-hold"), FormField("evidence", visit.field("evidence"), choices=posts)
    acts: dict[str, Made] = {
        "lift-hold": lambda: LiftHold(hold=name, reason=why.value, evidence=evidence.value or None)
    }
    lines = [
        f"{found.about} ({found.field}), lifted by {lifters(found, visit.register)}",
        *awaited_lines([found], incident.network),
    ]
    return settling(visit, Matter(heading, lines, back, incident), typed=[why, evidence], acts=acts)
