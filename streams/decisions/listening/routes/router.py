"""Router: of what sort a post is that somebody must answer or hand on. Most hold no trigger word and end there."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from streams.decisions.channels.kinds import MEMORY
from streams.decisions.listening.routes.rules import WordRule, rule_of
from streams.decisions.listening.watched import ACCOUNT_OPTIONS
from streams.signs import folded
from streams.words.cases import CaseSort
from streams.words.posts import Mention
from streams.words.register.entries import ChannelEntry, Register
from streams.words.register.wording import WordLists

FIRST = (
    CaseSort.HATE_CRIME,
    CaseSort.THREAT,
    CaseSort.CALL_FOR_HELP,
    CaseSort.MEDIA_ENQUIRY,
    CaseSort.COMPLAINT,
    CaseSort.ABUSE,
)
"""A post is of one sort: the first of these that a rule finds."""
LISTED_AUTHOR = "listed-media-author"
"""The rule for a post to us by an account of the media that is on our list: it asks for no words."""
WORDS_SHOWN = 4
CALLED_BY = (*ACCOUNT_OPTIONS, "did", "name")
BY_HAND = "by-hand"
_CALLED = re.compile(r"[@＠]([\w.-]+(?:@[\w.-]+)?)")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggestion to a person: the sort, the rule's name, the words of our list that fired, whether it is to us."""

    sort: CaseSort
    rule: str
    words: tuple[str, ...]
    addressed: bool


@dataclass(frozen=True, slots=True)
class Router:
    """The rules in the order of `FIRST`, our accounts, and accounts of the media that are on our list.

    `triggers` are by the word that they are looked up by: the place of a rule, and its trigger as it is in a post, or
    nothing if that is this one word.
    """

    rules: Sequence[WordRule]
    triggers: Mapping[str, Sequence[tuple[int, str]]]
    looked_up: frozenset[str]
    ours: frozenset[str]
    media: frozenset[str]

    def route(self, mention: Mention, words: Sequence[str]) -> Suggestion | None:
        """The route of a post; None for most. `words` are those of its text, as `words_of` gives them."""
        by_media = bool(self.media) and mention.author_id in self.media
        looking = self._looking(words)
        if not looking and not by_media:
            return None
        addressed = self.is_to_us(mention) or ("@" in mention.text and self._is_called(mention.text))
        if by_media and addressed:
            return Suggestion(CaseSort.MEDIA_ENQUIRY, LISTED_AUTHOR, (), addressed=True)
        found = frozenset(words)
        for place in looking:
            rule = self.rules[place]
            if fired := rule.fired(words, found, addressed=addressed):
                return Suggestion(rule.sort, rule.id, fired[:WORDS_SHOWN], addressed)
        return None

    def _looking(self, words: Sequence[str]) -> Sequence[int]:
        """The places of the rules whose triggers are in a post."""
        seen = self.looked_up.intersection(words)
        if not seen:
            return ()
        flat = f" {' '.join(words)} "
        return sorted({place for word in seen for place, phrase in self.triggers[word] if phrase in flat})

    def is_to_us(self, mention: Mention) -> bool:
        """Whether its source says that it speaks to one of our accounts, or replies to a post of one."""
        if mention.addressed and not self.ours.isdisjoint(map(_account, mention.addressed)):
            return True
        return mention.reply_to is not None and not self.ours.isdisjoint(map(_account, mention.reply_to.split("/")))

    def _is_called(self, text: str) -> bool:
        return not self.ours.isdisjoint(map(_account, _CALLED.findall(text)))


def router(register: Register, *, media: Collection[str] = ()) -> Router:
    """The router of a register. It is built once for each change of its words or channels, or of the list."""
    return _build(register.words, ours=tuple(sorted(_forms(our_accounts(register)))), media=tuple(sorted(media)))


def our_accounts(register: Register) -> tuple[str, ...]:
    """What the settings of the channels call our accounts, in the order of the channels."""
    return tuple(account for channel in register.channels.values() for account in _accounts(channel))


@lru_cache(maxsize=8)
def _build(words: WordLists, *, ours: tuple[str, ...], media: tuple[str, ...]) -> Router:
    rules = sorted((rule_of(one, words) for one in words.routes), key=lambda one: FIRST.index(one.sort))
    found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for place, rule in enumerate(rules):
        for word, trigger in rule.triggers():
            found[word].append((place, f" {trigger} " if " " in trigger else ""))
    return Router(rules, found, frozenset(found), frozenset(ours), frozenset(media))


def _accounts(channel: ChannelEntry) -> Iterator[str]:
    """What the settings of a channel call the account; where people write by hand, the end of its address does.

    In a drill a channel has no settings of the trust's, and its account is called after it.
    """
    yield from (channel.options[name] for name in CALLED_BY if channel.options.get(name))
    if channel.kind == BY_HAND:
        yield channel.options.get("url", "").rstrip("/").rpartition("/")[2]
    if channel.kind == MEMORY:
        yield f"{channel.id}.drill.invalid"


def _forms(accounts: Iterable[str]) -> Iterable[str]:
    """Each account as it is written, and without its server."""
    for one in accounts:
        whole = _account(one)
        yield from {whole, whole.partition("@")[0]} - {""}


def _account(name: str) -> str:
    return folded(name).removeprefix("@").removeprefix("＠").rstrip(".")
