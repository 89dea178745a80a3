"""The accounts of partners: whether each can be heard as it is written, and is pinned once."""

import re
from collections.abc import Callable, Iterator, Mapping

from pydantic import ValidationError

from agents.adapters.registers.checks.places import DOMAIN, NO_NAME
from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import EntryPlace, Reading
from agents.adapters.registers.validation import explain
from streams import foreign
from streams.words.register.partners import FEED_NAMES_BEGIN, Partner, PartnerAccount

NAME_BEGINS = (
    "the secret of a feed has a name that begins with {}, as {}: "
    "only such secrets reach the process that hears partners"
)
FeedSettings = Callable[[PartnerAccount], object]


def faults(reading: Reading, settings: Mapping[str, FeedSettings]) -> Iterator[Fault]:
    """What is wrong with them; `settings` read the address and the options of each kind, and raise `ValueError`."""
    partners = reading.register.partners.values()
    firsts = {foreign.account(one.account_id): one.id for one in partners}
    heard: set[str] = set()
    for partner in partners:
        place = reading.place("partners", partner.id)
        for position, account in enumerate(partner.accounts):
            for field, sentence in _of(account, partner, firsts=firsts, heard=heard):
                yield place.fault("accounts", position, field, sentence=sentence)
            yield from _of_kind(account, place, position, settings=settings)
            heard.add(foreign.account(account.account_id))


def _of(
    account: PartnerAccount, partner: Partner, *, firsts: Mapping[str, str], heard: set[str]
) -> Iterator[tuple[str, str]]:
    """The fields that are wrong, whatever the kind is, each with a sentence."""
    name = foreign.account(account.account_id)
    holder = firsts.get(name, partner.id)
    if holder != partner.id:
        yield (
            "account_id",
            f"the account {account.account_id} belongs to partner {holder} already: one account, one partner",
        )
    if name in heard:
        yield "account_id", f"the account {account.account_id} is heard already: one account, one feed"
    if not DOMAIN.fullmatch(account.domain):
        yield "domain", f"“{account.domain}” is no domain: write it like fire.example.org, in small letters"
    if not account.credential:
        return
    if not account.credential.is_named:
        yield "credential", NO_NAME
    elif not account.credential.secret.startswith(FEED_NAMES_BEGIN):
        example = f"{FEED_NAMES_BEGIN}{re.sub('[^A-Z0-9]', '_', partner.id.upper())}"
        yield "credential", NAME_BEGINS.format(FEED_NAMES_BEGIN, example)


def _of_kind(
    account: PartnerAccount, place: EntryPlace, position: int, *, settings: Mapping[str, FeedSettings]
) -> Iterator[Fault]:
    """What its kind finds wrong with its address and options."""
    if account.kind not in settings:
        sentence = f"there is no kind of feed {account.kind}: the kinds are {', '.join(sorted(settings))}"
        yield place.fault("accounts", position, "kind", sentence=sentence)
        return
    try:
        settings[account.kind](account)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            yield place.fault("accounts", position, "options", *detail["loc"], sentence=explain(detail))
    except ValueError as error:
        field = "address" if account.address in str(error) else "options"
        yield place.fault("accounts", position, field, sentence=str(error))
