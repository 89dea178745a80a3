"""The order of the languages in which a place speaks."""

from collections.abc import Sequence

from streams.values import UNDETERMINED
from streams.words.release import Message


def languages_of(message: Message, order: Sequence[str]) -> Sequence[str]:
    """The languages of a message in the order of the place; languages that the place does not name come last."""
    known = [language for language in order if language in message.texts]
    return [*known, *sorted(set(message.texts) - set(known))]


def tag_of(language: str) -> str:
    """The language as HTML and XML name it; empty where it is not known, so that no reader takes it for another."""
    return "" if language == UNDETERMINED else language
