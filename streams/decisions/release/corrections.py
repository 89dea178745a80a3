"""Mending: which of our words a correction or withdrawal is about, where the order does not name it."""

from collections.abc import Sequence

from streams.decisions.verdict import Refused
from streams.decisions.wording.renderer import unmarked
from streams.incident import Incident
from streams.words.delivery import DeliveryState
from streams.words.release import MENDED_BY_NAME_ONLY, MENDS, Message, Release

TOLD_MAX, WORDS_SHOWN = 5, 8


def meant(incident: Incident, body: Release) -> str | None:
    """The message that the order is about: the one it names, else the only one of ours that stands."""
    standing = _standing(incident) if body.purpose in MENDS else ()
    return body.follows or (standing[0].id if len(standing) == 1 else None)


def unclear(incident: Incident, body: Release) -> Refused | None:
    """Why nobody can tell what the order is about, with what it may be; None where that is clear, or need not be."""
    standing = _standing(incident) if body.purpose in MENDS and not body.follows else ()
    if len(standing) < 2:  # noqa: PLR2004 - one is meant, two are not told apart
        return None
    shown = ", ".join(f"{one.id} “{_first_words(one)}”" for one in standing[:TOLD_MAX])
    stand = f"{len(standing)} messages of ours stand, the newest first ({shown})"
    return Refused([f"{stand}: name the one that it follows"])


def _standing(incident: Incident) -> Sequence[Message]:
    """Our own words that are public, or may become so, neither corrected nor withdrawn; the newest first."""
    shown = {one.message_id for one in incident.deliveries.values() if one.state is not DeliveryState.REFUSED}
    found: dict[str, Message] = {}
    for message in incident.messages.values():
        if message.id not in shown:
            continue
        if message.purpose in MENDS:
            # Where an older order did not say, the page took it to be about the last.
            found.pop(message.follows or next(reversed(found), ""), None)
        if message.purpose not in MENDED_BY_NAME_ONLY:
            found[message.id] = message
    return [*reversed(found.values())]


def _first_words(message: Message) -> str:
    words = unmarked(next(iter(message.texts.values()))).split()
    return " ".join(words[:WORDS_SHOWN]) + (" …" if len(words) > WORDS_SHOWN else "")
