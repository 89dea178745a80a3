"""Languages as the formats of the web name them."""

from streams.decisions.wording.shown.renderings import languages_of
from streams.values import UNDETERMINED

__all__ = ["languages_of", "tag_of"]


def tag_of(language: str) -> str:
    """The language as HTML and XML name it; empty where it is not known, so that no reader takes it for another."""
    return "" if language == UNDETERMINED else language
