"""Welsh: how the beginning of a word changes after others, so that a name is known in each of its forms."""

from collections.abc import Iterator, Mapping, Sequence

_FORMS: Mapping[str, Sequence[str]] = {
    "ll": ("l",),
    "rh": ("r",),
    "c": ("g", "ngh", "ch"),
    "p": ("b", "mh", "ph"),
    "t": ("d", "nh", "th"),
    "g": ("", "ng"),
    "b": ("f", "m"),
    "d": ("dd", "n"),
    "m": ("f",),
}
"""How a word begins, the longest first, and how it may begin once it is mutated: soft, nasal, spirant."""
_NEVER = ("ch", "dd", "ph", "th", "ng")
"""Letters of their own, which do not change."""


def mutated(phrase: str) -> Iterator[str]:
    """The folded phrase with its first word as Welsh may change it; without its form as it is."""
    if phrase.startswith(_NEVER):
        return
    start = next((one for one in _FORMS if phrase.startswith(one)), None)
    for form in _FORMS[start] if start else ():
        yield f"{form}{phrase[len(start or '') :]}"
