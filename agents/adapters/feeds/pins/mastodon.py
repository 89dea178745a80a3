"""An account on a server of the Mastodon API by its name: the identifier there, and its address on the network."""

from urllib.parse import urlsplit

from agents.adapters.channels.mastodon.server import Gone, Server
from agents.adapters.feeds.mastodon.settings import ACTOR
from agents.adapters.feeds.mastodon.statuses import profile_of
from agents.adapters.feeds.pins.candidate import Candidate, Question
from agents.adapters.feeds.polling import require_safe
from agents.ports import NotSent, Rejected
from streams.values import sentence

SECONDS = 80.0


async def mastodon_account(name: str, question: Question, *, server: str) -> Candidate:
    """The account of this name on this server, pinned by its identifier and by its address on the network."""
    try:
        require_safe(server)
    except ValueError as error:
        raise Rejected(str(error)) from None
    host = str(urlsplit(server).hostname)
    try:
        said = await Server(server, SECONDS, "").get("/api/v1/accounts/lookup", acct=name)
    except Gone:
        raise Rejected(f"{host} has no account {name}: see how the partner writes it") from None
    profile, identifier = profile_of(said, host), said.get("id") if isinstance(said, dict) else None
    if profile is None or not isinstance(identifier, str) or not profile.addresses:
        raise NotSent(
            f"{host} describes the account otherwise than Mastodon does: see docs/feeds.md, and write it by hand"
        )
    if profile.state:
        moved = f" to {profile.moved_to}" if profile.moved_to else ""
        raise Rejected(f"the account {profile.called} is {profile.state}{moved}: ask the partner for the one of today")
    actor = profile.addresses[0]
    if urlsplit(actor).hostname != host:
        raise Rejected(f"{profile.called} does not live on {host}: write the name as {urlsplit(actor).hostname} has it")
    says = [
        f"{profile.called} is {identifier} on {host}, which stays when the name changes",
        f"its address on the network is {actor}",
    ]
    doubts = (
        []
        if question.is_theirs(host)
        else [f"{host} is not on {question.domain}: let the partner read {actor} out to you"]
    )
    options = {ACTOR: actor}
    return Candidate("mastodon", identifier, server, tuple(map(sentence, says)), tuple(map(sentence, doubts)), options)
