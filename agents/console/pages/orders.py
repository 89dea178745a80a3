"""Where browsers send orders: to the desk, through the door, and back with its answer."""

from collections.abc import Iterator, Sequence

import structlog
from aiohttp import web

from agents.console.signing import NoCode, NotSignedIn, received
from agents.console.visits import Visit
from agents.runtime.door.patience import DoorError, NobodyServes, NoRoom
from streams.decisions.sign_off.links import path_to
from streams.values import Subject, SubjectKind
from streams.words.facts import CommandRefused, Fact
from streams.words.orders import Command
from streams.words.register.sheets import CODE_SIGNS
from streams.words.release import MessageAuthorised

logger = structlog.get_logger(__name__)

FACTS_MAX = 1_000
"""The answer to an order that comes again is looked for among so many facts, the newest: it came moments before."""


async def give(visit: Visit) -> web.Response:
    """Give the order that was sent; what becomes of it is the desk's answer, in sentences.

    An order that comes again, as after a connection that broke, is answered as it was: the desk takes it once.
    200: carried out. 422: refused, with the reasons and who could say yes. 400: no order of these pages.
    503: surely not given, since no worker runs. 504: given, and not answered yet: it may be carried out.
    """
    try:
        given = received(await visit.sent(), visit)
    except NotSignedIn:
        return web.json_response({"refused": [visit.says("said-signed-in")], "could": []}, status=403)
    except NoCode:
        return web.json_response({"refused": [visit.says("said-no-code", signs=CODE_SIGNS)], "could": []}, status=400)
    except ValueError:
        return web.json_response({"refused": [visit.says("order-unreadable")], "could": []}, status=400)
    if given.mode != visit.house.mode:
        return web.json_response({"refused": [visit.says("order-elsewhere")], "could": []}, status=400)
    if given.proof is None and not await _may_unsigned(given, visit):
        return web.json_response({"refused": [visit.says("order-unsigned")], "could": []}, status=403)
    try:
        facts = await _answered_before(given, visit) or await visit.house.board.door.ask(given)
    except NobodyServes as error:
        return _failed("order-not-given", error, visit, status=503)
    except NoRoom as error:
        return _failed("order-no-room", error, visit, status=503)
    except DoorError as error:
        return _failed("order-unanswered", error, visit, status=504)
    return _answer(given, facts, visit)


async def _answered_before(given: Command, visit: Visit) -> Sequence[Fact]:
    """What answered this order when it came before; nothing if it did not."""
    board = visit.house.board
    state = await board.state(given.subject)
    if state is None or not state.has_heard(given.id):
        return []
    return [one for one in await board.door.newest_facts(state, most=FACTS_MAX) if one.cause == given.id]


def _failed(name: str, error: DoorError, visit: Visit, *, status: int) -> web.Response:
    """That the log did not answer, and what to do; what its door says of it is for the person who runs the service."""
    logger.warning("an order has no answer", reason=str(error), status=status)
    return web.json_response({"refused": [visit.says(name)], "could": []}, status=status)


async def _may_unsigned(given: Command, visit: Visit) -> bool:
    """In a drill a person without a key orders by being signed in, or by the link that asked them.

    The desk says whether that is enough.
    """
    if visit.house.is_live:
        return False
    person, _ = (visit.person, "") if visit.person else await visit.house.asked(visit.request) or (None, "")
    return person is not None and person.id == given.by


def _answer(given: Command, facts: Sequence[Fact], visit: Visit) -> web.Response:
    refusal = next((one.body for one in facts if isinstance(one.body, CommandRefused)), None)
    if refusal:
        reasons = visit.reasons(refusal)
        told = {"refused": [one.text for one in reasons], "languages": [one.language for one in reasons]}
        return web.json_response({**told, "could": refusal.who_could}, status=422)
    # Who came by a link may not see where it would lead: what came of the order is said where they are.
    goes_to = f"{_place(given.subject)}?done={given.id}" if visit.session else None
    return web.json_response({"next": goes_to, "said": [*_said(facts, visit)]})


def _place(about: Subject) -> str:
    """The page of what an order is about."""
    alone = about.kind in {SubjectKind.REGISTER, SubjectKind.WATCH}
    return path_to(about.kind) if alone else path_to(f"{about.kind}s", about.id)


def _said(facts: Sequence[Fact], visit: Visit) -> Iterator[str]:
    """What the order lets out, and where."""
    for one in facts:
        if isinstance(one.body, MessageAuthorised):
            yield visit.says("said-let-out", channels=", ".join(map(visit.house.place, one.body.message.channels)))
