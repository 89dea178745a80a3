"""Scope: whether a partner's post is about what the partner speaks of, in an incident in which it may speak by itself.

What is outside goes out only with a person's yes, and what a partner is not known for counts against its account.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from streams.decisions.authority.order import Order
from streams.signs import folded
from streams.why import because
from streams.words.register.partners import Partner

STRANGE_MAX = 3
"""So many posts that sell, ask for votes or are off their topic stop their account until a person resumes it."""
STRANGE_WITHIN = timedelta(hours=1)


def off_topic(order: Order, partner: Partner, *, text: str) -> Iterator[str]:
    """Why a post is not about what its partner speaks of, by the register's entry; nothing if it is."""
    declaration, scope = order.incident.declaration, partner.scope
    if declaration and scope.hazards:
        methane = declaration.methane
        declared = " ".join([declaration.name, methane.type_of_incident, *methane.hazards, *declaration.words])
        if not _names([one.replace("-", " ") for one in scope.hazards], declared):
            form = "{partner} speaks by itself about {hazards} only, and nothing of that was declared or reported"
            yield because("off-hazards", form, partner=partner.name, hazards=", ".join(scope.hazards))
    for called, words in (("places", scope.places), ("words", scope.words)):
        if words and not _names(words, text):
            form, listed = "it has none of the {called} about which {partner} speaks by itself ({listed})", words[:10]
            yield because("off-topic", form, called=called, partner=partner.name, listed=", ".join(listed))


def below_level(order: Order, partner: Partner) -> str | None:
    """Why a person is asked in an incident of this level; None if the partner speaks by itself in it."""
    declaration, least = order.incident.declaration, partner.scope.from_level
    if declaration is None or declaration.level >= least:
        return None
    form = "the posts of {partner} go out by themselves from level {least} on, this is level {level}"
    return because("below-level", form, partner=partner.name, least=least, level=declaration.level)


def too_strange(order: Order, partner: Partner, *, account_id: str) -> str | None:
    """Why this account is stopped with one more strange post now; None if it is not."""
    stops = order.incident.stops
    since = order.now - STRANGE_WITHIN
    since = max(since, stops.resumed_at(partner.id, account_id) or since)
    count = 1 + sum(1 for at in stops.strange.get(account_id, ()) if at >= since)
    if count < STRANGE_MAX:
        return None
    form = "{count} posts of its account {account} within an hour sold something, asked for votes, "
    form += "or were about something else: {advice}"
    advice = resume(order.incident.id, partner)
    return because("strange-posts", form, count=count, account=account_id, advice=advice)


def resume(where: str, partner: Partner) -> str:
    """What a person does first about an account that is stopped: in an incident, or in all."""
    form, command = "ask {partner} whether the account is still theirs, then resume it ({command})", "resume-partner"
    told = f"holdingline {command} {where} {partner.id}"
    return because("ask-then-resume", form, partner=partner.name, command=told)


def _names(words: Sequence[str], text: str) -> bool:
    """Whether one of these words stands in the text, whole, whatever its case and accents."""
    said = folded(text)
    return any(re.search(rf"(?<!\w){re.escape(folded(one))}(?!\w)", said) for one in words)
