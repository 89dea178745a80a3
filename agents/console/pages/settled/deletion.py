"""A message that goes without a word: where it can be deleted, where it stays, and one button."""

from dataclasses import dataclass

from aiohttp import web

from agents.console.pages.settled.form import Matter, settling
from agents.console.signing import as_order
from agents.console.visits import Visit
from streams.decisions.release.take_backs import deletes_on
from streams.decisions.sign_off.links import path_to
from streams.subjects.incident import Incident
from streams.words.release import DeleteMessage, Message


@dataclass(frozen=True, slots=True)
class Deletion:
    """Where a message can be deleted without a word, by which link, and where not; channels by their titles."""

    link: str
    able: str
    unable: str


def deletion_of(visit: Visit, incident: Incident, *, message: Message) -> Deletion:
    """What a page says of deleting this message."""
    able, unable = deletes_on(as_order(visit, DeleteMessage(message_id=message.id), on=incident), message.id)
    link = path_to("incidents", incident.id, "messages", message.id, "delete")
    return Deletion(link, *(", ".join(map(visit.house.place, one)) for one in (able, unable)))


async def page(visit: Visit) -> web.Response:
    """Delete one message on every channel that can; where none can, the refusal says what else to do."""
    incident = await visit.incident()
    message = incident.messages.get(visit.request.match_info["message"])
    if message is None:
        raise web.HTTPNotFound
    plain = DeleteMessage(message_id=message.id)
    able, _ = deletes_on(as_order(visit, plain, on=incident), message.id)
    body = plain.model_copy(update={"channels": tuple(able)})
    found = deletion_of(visit, incident, message=message)
    heading = visit.says("delete-on", channels=found.able) if able else visit.says("delete-nowhere")
    told = visit.says("delete-not-on", channels=found.unable) if found.unable else ""
    matter = Matter(heading, [*message.texts.values()], path_to("incidents", incident.id), incident, told=told)
    return settling(visit, matter, typed=[], acts={"delete-message": lambda: body})
