"""The page that a link opens, for the person whom a search asks, and what they may answer."""

from aiohttp import web

from agents.console.pages.answers import Choice
from agents.console.pages.now import concerns
from agents.console.signing import offer, telephone
from agents.console.visits import Visit
from streams.decisions.sign_off.links import page_for, page_of
from streams.subjects.attention import waiting
from streams.words.sign_off import Acknowledge, Decline


async def opening(visit: Visit) -> web.Response:
    """What a link leads to first: the page's script hands over what is in the fragment, which no server sees."""
    return visit.page("opening")


async def open_link(visit: Visit) -> web.Response:
    """Take what a link carries, and answer with the page that it opens."""
    try:
        token = str((await visit.sent())["token"])
    except (ValueError, KeyError, TypeError):
        token = ""
    ticket = visit.house.ticket(token)
    if ticket is None:
        return web.json_response({"refused": [visit.says("link-unknown")]}, status=422)
    state = await visit.house.board.state(ticket.subject)
    search = state.searches.get(ticket.search_id) if state else None
    page = page_for(search, ticket.subject) if search else None
    answer = web.json_response({"next": page or "/"})
    if page:
        answer.set_cookie(visit.house.link_name, token, **visit.house.cookie)
    return answer


async def search(visit: Visit) -> web.Response:
    """What waits, for the person who is asked to take it on."""
    incident, name = await visit.incident(), visit.request.match_info["search"]
    found = incident.searches.get(name)
    if found is None or found.concern is None or found.ended:
        return visit.page("settled", incident=incident, message=None, yes=None)
    waits = [one for one in waiting(incident, visit.now) if one.key == found.concern.key]
    return visit.page(
        "asked",
        incident=incident,
        says=concerns(visit, incident).get(found.concern.key) or visit.words.english(found.concern.words),
        settle=page_of(waits[0]) if waits else None,
        choices=[
            Choice("acknowledge", offer(visit, Acknowledge(search_id=name), on=incident)),
            Choice("decline", offer(visit, Decline(search_id=name, reason=visit.says("reason-decline")), on=incident)),
        ],
        **telephone(visit),
    )
