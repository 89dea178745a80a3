"""The sentences of the console by name, as letters and the command line use them too."""

from collections.abc import Mapping

IN_DRILL = "-in-drill"
"""The sentences that a drill has of its own have names that end so."""


def worded(words: Mapping[str, str], name: str, *, is_live: bool) -> str:
    """The sentence of this name; a drill says otherwise what would be public, where it has its own sentence."""
    own = None if is_live else words.get(f"{name}{IN_DRILL}")
    return own or words[name]
