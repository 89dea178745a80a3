"""The offline pack as a page that the browser keeps: what a person needs where none of our machines answers."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from agents.console.visits import Visit
from agents.runtime.views.console_words import LANGUAGES, console_says
from streams.moments import told_in
from streams.projections.pack import NEEDED, pack_of
from streams.projections.words_out import words_out
from streams.subjects.incident import OVER, Incident
from streams.subjects.promises import promises
from streams.words.network.entries import Responder

VERSION = "X-Register"
"""The header that says of which register the page is: the browser fetches another once there is a newer one."""
STEPS = range(1, 8)


async def page(visit: Visit) -> web.Response:
    """The pack in every language that both the trust and these pages speak, without a person's telephone number.

    The language of the page comes first, the others are folded away.
    """
    register = visit.register
    made = pack_of(register, visit.now)
    goes_on = [one for one in visit.house.board.overview.incidents if one.status not in OVER]
    spoken = [one for one in LANGUAGES if one in register.languages] or LANGUAGES[:1]
    languages = sorted(spoken, key=lambda one: one != visit.language)
    answer = visit.page(
        "offline",
        pack=made,
        made=told_in(visit.house.zone, made.made_at),
        says={one: console_says(one, is_live=visit.house.is_live) for one in languages},
        responders=[(one.name, numbers) for one in register.responders.values() if (numbers := _numbers(one))],
        incidents=[_state(one, visit) for one in goes_on],
        needed=NEEDED,
        steps=STEPS,
        waits=0,  # A browser keeps this page, and how much waits does not stay true.
    )
    answer.headers[VERSION] = register.version()
    return answer


def _numbers(one: Responder) -> Sequence[tuple[str, str]]:
    """What a responder's desks are called, and their telephone numbers."""
    return [(contact.role, contact.telephone) for contact in one.contacts if contact.telephone]


def _state(incident: Incident, visit: Visit) -> Mapping[str, object]:
    """What is public of an incident, and by when the next word was promised."""
    out: Sequence[object] = [one.message for one in words_out(incident)]
    promised = [told_in(visit.house.zone, one.by) for one in promises(incident, visit.now) if one.is_open]
    name = incident.declaration.name if incident.declaration else incident.id
    return {"name": name, "messages": out, "promised": promised}
