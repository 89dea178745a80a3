"""An account on Bluesky by its name: whose the name is, where it lives, and what it says of itself there.

A name proves nothing until the account itself names it too, so the account's own document has to have the same name.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from agents.adapters.channels.bluesky.xrpc import NoSuchAccount, line_to
from agents.adapters.feeds.asking import Absent, ask
from agents.adapters.feeds.pins.candidate import Candidate, Question
from agents.adapters.feeds.polling import require_safe
from agents.ports import NotSent, Rejected
from streams.values import sentence

SECONDS = 20.0
ANSWER_BYTES_MAX = 256 * 1024
SERVER = "#atproto_pds"
KEY = "#atproto"


async def bluesky_account(name: str, question: Question) -> Candidate:
    """The account of this name, or with this identifier."""
    named = name.casefold() if not name.startswith("did:") else None
    did = await _identifier(named, question) if named else name
    document = await _document(did, question)
    names = [str(one).removeprefix("at://") for one in _list(document, "alsoKnownAs")]
    if named and named not in names:
        raise Rejected(
            f"the name {named} leads to {did}, and that account says that it is {', '.join(names) or 'nobody'}: "
            "it may be somebody else's, ask the partner"
        )
    server = _of(document, SERVER, part="service", field="serviceEndpoint")
    if server is None:
        raise Rejected(f"{did} says of no server that it lives there: ask the partner whether the account is in use")
    _require_safe(server)
    called = await _name(did, server=server)
    key = _of(document, KEY, part="verificationMethod", field="publicKeyMultibase")
    says = [f"{called} is {did}, which stays when the name changes", f"it lives on {server}"]
    says += [f"its posts are signed with the key {key} now"] if key else []
    theirs = question.is_theirs(called)
    doubts = [] if theirs else [f"its name {called} is not on {question.domain}: let the partner read {did} out to you"]
    return Candidate("bluesky", did, server, tuple(map(sentence, says)), tuple(map(sentence, doubts)))


async def _identifier(name: str, question: Question) -> str:
    """Whose the name is."""
    address = f"{question.directories.names}/xrpc/com.atproto.identity.resolveHandle?{urlencode({'handle': name})}"
    try:
        said = await _answer(address, question)
    except NotSent as error:
        if "(400)" not in str(error):
            raise
        raise Rejected(f"nobody on Bluesky has the name {name}: see how the partner writes it") from None
    did = said.get("did")
    if not isinstance(did, str) or not did.startswith("did:"):
        raise NotSent(f"{question.directories.names} does not say whose the name {name} is: try again")
    return did


async def _document(did: str, question: Question) -> Mapping[str, Any]:
    """What the account's identifier stands for."""
    address = f"{question.directories.identifiers}/{did}"
    if did.startswith("did:web:"):
        address = f"https://{did.removeprefix('did:web:')}/.well-known/did.json"
    try:
        return await _answer(address, question)
    except Absent:
        raise Rejected(f"nobody knows {did}: the account is gone, or a sign of it is wrong") from None


async def _name(did: str, *, server: str) -> str:
    """What the account is called on its own server, which says whether the name holds."""
    try:
        async with line_to(server, seconds=SECONDS, secrets=lambda: ()) as line:
            said = await line.ask("com.atproto.repo.describeRepo", repo=did)
    except NoSuchAccount:
        raise Rejected(f"{server} has no account {did}: ask the partner whether it moved") from None
    called = said.get("handle")
    if said.get("did") != did or not isinstance(called, str) or said.get("handleIsCorrect") is False:
        raise Rejected(f"{server} does not confirm the name of {did}: ask the partner to set its name again")
    return called


async def _answer(address: str, question: Question) -> Mapping[str, Any]:
    page = await ask(address, headers={}, now=question.now, bytes_max=ANSWER_BYTES_MAX)
    try:
        said = json.loads(page.body or b"")
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise NotSent(f"{address} gives no answer that can be read: try again")
    return said


def _require_safe(address: str) -> None:
    try:
        require_safe(address)
    except ValueError as error:
        raise Rejected(f"its server cannot be used: {error}") from None


def _of(document: Mapping[str, Any], name: str, *, part: str, field: str) -> str | None:
    """A field of the entry of this name in a part of the document."""
    entries = [one for one in _list(document, part) if isinstance(one, dict)]
    found = next((one for one in entries if str(one.get("id", "")).endswith(name)), {}).get(field)
    return found.rstrip("/") if isinstance(found, str) else None


def _list(document: Mapping[str, Any], part: str) -> list[Any]:
    found = document.get(part)
    return found if isinstance(found, list) else []
