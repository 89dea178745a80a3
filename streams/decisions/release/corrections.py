"""Corrections: which message a correction or withdrawal is about, if the order does not name it."""

from collections.abc import Sequence

from streams.decisions.wording.renderer import unmarked
from streams.incident import Incident
from streams.words.delivery import DeliveryState
from streams.words.release import MENDED_BY_NAME_ONLY, MENDS, Message, Release

TOLD_MAX, WORDS_SHOWN = 5, 8


def meant(incident: Incident, body: Release) -> str | None:
    """The message that the order is about: the one it names, else the trust's only message that is still in effect."""
    standing = _standing(incident) if body.purpose in MENDS else ()
    return body.follows or (standing[0].id if len(standing) == 1 else None)


def unclear(incident: Incident, body: Release) -> list[str]:
    """Why it is unclear what the order is about, with the candidates; empty if it is clear, or need not be."""
    standing = _standing(incident) if body.purpose in MENDS and not body.follows else ()
    if len(standing) < 2:  # noqa: PLR2004 - one is meant, two are not told apart
        return []
    shown = ", ".join(f"{one.id} “{_first_words(one)}”" for one in standing[:TOLD_MAX])
    return [f"{len(standing)} messages of ours stand, the newest first ({shown}): name the one that it follows"]


def _standing(incident: Incident) -> Sequence[Message]:
    """The trust's own messages that are or may become public, neither corrected nor withdrawn; the newest first."""
    shown = {one.message_id for one in incident.deliveries.values() if one.state is not DeliveryState.REFUSED}
    found: dict[str, Message] = {}
    for message in incident.messages.values():
        if message.id not in shown:
            continue
        if message.purpose in MENDS:
            # If an older order did not say, the page took it to be about the last message.
            found.pop(message.follows or next(reversed(found), ""), None)
        if message.purpose not in MENDED_BY_NAME_ONLY:
            found[message.id] = message
    return [*reversed(found.values())]


def _first_words(message: Message) -> str:
    words = unmarked(next(iter(message.texts.values()))).split()
    return " ".join(words[:WORDS_SHOWN]) + (" …" if len(words) > WORDS_SHOWN else "")
