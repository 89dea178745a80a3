"""Dispatches to try channels with."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from streams.decisions.wording.renderer import marked
from streams.values import IncidentType, Power, Purpose, derive_id
from streams.words.delivery import Dispatch, Receipt, Verb
from streams.words.release import Authorisation, Message

NIGHT = datetime(2026, 11, 21, 22, 45, tzinfo=UTC)
CHANNEL = "place"
DRILL = "exercise-autumn"
WORDS = {
    "en": "We are responding to a fire at Northgate Hospital, reported at 22:31. Please stay away.",
    "cy": "Rydym yn ymateb i dân yn Ysbyty Northgate, adroddwyd am 22:31. Cadwch draw os gwelwch yn dda.",
}
WORDS_AFTER = {
    "en": "What we said about a fire at Northgate Hospital was wrong.",
    "cy": "Nid oedd yr hyn a ddywedwyd am dân yn Ysbyty Northgate yn gywir.",
}
PURPOSES = {
    Verb.CORRECT: Purpose.CORRECTION,
    Verb.WITHDRAW: Purpose.WITHDRAWAL,
    Verb.UN_REPOST: Purpose.WITHDRAWAL,
}
TITLES = {"en": "Fire – Northgate Hospital", "cy": "Tân – Ysbyty Northgate"}


def dispatch(
    name: str = "first",
    *,
    purpose: Purpose = Purpose.HOLDING,
    texts: Mapping[str, str] = WORDS,
    mode: str = "live",
    minutes: int = 0,
    follows: str | None = None,
) -> Dispatch:
    """A dispatch of the message `name`, authorised so many minutes after 22:45; `follows` is another one's name."""
    at = NIGHT + timedelta(minutes=minutes)
    message = Message(
        titles={language: TITLES[language] for language in texts if language in TITLES},
        id=message_id(name),
        purpose=purpose,
        texts=marked(texts, mode),
        channels=(CHANNEL,),
        hashtags=("#NorthgateFire",),
        expires_at=at + timedelta(minutes=30),
        next_update_at=at + timedelta(minutes=45),
        follows=message_id(follows) if follows else None,
    )
    message = message.sealed()
    return Dispatch(
        key=derive_id("dlv", message.id, CHANNEL),
        mode=mode,
        incident_id="inc-1",
        incident_name="Sam Boland burnt down Northgate",
        incident_type=IncidentType.MAJOR,
        incident_level=3,
        channel=CHANNEL,
        message=message,
        authorisation=Authorisation(
            person="director-on-call",
            power=Power.RELEASE_HOLDING,
            rule="grant-1",
            register_version="0" * 16,
            content_hash=message.content_hash,
            at=at,
            until=at + timedelta(hours=1),
        ),
    )


def after(one: Dispatch, *, verb: Verb, receipt: Receipt | None = None, name: str = "second") -> Dispatch:
    """A dispatch that follows this one, a few minutes later; without a receipt nobody knows what became of it."""
    later = dispatch(name, purpose=PURPOSES[verb], texts=WORDS_AFTER, mode=one.mode, minutes=5)
    message = later.message.model_copy(update={"follows": one.message.id}).sealed()
    target = {"target": receipt, "target_key": one.key, "target_at": one.authorisation.at}
    return later.model_copy(update={"message": message, "verb": verb, **target})


def message_id(name: str) -> str:
    """The identifier of the message with this name."""
    return derive_id("msg", name)
