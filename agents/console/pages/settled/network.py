"""The responders of an incident and the steps of the crisis process: who is in, who leads, what is done."""

from aiohttp import web

from agents.console.pages.settled.form import FormField, Made, Matter, reason, settling, told
from agents.console.pages.settled.holds import held_line
from agents.console.visits import Visit
from agents.runtime.views.console_words import ToldReason
from streams.decisions.sign_off.links import path_to
from streams.telling.network.lines import contact_ways, steps_of
from streams.words.network.entries import ResponderContact
from streams.words.network.orders import BringIn, SetLead, TakeOut, TickStep, UntickStep
from streams.words.network.state import Network, StepState


async def responders(visit: Visit) -> web.Response:
    """Who is in and how they are reached; one to bring in, to take out, or to note as the one that leads."""
    incident, known = await visit.incident(), visit.register.responders
    network, chosen = incident.network, visit.field("responder")
    in_force = incident.holds.in_force(visit.register.holds)
    lines = [
        _present(visit, network),
        *(held_line(visit, one, incident=incident) for one in in_force if one.first_word),
    ]
    in_first = sorted(known.values(), key=lambda one: one.id not in network.present)
    links = [(_dials(way), f"{one.name}, {way.role}: {contact_ways(way)}") for one in in_first for way in one.contacts]
    why = reason(visit, "reason-take-out")
    acts: dict[str, Made] = {}
    if chosen and chosen not in network.present:
        acts["bring-in"] = lambda: BringIn(responder=chosen)
    if chosen and chosen != network.lead:
        acts["set-lead"] = lambda: SetLead(responder=chosen)
    if chosen in network.present:
        acts["take-out"] = lambda: TakeOut(responder=chosen, reason=why.value)
    choices = [("", ""), *((one.id, one.name) for one in known.values())]
    typed = [FormField("responder", chosen, choices=choices), *([why] if chosen in network.present else [])]
    matter = Matter(visit.says("responders-heading"), lines, path_to("incidents", incident.id), incident, links=links)
    return settling(visit, matter, typed=typed, acts=acts)


def _present(visit: Visit, network: Network) -> ToldReason:
    """Who is in, the one that leads first."""
    if not network.present:
        return told(visit, "responders-none")
    others = tuple(name for one, name in network.present.items() if one != network.lead)
    if network.lead_name is None:
        return told(visit, "responders-present", names=others)
    return told(visit, "responders-led" if others else "responders-led-alone", lead=network.lead_name, names=others)


def _whose(visit: Visit, one: StepState) -> ToldReason:
    """Who ticked a step off and when, or since when it is public; else whose it is and by when."""
    if one.ticked:
        return told(visit, "step-ticked", moment=one.ticked.at, name=visit.house.called(one.ticked.by))
    if one.public_since:
        return told(visit, "step-public", moment=one.public_since)
    who = one.step.who_in(visit.language)
    if one.due_at is None:
        return ToldReason(who, visit.language)
    return told(visit, "step-overdue" if one.is_overdue(visit.now) else "step-due", who=who, moment=one.due_at)


def _dials(way: ResponderContact) -> str:
    """The link by which a telephone calls the number, or writes to the address if there is no number."""
    if way.telephone:
        return f"tel:{''.join(one for one in way.telephone if one.isdigit() or one == '+')}"
    return f"mailto:{way.email}"


async def step(visit: Visit) -> web.Response:
    """One step: tick it off, or take the tick back with a reason."""
    incident, name = await visit.incident(), visit.request.match_info["step"]
    found = next((one for one in steps_of(incident) if one.step.id == name), None)
    if found is None:
        raise web.HTTPNotFound
    why = reason(visit, "reason-untick")
    acts: dict[str, Made] = {"tick-step": lambda: TickStep(step=name)}
    if found.ticked:
        acts = {"untick-step": lambda: UntickStep(step=name, reason=why.value)}
    language = visit.language
    lines = [ToldReason(found.step.title_in(language), language), _whose(visit, found)]
    if hint := found.step.hint_in(language):
        lines.append(ToldReason(hint, language))
    matter = Matter(visit.says("step-heading"), lines, path_to("incidents", incident.id), incident)
    return settling(visit, matter, typed=[why] if found.ticked else [], acts=acts)
