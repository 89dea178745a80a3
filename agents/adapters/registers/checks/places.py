"""Channels, partners, and the accounts by which partners are heard."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import TypeVar

from pydantic import ValidationError

from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import EntryPlace, Reading
from agents.adapters.registers.validation import explain
from streams import foreign
from streams.decisions.channels.card import Languages
from streams.decisions.channels.kinds import KINDS, language_of, speaking
from streams.words.register.entries import ChannelEntry, PagerEntry
from streams.words.register.partners import FEED_NAMES_BEGIN, Partner, PartnerAccount

Settings = Callable[[ChannelEntry], object]
FeedSettings = Callable[[PartnerAccount], object]
PagerSettings = Callable[[PagerEntry], object]
Entry = TypeVar("Entry", ChannelEntry, PagerEntry)
NO_NAME = (
    "secret takes the name of a variable, as HOLDINGLINE_NOTIFY_KEY, in which the worker finds the secret, or its "
    "place in a vault, as vault:kv/trust/notify#key: "
    "if this is the secret itself, take it out and have another one issued"
)
NAME_BEGINS = (
    "the secret of a feed has a name that begins with {}, as {}: "
    "only such secrets reach the process that hears partners"
)
DOMAIN = re.compile(r"(?=.{4,200}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


def faults(reading: Reading, now: datetime) -> Iterator[Fault]:
    """What is wrong with channels and partners."""
    del now
    for channel in reading.register.channels.values():
        if not reading.knows("people", channel.owner):
            sentence = f"{channel.owner}, the owner of {channel.id}, is not on the register: name somebody who is"
            yield reading.place("channels", channel.id).fault("owner", sentence=sentence)
        yield from _kind(channel, reading)
    accounts: dict[str, str] = {}
    for partner in reading.register.partners.values():
        place = reading.place("partners", partner.id)
        yield from _pins(partner, place, accounts)
        yield from _signatures(partner, place, reading)
        yield from _channels(partner, place, reading)


def settings_faults(
    places: Mapping[str, EntryPlace], entries: Iterable[Entry], *, settings: Mapping[str, Callable[[Entry], object]]
) -> Iterator[Fault]:
    """What the adapters find wrong with the options of their channels or pagers."""
    for entry in entries:
        place = places[entry.id]
        if entry.credential and not entry.credential.is_named:
            yield place.fault("credential", "secret", sentence=NO_NAME)
        if entry.kind not in settings:
            sentence = f"there is no kind {entry.kind}: the kinds are {', '.join(sorted(settings))}"
            yield place.fault("kind", sentence=sentence)
            continue
        for where, sentence in _of_options(partial(settings[entry.kind], entry)):
            yield place.fault("options", *where, sentence=sentence)


def feed_faults(reading: Reading, settings: Mapping[str, FeedSettings]) -> Iterator[Fault]:
    """Accounts of partners that cannot be heard as they are written; `settings` raise `ValueError` by kind."""
    heard: set[str] = set()
    for partner in reading.register.partners.values():
        place = reading.place("partners", partner.id)
        for position, one in enumerate(partner.accounts):
            name = foreign.account(one.account_id)
            if name in heard:
                sentence = f"the account {one.account_id} is heard already: one account, one feed"
                yield place.fault("accounts", position, "account_id", sentence=sentence)
            heard.add(name)
            named = one.credential and one.credential.is_named
            if one.credential and named and not one.credential.secret.startswith(FEED_NAMES_BEGIN):
                example = f"{FEED_NAMES_BEGIN}{re.sub('[^A-Z0-9]', '_', partner.id.upper())}"
                sentence = NAME_BEGINS.format(FEED_NAMES_BEGIN, example)
                yield place.fault("accounts", position, "credential", "secret", sentence=sentence)
            yield from _of_kind(one, place, position, settings=settings)


def _kind(channel: ChannelEntry, reading: Reading) -> Iterator[Fault]:
    """What does not fit the row of the channel's kind."""
    place = reading.place("channels", channel.id)
    kind = KINDS.get(channel.kind)
    if kind is None or kind.name not in speaking():
        sentence = f"there is no kind {channel.kind}: the kinds are {', '.join(speaking())}"
        yield place.fault("kind", sentence=sentence)
        return
    if kind.limit and channel.characters_max and channel.characters_max > kind.limit:
        sentence = f"a channel of kind {kind.name} takes {kind.limit} {kind.counter.unit} at most: give less, or none"
        yield place.fault("characters_max", sentence=sentence)
    if kind.rate and channel.hourly_max:
        sentence = f"a channel of kind {kind.name} has a budget of its own, that of its network: leave this out"
        yield place.fault("hourly_max", sentence=sentence)
    shown = channel.options.get("languages")
    missing = [one for one in reading.register.languages if shown is not None and one not in shown.split(",")]
    if kind.languages is Languages.TOGETHER and missing and reading.is_there("trust"):
        sentence = f"it leaves out {', '.join(missing)}, which the trust speaks: name every language, the first leads"
        yield place.fault("options", "languages", sentence=sentence)
    spoken = [language_of(one) for one in reading.register.channels.values() if one.kind == channel.kind]
    unspoken = [one for one in reading.register.languages if one not in spoken]
    if kind.languages is Languages.ONE and unspoken and reading.is_there("trust"):
        sentence = (
            f"no channel of kind {kind.name} speaks {', '.join(unspoken)}, as the trust does: "
            "add one with the option `language`"
        )
        yield place.fault("kind", sentence=sentence)


def _pins(partner: Partner, place: EntryPlace, accounts: dict[str, str]) -> Iterator[Fault]:
    pinned: list[tuple[tuple[str | int, ...], str, str]] = [((), partner.account_id, partner.domain)]
    pinned += [(("accounts", at), one.account_id, one.domain) for at, one in enumerate(partner.accounts)]
    for where, account, domain in pinned:
        holder = accounts.setdefault(account.casefold(), partner.id)
        if holder != partner.id:
            sentence = f"the account {account} belongs to partner {holder} already: one account, one partner"
            yield place.fault(*where, "account_id", sentence=sentence)
        if not DOMAIN.fullmatch(domain):
            sentence = f"“{domain}” is no domain: write it like fire.example.org, in small letters"
            yield place.fault(*where, "domain", sentence=sentence)
    for position, one in enumerate(partner.accounts):
        if one.credential and not one.credential.is_named:
            yield place.fault("accounts", position, "credential", "secret", sentence=NO_NAME)
    for position, domain in enumerate(partner.link_domains):
        if not DOMAIN.fullmatch(domain):
            sentence = f"“{domain}” is no domain: write it like social.example.org, in small letters, without https://"
            yield place.fault("link_domains", position, sentence=sentence)


def _signatures(partner: Partner, place: EntryPlace, reading: Reading) -> Iterator[Fault]:
    for role in ("approved_by", "registered_by"):
        name: str = getattr(partner, role)
        if not reading.knows("people", name):
            yield place.fault(role, sentence=f"{name} is not on the register: have somebody who is do it")
    if partner.approved_by == partner.registered_by:
        sentence = f"{partner.approved_by} registered and approved {partner.id}: a second person has to approve it"
        yield place.fault("approved_by", sentence=sentence)


def _channels(partner: Partner, place: EntryPlace, reading: Reading) -> Iterator[Fault]:
    if not partner.channels:
        yield place.fault("channels", sentence=f"the posts of {partner.id} go out on no channel: name at least one")
    for position, channel in enumerate(partner.channels):
        if not reading.knows("channels", channel):
            sentence = f"there is no channel {channel}: add it to channels.yaml, or take it out here"
            yield place.fault("channels", position, sentence=sentence)


def _of_kind(
    account: PartnerAccount, place: EntryPlace, position: int, *, settings: Mapping[str, FeedSettings]
) -> Iterator[Fault]:
    """What its kind finds wrong with its address and options."""
    if account.kind not in settings:
        sentence = f"there is no kind of feed {account.kind}: the kinds are {', '.join(sorted(settings))}"
        yield place.fault("accounts", position, "kind", sentence=sentence)
        return
    for where, sentence in _of_options(partial(settings[account.kind], account)):
        field = "address" if not where and account.address in sentence else "options"
        yield place.fault("accounts", position, field, *where, sentence=sentence)


def _of_options(read: Callable[[], object]) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Where in the options something is wrong, and what; the place is empty for what is wrong with all of them."""
    try:
        read()
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            yield detail["loc"], explain(detail)
    except ValueError as error:
        yield (), str(error)
