"""From which of a partner's accounts a post comes that a person shares by hand: its address says so."""

import shlex
from collections.abc import Iterator
from urllib.parse import urlsplit

from streams.decisions.verdict import Refused
from streams.foreign import link
from streams.words.register.partners import Partner, PartnerAccount

ACTOR = "actor"
"""The option of an account that has its address on the whole network."""


def account_of(partner: Partner, url: str | None) -> str | Refused:
    """The identifier of the account that this address belongs to; a sentence if it is none of the partner's.

    A post without an address is the first account's, if the partner has no other.
    """
    if not url:
        others = {one.account_id for one in partner.accounts} - {partner.account_id}
        if not others:
            return partner.account_id
        return Refused((f"{partner.name} has several accounts: give the link to the post, which says whose it is",))
    if found := next(_belongs(partner, url), None):
        return found
    known = ", ".join(sorted({*partner.domains, *partner.link_domains, *map(_server, partner.accounts)}))
    pin = f"holdingline feeds pin {partner.id} {shlex.quote(url[:200])} --evidence HOW"
    told = f"this link belongs to no account of {partner.name} that the register knows ({known})"
    ask = f"ask {partner.name} whether the post is theirs; if it is, have that account pinned first ({pin})"
    return Refused((f"{told}: {ask}",))


def _belongs(partner: Partner, url: str) -> Iterator[str]:
    """The accounts that an address may belong to, the surest first."""
    try:
        parts = urlsplit(url)
        host, path = (parts.hostname or "").casefold(), [one.casefold() for one in parts.path.split("/") if one]
    except ValueError:
        return
    accounts = [(one.account_id, one) for one in partner.accounts]
    everywhere = [partner.account_id, *(name for name, _ in accounts)]
    # An identifier of the whole network, as a DID, names its account on whatever page it stands.
    yield from (name for name in everywhere if name.startswith("did:") and name.casefold() in path)
    if host == "bsky.app" and path[:1] == ["profile"] and len(path) > 1:
        handles = [(name, one) for name, one in accounts if one.kind == "bluesky"]
        yield from (name for name, one in handles if _is_below(path[1], one.domain))
        return
    yield from (name for name, one in accounts if host == _server(one) and _names(one, path))
    yield from (name for name, one in accounts if host == _server(one) and ACTOR not in one.options)
    if link(url, (partner.domain,)):
        yield partner.account_id
    yield from (name for name, one in accounts if link(url, (one.domain,)))
    if link(url, partner.link_domains):
        yield partner.account_id


def _server(account: PartnerAccount) -> str:
    try:
        return (urlsplit(account.address).hostname or "").casefold()
    except ValueError:
        return ""


def _names(account: PartnerAccount, path: list[str]) -> bool:
    """Whether a page on the account's server is one of the account, by the name in its address on the network."""
    name = account.options.get(ACTOR, "").rstrip("/").rpartition("/")[2].casefold().removeprefix("@")
    return bool(name) and any(one.removeprefix("@") == name for one in path)


def _is_below(host: str, domain: str) -> bool:
    return host == domain.casefold() or host.endswith(f".{domain.casefold()}")
