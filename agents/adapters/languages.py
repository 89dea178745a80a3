"""Languages as the formats of the web name them."""

from streams.values import UNDETERMINED


def tag_of(language: str) -> str:
    """The language as HTML and XML name it; empty where it is not known, so that no reader takes it for another."""
    return "" if language == UNDETERMINED else language
