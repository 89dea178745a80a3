"""The responders of an incident and the steps of the crisis process: who is in, who leads, what is done."""

from aiohttp import web

from agents.console.pages.settled.form import FormField, Made, Matter, reason, settling
from agents.console.visits import Visit
from streams.telling.network.lines import awaited_lines, contact_lines, present_line, step_line, steps_of
from streams.words.network.orders import BringIn, SetLead, TakeOut, TickStep, UntickStep


async def responders(visit: Visit) -> web.Response:
    """Who is in and how they are reached; one to bring in, to take out, or to note as the one that leads."""
    incident, known = await visit.incident(), visit.register.responders
    network, chosen = incident.network, visit.field("responder")
    lines = [present_line(network) or visit.says("responders-none")]
    for one in known.values():
        lines += [one.name, *(f"    {line}" for line in contact_lines(one))]
    lines += awaited_lines(incident.holds.in_force(visit.register.holds))
    why = reason(visit, "reason-take-out")
    acts: dict[str, Made] = {}
    if chosen in network.present:
        acts["take-out"] = lambda: TakeOut(responder=chosen, reason=why.value)
    elif chosen:
        acts["bring-in"] = lambda: BringIn(responder=chosen)
    if chosen and chosen != network.lead:
        acts["set-lead"] = lambda: SetLead(responder=chosen)
    choices = [("", ""), *((one.id, one.name) for one in known.values())]
    typed = [FormField("responder", chosen, choices=choices), *([why] if chosen in network.present else [])]
    matter = Matter(visit.says("responders-heading"), lines, f"/incidents/{incident.id}", incident)
    return settling(visit, matter, typed=typed, acts=acts)


async def step(visit: Visit) -> web.Response:
    """One step: tick it off, or take the tick back with a reason."""
    incident, name = await visit.incident(), visit.request.match_info["step"]
    found = next((one for one in steps_of(incident) if one.step.id == name), None)
    if found is None:
        raise web.HTTPNotFound
    told = step_line(found, visit.now, zone=visit.house.zone, language=visit.language)
    why = reason(visit, "reason-untick")
    acts: dict[str, Made] = {"tick-step": lambda: TickStep(step=name)}
    if found.ticked:
        acts = {"untick-step": lambda: UntickStep(step=name, reason=why.value)}
    lines = [told, *filter(None, [found.step.hint_in(visit.language)])]
    matter = Matter(visit.says("step-heading"), lines, f"/incidents/{incident.id}", incident)
    return settling(visit, matter, typed=[why] if found.ticked else [], acts=acts)
