"""What an incident is called, and of which type and level it is: each changed by those who may declare it."""

from aiohttp import web

from agents.console.pages.settled.form import FormField, Made, Matter, reason, settling
from agents.console.visits import Visit
from streams.decisions.sign_off.links import path_to
from streams.values import IncidentType
from streams.words.incident import Reclassify, Rename

LEVELS = ("1", "2", "3", "4")


async def page(visit: Visit) -> web.Response:
    """Another name with its hashtags, or another type or level."""
    incident = await visit.incident()
    before = incident.declaration
    if before is None:
        raise web.HTTPNotFound
    name, tags = visit.field("name") or before.name, visit.field("hashtags") or " ".join(before.hashtags)
    kind, level = visit.field("type") or before.type.value, visit.field("level") or str(before.level)
    why = reason(visit, "reason-reclassify")
    kinds = [(one.value, visit.says(f"type-{one.value}")) for one in IncidentType]
    typed = [
        FormField("name", name),
        FormField("hashtags", tags),
        FormField("type", kind, choices=kinds),
        FormField("level", level, choices=[(one, one) for one in LEVELS]),
        why,
    ]
    acts: dict[str, Made] = {}
    if (name, tags) != (before.name, " ".join(before.hashtags)):
        acts["rename"] = lambda: Rename(name=name, hashtags=tuple(tags.replace(",", " ").split()))
    if (kind, level) != (before.type.value, str(before.level)):
        acts["reclassify"] = lambda: Reclassify.model_validate({"type": kind, "level": int(level), "reason": why.value})
    matter = Matter(visit.says("name-heading"), [before.name], path_to("incidents", incident.id), incident)
    return settling(visit, matter, typed=typed, acts=acts)
