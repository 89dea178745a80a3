"""What a feed gets from its process, and what each kind of feed says of itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agents.adapters.feeds.hooking import Hooks
from agents.adapters.feeds.parsed import Parse
from agents.adapters.secrets import Secrets
from agents.feed_port import CarriedPost, Feed
from agents.ports import Clock
from streams.words.feeds import FeedCard
from streams.words.register.partners import PartnerAccount


@dataclass(frozen=True, slots=True)
class Tools:
    """The mode that it hears for, the time, secrets by their names, and chance (0 up to 1), seeded in tests.

    `hooks` is where sources may call; None in a program that only looks.
    `carried` gives the posts of an account that ours carry now.
    """

    mode: str
    clock: Clock
    secrets: Secrets
    chance: Callable[[], float]
    hooks: Hooks | None = None
    carried: Callable[[str], Mapping[str, CarriedPost]] = lambda _: {}


def no_options(account: PartnerAccount) -> None:
    """Raise `ValueError` if the account has options: its kind takes none."""
    if account.options:
        raise ValueError(f"its kind takes no options: take {', '.join(sorted(account.options))} out")


@dataclass(frozen=True, slots=True)
class FeedKind:
    """A row: what a kind can do, how a feed of it is made, and how its options are read.

    `make` opens nothing; `checked` raises `ValueError` with a sentence if the options of an account are wrong.
    `parse` reads what the source sends, for the feed as for a recording of it.
    """

    card: FeedCard
    make: Callable[[PartnerAccount, Tools], Feed]
    parse: Parse
    checked: Callable[[PartnerAccount], object] = no_options
