"""Posts of partners that are out or wait, and where those of two partners differ."""

from collections.abc import Iterable, Iterator, Sequence

from streams.words.network.claims import otherwise
from streams.words.release import MENDS, Credit, Message


def standing_posts(messages: Iterable[Message]) -> Sequence[Message]:
    """The newest post of each account among these messages that no later one takes back, the oldest first."""
    every = [*messages]
    mended = {one.follows for one in every if one.purpose in MENDS}
    found: dict[tuple[str, str], Message] = {}
    for one in every:
        if one.credit and one.id not in mended:
            key = (one.credit.partner, one.credit.account_id)
            found.pop(key, None)
            found[key] = one
    return [*found.values()]


def differing(posts: Iterable[Message], others: Iterable[Message]) -> Iterator[tuple[str, Credit, Credit]]:
    """About what each of these posts says otherwise than which of the others, of another partner."""
    against = [*others]
    for one in posts:
        for other in against:
            if one.credit and other.credit and one.credit.partner != other.credit.partner:
                for about in otherwise(_text(one), _text(other)):
                    yield about, one.credit, other.credit


def _text(message: Message) -> str:
    return " ".join(message.texts.values())
