"""The row of a kind whose accounts may name a time zone, and pin a certificate."""

from dataclasses import replace

from agents.adapters.feeds.parsed import Parse
from agents.adapters.feeds.polling import Headers, no_headers, polled
from agents.adapters.feeds.reading.gathering import TIME_ZONE, zone_fits
from agents.adapters.feeds.reading.signatures import OPTIONS, pins_fit
from agents.adapters.feeds.tools import FeedKind, Tools
from agents.feed_port import Feed
from streams.words.feeds import FeedCard
from streams.words.register.partners import PartnerAccount


def row(card: FeedCard, parse: Parse, *, signed: bool = False, headers: Headers = no_headers) -> FeedKind:
    """A polled kind; `signed` says that its account may pin a certificate. Wrong options are found by `checked`."""
    names = (TIME_ZONE, *(OPTIONS if signed else ()))
    usual = polled(card, parse, headers=headers, options=names)

    def checked(account: PartnerAccount) -> None:
        usual.checked(account)
        zone_fits(account)
        pins_fit(account)

    def make(account: PartnerAccount, tools: Tools) -> Feed:
        checked(account)
        return usual.make(account, tools)

    return replace(usual, make=make, checked=checked)
