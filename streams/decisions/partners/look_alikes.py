"""Look-alikes: accounts that are registered for nobody and look like a partner's, or like the trust's own.

A name proves nothing, so that no post of theirs goes out whatever they look like; this only tells people of them.
What looks alike is compared by rules that anybody can check: signs that look the same, a few letters, added words.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from streams.decisions.wording.confusables import skeleton
from streams.foreign import domain
from streams.values import sentence
from streams.words.posts import PartnerPost
from streams.words.register.entries import Register
from streams.words.register.partners import OURSELVES, NoteLookAlike

LETTERS_MIN = 5
"""Shorter names have too many neighbours to say that one imitates another."""
SHORTEST = LETTERS_MIN - 1
LETTERS_FOR_TWO = 8
"""Of names of so many letters two may differ, of shorter ones only one."""
ENDINGS = frozenset(
    {
        *("ac", "app", "cc", "co", "com", "cymru", "eu", "example", "gov", "health", "info", "int", "io", "ltd", "me"),
        *("net", "news", "nhs", "online", "org", "police", "scot", "site", "social", "uk", "wales", "www"),
    }
)
"""Parts of a domain that name no owner."""
ADDED = frozenset(
    {
        *("account", "alert", "alerts", "breaking", "emergency", "gov", "help", "info", "live", "media", "new", "news"),
        *("newyddion", "now", "official", "page", "press", "real", "support", "swyddogol", "team", "the", "uk"),
        *("update", "updates", "verified"),
    }
)
"""Words that an imitator puts beside a name."""
OWN_OPTIONS = ("handle", "account", "identifier", "username", "sender", "url", "page")
"""Options of our own channels that may hold what we are called there."""
_PARTS = re.compile(r"[^\W_]+")
_HOST = re.compile(r"(?:https?://)?(?:[^/@\s]*@)?([^/:@\s]+)")


def likeness(post: PartnerPost, register: Register) -> NoteLookAlike | None:
    """What the account of this post looks like, with the evidence; None if it looks like nothing that we know."""
    calls_itself = [*_given(post, register)]
    for imitates, called, names in _known(register):
        for known in names:
            for what, given in calls_itself:
                if alike := _alike(given, known):
                    evidence = f"its {what} “{given}” {alike} “{known}” of {called}"
                    return NoteLookAlike(
                        account_id=post.account_id,
                        domain=post.domain,
                        handle=post.handle,
                        imitates=imitates,
                        post_id=post.post_id,
                        evidence=sentence(evidence),
                    )
    return None


def _known(register: Register) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Each partner, then ourselves, with what we are called and the names that an imitator would take."""
    for partner in register.partners.values():
        yield partner.id, partner.name, [*partner.domains, *partner.link_domains, partner.name]
    options: list[Mapping[str, str]] = [channel.options for channel in register.channels.values()]
    hosts = [found[1] for one in options for name in OWN_OPTIONS if (found := _HOST.match(one.get(name, "")))]
    handles = [one[name].partition("@")[0] for one in options for name in ("handle", "username") if name in one]
    yield OURSELVES, register.trust, [*dict.fromkeys([register.trust, *hosts, *filter(None, handles)])]


def _given(post: PartnerPost, register: Register) -> Iterator[tuple[str, str]]:
    """What the account calls itself: its domain, and its handle as a whole and without the server behind it.

    A domain on which a partner has an account proves nothing: others may have accounts there.
    """
    if post.domain not in {domain(one) for partner in register.partners.values() for one in partner.domains}:
        yield "domain", post.domain
    if post.handle:
        yield "handle", post.handle
        local = post.handle.removeprefix("@").partition("@")[0].partition(".")[0]
        if local != post.handle:
            yield "handle", local


def _alike(given: str, known: str) -> str | None:
    """In what the one looks like the other, as a clause; None if it does not. The same domain proves nothing."""
    if _same(given, known):
        return None if "." in known else "is the same as"
    ours, theirs = _core(known), _core(given)
    if len(ours) < LETTERS_MIN or not theirs:
        return None
    if ours == theirs:
        return "looks the same as"
    if sorted(_words(known)) == sorted(_words(given)):
        return "has the same words as"
    if len(theirs) >= SHORTEST and _differ(ours, theirs):
        return "differs in a letter or two from"
    whole = "".join(_all_words(given))
    return "has more words beside those of" if ours in whole else None


def _same(given: str, known: str) -> bool:
    return given.casefold().strip(" .") == known.casefold().strip(" .")


def _core(name: str) -> str:
    """The name as it looks, without the endings of a domain and the words that an imitator adds."""
    return "".join(_words(name))


def _words(name: str) -> list[str]:
    words = _all_words(name)
    return [one for one in words if one not in _LOOKED["added"]] or words


def _all_words(name: str) -> list[str]:
    """The words of a name as they look; of a domain without its endings, in the letters of its reader."""
    parts = [_read(one) for one in name.split(".")] if "." in name and " " not in name else [name]
    while len(parts) > 1 and skeleton(parts[-1]) in _LOOKED["endings"]:
        parts.pop()
    return [skeleton(one) for part in parts for one in _PARTS.findall(unicodedata.normalize("NFKC", part))]


_LOOKED = {
    "added": frozenset(map(skeleton, ADDED)),
    "endings": frozenset(map(skeleton, ENDINGS)),
}


def _read(label: str) -> str:
    """One part of a domain as a reader's program may show it."""
    if not label.casefold().startswith("xn--"):
        return label
    try:
        return label[4:].encode().decode("punycode")
    except UnicodeError:
        return label


def _differ(ours: str, theirs: str) -> bool:
    """Whether at most two letters (of a short name: one) were changed, added, left out, or changed places."""
    most = 2 if len(ours) >= LETTERS_FOR_TWO else 1
    if abs(len(ours) - len(theirs)) > most:
        return False
    before: list[int] = []
    last: list[int] = [*range(len(theirs) + 1)]
    for row, one in enumerate(ours, 1):
        line: list[int] = [row]
        for place, other in enumerate(theirs, 1):
            cost = min(last[place] + 1, line[-1] + 1, last[place - 1] + (one != other))
            if row > 1 and place > 1 and (one, ours[row - 2]) == (theirs[place - 2], other):
                cost = min(cost, before[place - 2] + 1)
            line.append(cost)
        before, last = last, line
    return last[-1] <= most
