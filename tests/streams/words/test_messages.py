"""The hash that a yes is given to: whatever changes what the public sees changes it, and older ones still verify."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from streams.subjects.incident import Incident
from streams.values import Form, Purpose
from streams.words.release import Message, Release
from tests import builders
from tests.builders import NEXT_UPDATE

OLDER: dict[str, Any] = {
    "id": "msg-e0734a23788e8c14e1a6",
    "purpose": "withdrawal",
    "texts": {"en": "We withdraw our last post."},
    "channels": ["website"],
    "expires_at": "2026-01-14T23:01:00Z",
    "follows": "msg-7cf4063ddf3869b4eede",
    "next_update_at": "2026-01-14T23:30:00Z",
}
"""As messages were stored before their hash had forms."""
HASHED = (
    b'{"audience":"public","channels":["website"],"credit":null,"expires_at":"2026-01-14T23:01:00Z","hashtags":[],'
    b'"purpose":"withdrawal","slots":{},"texts":{"en":"We withdraw our last post."}}'
)


def message() -> Message:
    incident = builders.carried_out(builders.released(), builders.holding(purpose=Purpose.WITHDRAWAL))
    return [*incident.messages.values()][-1]


def test_a_message_of_an_older_release_keeps_its_hash() -> None:
    """Facts stay verifiable; what that hash did not cover it still does not."""
    assert Message(**OLDER).content() == hashlib.sha256(HASHED).hexdigest()
    assert Message(**{**OLDER, "follows": "msg-other"}).content() == hashlib.sha256(HASHED).hexdigest()


def form_of(body: Release, incident: Incident) -> int:
    """The form of the message as it was before messages had titles."""
    return untitled([*builders.carried_out(incident, body).messages.values()][-1]).form


def untitled(one: Message) -> Message:
    return one.model_copy(update={"titles": {}}).sealed()


def test_a_message_that_is_about_no_other_is_hashed_as_ever() -> None:
    """Apart from its title, which older releases did not write."""
    incident = builders.released()
    ending = builders.holding(purpose=Purpose.ALL_CLEAR)
    assert form_of(builders.holding(), builders.declared()) == form_of(ending, incident) == 1
    assert form_of(ending.model_copy(update={"follows": message().follows}), incident) == 2
    assert form_of(builders.holding(purpose=Purpose.WITHDRAWAL), builders.declared()) == 2


def test_short_texts_are_covered_by_a_newer_form() -> None:
    """A yes to a message with a short form is to both; one without it keeps its hash."""
    plain = untitled(message())
    short = plain.model_copy(update={"short_texts": {"en": "Withdrawn."}}).sealed()
    assert (plain.form, short.form) == (2, 3)
    assert short.content_hash == short.content() != plain.content_hash
    assert short.model_copy(update={"short_texts": {"en": "Stands."}}).content() != short.content_hash
    assert short.model_copy(update={"short_texts": {}}).content() != short.content_hash
    assert "short_texts" not in plain.model_dump()


def test_a_text_is_read_in_its_form_with_the_hashtags() -> None:
    """Where there is no short text the long one is shown."""
    short = message().model_copy(update={"short_texts": {"en": "Withdrawn."}})
    assert short.text_for("en") == "We withdraw our last post. #AshbyCrash"
    assert short.text_for("en", Form.SHORT) == "Withdrawn. #AshbyCrash"
    assert short.text_for("cy", Form.SHORT) == short.text_for("cy")


@pytest.mark.parametrize(
    "change",
    [
        {"follows": "msg-other"},
        {"follows": None},
        {"form": 1},
        {"slots": {**builders.SLOTS, "next_update": "23:45"}},
        {"texts": {"en": "Another word."}},
        {"titles": {"en": "Another title"}},
        {"titles": {}},
        {"channels": ("website",)},
        {"expires_at": NEXT_UPDATE + timedelta(minutes=1)},
    ],
)
def test_whatever_changes_what_the_public_sees_voids_a_yes(change: dict[str, Any]) -> None:
    """Also which message is struck out; and no hash of the newer form is one of the older."""
    sealed = message()
    assert sealed.content() == sealed.content_hash
    assert sealed.model_copy(update=change).content() != sealed.content_hash
