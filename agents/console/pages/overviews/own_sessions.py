"""Who I am here: my passkeys, where I am signed in, and how I sign out elsewhere."""

import structlog
from aiohttp import web

from agents.console.pages.sign_in import sign_out
from agents.console.sessions import AGAIN_WITHIN
from agents.console.visits import Visit
from streams.values import Power
from streams.words.register.passkeys import Passkey

MAY_SIGN_OUT = (Power.ENROL_KEY,)
"""Who may sign somebody else out: whoever says by which keys people sign in."""
ENDED = {"own": "me-ended", "other": "me-ended-other"}
logger = structlog.get_logger(__name__)


async def page(visit: Visit) -> web.Response:
    """My passkeys, and each browser at which I am signed in."""
    house = visit.house
    return visit.page(
        "me",
        passkeys=[one for one in visit.me.keys if isinstance(one, Passkey)],
        here={one.id for one in house.passkeys(visit.me).values()},
        sessions=house.sessions.of(visit.me.id, now=visit.now),
        own=house.sessions.called(visit.request.cookies.get(house.token_name)),
        others=house.sessions.others(visit.me.id, now=visit.now) if any(map(visit.me.is_granted, MAY_SIGN_OUT)) else {},
        ended=ENDED.get(visit.field("ended")),
    )


async def end_one(visit: Visit) -> web.Response:
    """Sign me out at one other browser, if I have just shown who I am; else the way to do that."""
    visit = await visit.with_form()
    if not is_proven(visit):
        raise web.HTTPSeeOther("/sign-in?next=/me&again=1")
    if visit.house.sessions.end_one(visit.me.id, visit.field("session")):
        logger.info("a person signed out at another browser", person=visit.me.id)
    raise web.HTTPSeeOther("/me?ended=own")


async def end_person(visit: Visit) -> web.Response:
    """Sign somebody else out everywhere, or everybody else if the form names no person; they may sign in again."""
    visit = await visit.with_form()
    if not is_proven(visit):
        raise web.HTTPSeeOther("/sign-in?next=/me&again=1")
    sessions, person = visit.house.sessions, visit.field("person")
    if person:
        sessions.end_all(person)
    else:
        sessions.end_others(visit.me.id)
    logger.info("a person signed somebody else out", by=visit.me.id, person=person or "everybody else")
    raise web.HTTPSeeOther("/me?ended=other")


async def end_all(visit: Visit) -> web.Response:
    """Sign me out at every browser, this one included, as after a telephone was lost.

    It takes no passkey, which may be lost too; a thief of a session only ends it by that.
    """
    visit.house.sessions.end_all(visit.me.id)
    return await sign_out(visit)


def is_proven(visit: Visit) -> bool:
    """Whether this person showed by passkey or at the directory a short while ago who they are.

    A directory that does not say when it asked shows nothing. In a drill a name that needs no passkey is enough.
    """
    session = visit.session
    if session is None:
        return False
    if session.key is None and session.there is None:
        return not visit.house.is_live
    shown = session.there.shown if session.there else session.began
    return shown is not None and visit.now < shown + AGAIN_WITHIN
