"""A message that goes without a word: where it can be deleted, where it stays, and one button."""

from aiohttp import web

from agents.console.pages.settled.form import Matter, settling
from agents.console.signing import as_order
from agents.console.visits import Visit
from streams.decisions.release.take_backs import deletes_on
from streams.decisions.sign_off.links import path_to
from streams.words.release import DeleteMessage


async def page(visit: Visit) -> web.Response:
    """Delete one message on every channel that can; where none can, the refusal says what else to do."""
    incident = await visit.incident()
    message = incident.messages.get(visit.request.match_info["message"])
    if message is None:
        raise web.HTTPNotFound
    plain = DeleteMessage(message_id=message.id)
    able = deletes_on(as_order(visit, plain, on=incident), message.id)
    body = plain.model_copy(update={"channels": tuple(able)})
    heading = (
        visit.says("delete-on", channels=", ".join(map(visit.house.place, able)))
        if able
        else visit.says("delete-message")
    )
    stays = [visit.house.place(one) for one in message.channels if one not in able]
    lines = [*message.texts.values(), *([f"Its words stay on {', '.join(stays)}."] if stays else [])]
    matter = Matter(heading, lines, path_to("incidents", incident.id), incident)
    return settling(visit, matter, typed=[], acts={"delete-message": lambda: body})
