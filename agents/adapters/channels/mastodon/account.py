"""The account that a token opens: who it is, and whether it could publish now."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from agents.adapters.channels.mastodon.server import Gone, Server, ServerAnswer
from agents.adapters.channels.mastodon.statuses import CLOCKS_APART_MAX
from agents.ports import NotSent
from streams.values import sentence

CREDENTIALS = "/api/v1/accounts/verify_credentials"
INSTANCES = ("/api/v2/instance", "/api/v1/instance")


async def account_of(server: Server, name: str) -> str:
    """The identifier of the account; `NotSent` if the token does not open the account of this name, or it is shut."""
    return _identified(await server.ask("GET", CREDENTIALS), name)


async def state_of(server: Server, name: str, *, characters_max: int, now: datetime) -> str:
    """Whether the account could publish now, in a sentence; `NotSent` says what keeps it from that."""
    answer = await server.ask("GET", CREDENTIALS)
    _identified(answer, name)
    if (apart := _apart(answer, now)) > CLOCKS_APART_MAX:
        raise NotSent(f"the clock of {server.url} and ours are {apart} apart: set ours, or a post is not found again")
    takes = await _takes(server)
    if takes is not None and takes < characters_max:
        raise NotSent(f"{server.url} takes {takes} characters: set `characters_max` of this channel to {takes}")
    left = f", {answer.left} requests are left for now" if answer.left else ""
    return sentence(f"{name} may publish on {server.url}{left}")


def _identified(answer: ServerAnswer, name: str) -> str:
    account = answer.content
    if not isinstance(account, dict) or not str(account.get("id", "")).isalnum():
        raise NotSent("the server describes the account otherwise than Mastodon does: see whether `server` is right")
    if (opened := str(account.get("username"))).casefold() != name.casefold():
        raise NotSent(f"the token opens the account {sentence(opened)}, not {name}: make a token in {name}")
    if account.get("suspended"):
        raise NotSent(f"the server has suspended the account {name}: ask the people who run the server")
    return str(account["id"])


def _apart(answer: ServerAnswer, now: datetime) -> timedelta:
    """How far the server's clock is from ours; nothing where it gives no time."""
    try:
        return abs(parsedate_to_datetime(answer.date or "") - now)
    except ValueError:
        return timedelta()


async def _takes(server: Server) -> int | None:
    """How many characters the server takes; None if it does not say."""
    for path in INSTANCES:
        try:
            instance = await server.get(path)
        except Gone:
            continue
        try:
            return int(instance["configuration"]["statuses"]["max_characters"]) if isinstance(instance, dict) else None
        except (KeyError, TypeError, ValueError):
            return None
    return None
