"""What a kind of feed is read with and what reading gives: `parse(body: bytes, source: Source) -> Parsed` is pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from streams.values import Mode
from streams.words.posts import PartnerEvent, PartnerPost
from streams.words.register.partners import PartnerAccount


@dataclass(frozen=True)
class Source:
    """Whose feed it is, for which mode it is read, and the moment, which carries a time zone."""

    mode: Mode
    account: PartnerAccount
    now: datetime

    def deletion(self, post_id: str, *, id_: str, url: str | None = None) -> PartnerPost:
        """That the account took this post away, found now; `id_` names this one deletion of it."""
        return PartnerPost(
            id=id_,
            mode=self.mode,
            change="deleted",
            account_id=self.account.account_id,
            domain=self.account.domain,
            post_id=post_id,
            at=self.now,
            text="",
            url=url,
        )


@dataclass(frozen=True)
class Linked:
    """A document that the feed only points to: fetch `address`, and give it to the same `parse`.

    `post_id` and `revision` are those of the entry that points there: one read at this revision needs no visit.
    The address lies on the account's domain or below it.
    """

    address: str
    post_id: str
    revision: str


@dataclass(frozen=True)
class Parsed:
    """Posts and changes of the account, in the order in which they happened, and what could not be taken.

    A fault is a sentence: what is not well-formed, or what is not taken and why.
    `links` are documents that have to be fetched before their posts are known.
    `left_out` are sentences about what could be read and does not go out, as what has expired.
    """

    items: tuple[PartnerEvent, ...] = ()
    faults: tuple[str, ...] = ()
    links: tuple[Linked, ...] = ()
    left_out: tuple[str, ...] = ()


Parse = Callable[[bytes, Source], Parsed]
