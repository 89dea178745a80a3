"""From which of a partner's accounts a post comes that a person shares by hand: its address says so."""

import re
import shlex
from collections.abc import Iterator

from streams.decisions.verdict import Refused
from streams.foreign import link
from streams.why import because
from streams.words.register.partners import Partner, PartnerAccount

_ADDRESS = re.compile(r"https?://(?P<host>[^/?#@:]+)(?::\d+)?(?P<path>/[^?#]*)?(?:[?#].*)?", re.IGNORECASE)
BLUESKY, ACTOR = "bsky.app", "actor"
"""Where Bluesky shows posts, and the option of an account that has its address on the whole network."""


def account_of(partner: Partner, url: str | None) -> str | Refused:
    """The identifier of the account that this address belongs to; a sentence if it is none of the partner's.

    A post without an address is the first account's, if the partner has no other.
    """
    if not url:
        others = {one.account_id for one in partner.accounts} - {partner.account_id}
        if not others:
            return partner.account_id
        form = "{partner} has several accounts: give the link to the post, which says whose it is"
        return Refused((because("several-accounts", form, partner=partner.name),))
    if found := next(_belongs(partner, url), None):
        return found
    known = ", ".join(sorted({*partner.domains, *partner.link_domains, *map(_server, partner.accounts)}))
    pin = f"holdingline feeds pin {partner.id} {shlex.quote(url[:200])} --evidence HOW"
    form = "this link belongs to no account of {partner} that the register knows ({known}): "
    form += "ask {partner} whether the post is theirs; if it is, have that account pinned first ({pin})"
    return Refused((because("link-of-none", form, partner=partner.name, known=known, pin=pin),))


def _belongs(partner: Partner, url: str) -> Iterator[str]:
    """The accounts that an address may belong to, the surest first."""
    host, path = _parts(url)
    if host == BLUESKY:
        handles = [one for one in partner.accounts if one.kind == "bluesky" and path[:1] == ["profile"]]
        yield from (one.account_id for one in handles if path[1:2] == [one.account_id.casefold()])
        named = [one.account_id for one in handles if any(_is_below(name, one.domain) for name in path[1:2])]
        yield from named if len(named) == 1 else ()
    yield from (one.account_id for one in partner.accounts if host == _server(one) and _names(one, path))
    pinned = [(partner.domain, partner.account_id), *((one.domain, one.account_id) for one in partner.accounts)]
    pinned += [(one, partner.account_id) for one in partner.link_domains]
    # The first account is not meant where another has a domain of its own below the partner's.
    yield from (name for at, name in sorted(pinned, key=lambda one: -len(one[0])) if link(url, (at,)))


def _server(account: PartnerAccount) -> str:
    return _parts(account.address)[0]


def _parts(url: str) -> tuple[str, list[str]]:
    """The host and the parts of the path, in small letters; no host where an address hides which it is."""
    found = _ADDRESS.fullmatch(url)
    path = (found["path"] or "") if found else ""
    return (found["host"].casefold() if found else "", [one.casefold() for one in path.split("/") if one])


def _names(account: PartnerAccount, path: list[str]) -> bool:
    """Whether a page on the account's server is one of the account, by the name in its address on the network."""
    name = account.options.get(ACTOR, "").rstrip("/").rpartition("/")[2].casefold().removeprefix("@")
    return bool(name) and any(one.removeprefix("@") == name for one in path)


def _is_below(host: str, domain: str) -> bool:
    return host == domain.casefold() or host.endswith(f".{domain.casefold()}")
