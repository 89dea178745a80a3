"""Posts of partners that are out or wait, and where those of two partners differ."""

from collections.abc import Iterable, Iterator, Sequence

from streams.words.network.claims import matters, otherwise
from streams.words.release import MENDS, Credit, Message

Claim = tuple[str, Message]
"""What a post speaks about, of all that is compared, and the post."""


def claims_of(messages: Iterable[Message]) -> Iterator[Claim]:
    """What each of these posts speaks about."""
    return ((about, one) for one in messages for about in matters(_text(one)))


def standing_claims(messages: Iterable[Message]) -> Sequence[Claim]:
    """About each matter the newest post of each account, the oldest first; a post that was taken back says nothing.

    A later post about something else leaves what an account said before as it is.
    """
    every = [*messages]
    mended = {one.follows for one in every if one.purpose in MENDS}
    found: dict[tuple[str, str, str], Claim] = {}
    for about, one in claims_of(one for one in every if one.credit and one.id not in mended):
        if one.credit:
            key = (one.credit.partner, one.credit.account_id, about)
            found.pop(key, None)
            found[key] = about, one
    return [*found.values()]


def differing(posts: Iterable[Claim], others: Iterable[Claim]) -> Iterator[tuple[str, Credit, Credit]]:
    """About what each of these posts says otherwise than which of the others, of another partner."""
    against = [*others]
    for about, one in posts:
        for matter, other in against:
            if matter == about and one.credit and other.credit and one.credit.partner != other.credit.partner:
                found = otherwise(_text(one), _text(other))
                yield from ((about, one.credit, other.credit) for each in found if each == about)


def _text(message: Message) -> str:
    return " ".join(message.texts.values())
