"""Signing in, for reading, by the trust's own directory: there by a link, and back with an answer that is verified.

What ties the answer to this browser is one nonce in a cookie, from which the state, the directory's nonce and the
verifier are made: nothing is remembered here until somebody comes back, and no answer counts twice.
"""

import base64
import hashlib
import hmac
from urllib.parse import quote, unquote

import structlog
from aiohttp import web

from agents.console.locks import within
from agents.console.pages.sign_in import begin
from agents.console.sessions import NONCE_LASTS
from agents.console.visits import Visit
from agents.directory_port import Directory, NotStrong, NotVouched
from agents.ports import NotSent, Rejected
from streams.words.register.entries import Person, Register

logger = structlog.get_logger(__name__)
BACK = "/sign-in/directory/back"
"""Where the directory sends people back to; it has to know this address."""
TOLD_OUT = "/sign-out/directory/told"
"""Where the directory tells who has signed out there; it has to know this address too."""
APART = "~"


async def way_in(visit: Visit) -> web.Response:
    """Go to the directory to sign in."""
    directory = _directory(visit)
    nonce = visit.house.nonces.give(visit.now)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(_made("verifier", nonce).encode()).digest()).rstrip(b"=")
    try:
        goes_to = await directory.way_in(
            state=_made("state", nonce),
            nonce=_made("nonce", nonce),
            challenge=challenge.decode(),
            again=bool(visit.field("again")),
        )
    except NotSent as error:
        return await _not_in(visit, "down", said=str(error))
    except Rejected as error:
        return await _not_in(visit, "wrong", said=str(error))
    answer = web.Response(status=303, headers={"Location": goes_to})
    kept = f"{nonce}{APART}{quote(within(visit.field('next')), safe='')}"
    lasts = int(NONCE_LASTS.total_seconds())
    answer.set_cookie(visit.house.directory_name, kept, max_age=lasts, **visit.house.cookie)
    return answer


async def come_back(visit: Visit) -> web.Response:
    """Sign in the person of the register whom the directory names, in the browser that went there."""
    directory, answer = _directory(visit), visit.request.query
    nonce, _, goes_to = visit.request.cookies.get(visit.house.directory_name, "").partition(APART)
    sent = answer.get("state", "").encode("utf-8", "surrogatepass")
    is_this_browser = hmac.compare_digest(sent, _made("state", nonce).encode())
    if not nonce or not is_this_browser or not visit.house.nonces.take(nonce, visit.now):
        return await _not_in(
            visit, "late", said="no such sign-in was begun in this browser, or long ago, or it is over"
        )
    try:
        found = await directory.names(answer, nonce=_made("nonce", nonce), verifier=_made("verifier", nonce))
    except NotSent as error:
        return await _not_in(visit, "down", said=str(error))
    except NotStrong as error:
        return await _not_in(visit, "weak", said=str(error))
    except NotVouched as error:
        return await _not_in(visit, "unvouched", said=str(error))
    except Rejected as error:
        return await _not_in(visit, "wrong", said=str(error))
    account = found.there.subject
    person = known_as(visit.register, found.named, mail=found.mail, account=account)
    if person is None:
        return await _not_in(visit, "unknown", said="nobody on the register is known so", named=found.named)
    if person.directory is None and not visit.house.accounts_there.is_theirs(person.id, found):
        said = f"{person.id} came with another account of the directory before"
        return await _not_in(visit, "other", said=said, named=found.named, account=account)
    place = within(unquote(goes_to))
    signed_in = begin(
        visit, person, opened_by=found.there, answer=web.Response(status=303, headers={"Location": place})
    )
    signed_in.del_cookie(visit.house.directory_name, path="/", secure=not visit.house.is_trial)
    return signed_in


async def way_out(visit: Visit) -> web.Response:
    """Sign out at the directory as well, as on a machine that others use."""
    try:
        goes_to = await _directory(visit).way_out(back=f"{visit.house.address.origin}/sign-in")
    except NotSent as error:
        return await _not_in(visit, "down", said=str(error))
    except Rejected as error:
        return await _not_in(visit, "wrong", said=str(error))
    return web.Response(status=303, headers={"Location": goes_to or "/sign-in"})


async def told_out(visit: Visit) -> web.Response:
    """End the sessions that the directory signed out; its server says so, by a token that only it can sign.

    Sessions that a passkey opened go on. 400: the token ends nothing here (Back-Channel Logout 1.0, section 2.8).
    """
    directory = _directory(visit)
    visit = await visit.with_form()
    try:
        left = await directory.signed_out(visit.field("logout_token"))
    except (NotSent, Rejected) as error:
        logger.warning("a sign-out of the directory was refused", reason=str(error))
        return web.json_response({"error": "invalid_request"}, status=400)
    logger.info("the directory signed a person out", sessions=visit.house.sessions.end_there(left))
    return web.Response()


def known_as(register: Register, named: str, *, mail: str | None, account: str = "") -> Person | None:
    """Who on the register is meant: by what the directory calls them, else by an e-mail address that it vouches for.

    An entry may also have the directory's own name for the `account`, which never passes to another person.
    None if that fits no person, or several. An e-mail address counts only for people without an entry of their own.
    """
    people = register.people.values()
    found = [one for one in people if one.directory is not None and one.directory in {named, account}]
    if not found and mail:
        found = [one for one in people if one.directory is None and _is_theirs(mail, one)]
    return found[0] if len(found) == 1 else None


def _is_theirs(mail: str, person: Person) -> bool:
    return any(one.via == "email" and one.address.casefold() == mail.casefold() for one in person.contacts)


def _directory(visit: Visit) -> Directory:
    if visit.house.directory is None:
        raise web.HTTPNotFound
    return visit.house.directory


def _made(what: str, nonce: str) -> str:
    return hashlib.sha256(f"holdingline directory {what} {nonce}".encode("utf-8", "surrogatepass")).hexdigest()


async def _not_in(visit: Visit, why: str, *, said: str, **gaps: str) -> web.Response:
    """As for passkeys, a line in the log for each sign-in that fails; what the directory said stays there."""
    address = visit.house.rates.address(visit.request)
    logger.warning("a sign-in failed", reason=f"directory {why}", said=said, address=address)
    await visit.house.failed.count("directory", None, now=visit.now)
    heading, text = visit.says("directory-not-in"), visit.says(f"directory-{why}", **gaps)
    return visit.page("error", status=503 if why == "down" else 422, heading=heading, help=text)
