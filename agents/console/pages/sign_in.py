"""Signing in, for reading: by passkey; in a drill also by name, where the person has no key. And making a passkey."""

import hashlib
import json

import structlog
from aiohttp import web
from pydantic import ValidationError

from agents.console.house import opens_now
from agents.console.locks import within
from agents.console.sessions import Device
from agents.console.signing import SIGN_IN
from agents.console.visits import Visit
from agents.directory_port import SignInThere
from streams.decisions.authority.keys import has_enrolled
from streams.signs import folded
from streams.values import canonical
from streams.words.register.entries import Person
from streams.words.register.passkeys import NotIn, Passkey, PasskeyProof, assertion_faults

logger = structlog.get_logger(__name__)
BAD_INPUT = 422


async def page(visit: Visit) -> web.Response:
    """Sign in. Nobody is named here who has not signed in: in a drill people type their name themselves."""
    return _drawn(visit)


def _drawn(visit: Visit, *, status: int = 200) -> web.Response:
    house = visit.house
    asked = {"nonce": house.nonces.give(visit.now), "origin": house.address.origin, "rp_id": house.address.rp_id}
    by_name = not house.is_live and bool(_without_key(visit))
    return visit.page(
        "sign-in",
        status=status,
        path="/sign-in",
        asked=json.dumps(asked),
        by_name=by_name,
        typed=visit.field("person"),
        fault=status >= BAD_INPUT,
        next=within(visit.field("next")),
        by_directory=house.directory is not None,
        left=bool(visit.field("left")),
        again=bool(visit.field("again")),
    )


async def by_passkey(visit: Visit) -> web.Response:
    """Sign in whoever the passkey belongs to, if it signed what was asked."""
    house = visit.house
    try:
        sent = await visit.sent()
        asked, goes_to = dict(sent["asked"]), within(str(sent["next"]))
        found = house.holder(str(sent["proof"]["credential"]))
        proof = PasskeyProof(key=found[1].id if found else "key-unknown", **sent["proof"])
    except (ValueError, KeyError, TypeError, ValidationError):
        return await _not_in(visit, "unreadable")
    right = asked.keys() == {"nonce", "origin", "rp_id"} and house.nonces.take(str(asked["nonce"]), visit.now)
    if not right:
        return await _not_in(visit, "late", found)
    if found is None:
        return await _not_in(visit, "unknown")
    person, passkey = found
    challenge = hashlib.sha256(SIGN_IN + canonical(asked)).digest()
    if [*assertion_faults(proof, passkey, challenge=challenge)]:
        return await _not_in(visit, "wrong", found)
    if not opens_now(passkey, visit.now):
        return await _not_in(visit, "void", found)
    return begin(visit, person, opened_by=passkey.id, answer=web.json_response({"next": goes_to}))


async def by_name(visit: Visit) -> web.Response:
    """In a drill, sign in a person who has no key, by name alone: nothing here reaches the public."""
    visit = await visit.with_form()
    typed = folded(visit.field("person"))
    named = [one for one in _without_key(visit) if typed in {folded(one.id), folded(one.name)}]
    person = named[0] if len(named) == 1 else None
    if visit.house.is_live or person is None:
        logger.warning("a sign-in failed", reason="by name", address=visit.house.rates.address(visit.request))
        await visit.house.failed.count("by-name", None, now=visit.now)
        if visit.house.is_live:
            raise web.HTTPForbidden
        return _drawn(visit, status=BAD_INPUT)
    answer = web.Response(status=303, headers={"Location": within(visit.field("next"))})
    return begin(visit, person, opened_by=None, answer=answer)


async def sign_out(visit: Visit) -> web.Response:
    """Sign out at this browser, and leave nothing behind in it."""
    visit.house.sessions.end(visit.request.cookies.get(visit.house.token_name))
    goes_to = "/sign-in?left=1" if visit.house.directory else "/sign-in"
    return web.Response(status=303, headers={"Location": goes_to, "Clear-Site-Data": '"cache", "cookies", "storage"'})


async def passkey_page(visit: Visit) -> web.Response:
    """Make a passkey on this device, to be enrolled by another person."""
    address = visit.house.address
    asked = {"rp_id": address.rp_id, "origin": address.origin, "trust": visit.register.trust}
    return visit.page("passkey", asked=json.dumps(asked))


def _without_key(visit: Visit) -> list[Person]:
    return [one for one in visit.register.people.values() if not has_enrolled(one, visit.now)]


def begin(visit: Visit, person: Person, *, opened_by: str | SignInThere | None, answer: web.Response) -> web.Response:
    """The answer that signs this person in, by this passkey or the directory; the browser's session before ends."""
    before = visit.request.cookies.get(visit.house.token_name)
    device = Device.told(visit.request.headers.get("User-Agent", ""))
    token = visit.house.sessions.begin(person.id, opened_by, now=visit.now, before=before, device=device)
    key = opened_by if isinstance(opened_by, str) else None
    how = "passkey" if key else "directory" if opened_by else "name"
    address = visit.house.rates.address(visit.request)
    logger.info("a person signed in", person=person.id, by=how, passkey=key, address=address)
    answer.set_cookie(visit.house.token_name, token, **visit.house.cookie)
    return answer


async def _not_in(visit: Visit, why: NotIn, holder: tuple[Person, Passkey] | None = None) -> web.Response:
    """Each sign-in that fails has a line in the log with its reason, and counts in a fact; the rate bounds how many."""
    person, passkey = (holder[0].id, holder[1].id) if holder else (None, None)
    address = visit.house.rates.address(visit.request)
    logger.warning("a sign-in failed", reason=why, person=person, passkey=passkey, address=address)
    await visit.house.failed.count(why, person, now=visit.now)
    return web.json_response({"refused": [visit.says(f"sign-in-{why}")]}, status=422)
