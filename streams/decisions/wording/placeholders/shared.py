"""Gaps in somebody else's words: of the certain kinds those that no ordinary post of a partner has."""

from collections.abc import Iterator

from streams.decisions.wording.placeholders.search import Gap, gaps

OF_OTHERS = frozenset(
    {
        "a field in braces",
        "a field in brackets",
        "a field in angle brackets",
        "a field in double parentheses",
        "a field of a program",
        "words in capitals joined by underscores",
        "a row of X",
        "X in a number",
        "a date as letters",
        "an hour as letters",
        "a date of nothing",
        "what a program shows for nothing",
        "filler",
    }
)
"""Rows of dots and question marks, lines, empty quotation marks and “TBC” are how people write; these are not."""
_QUOTED, _ESCAPED, _LEADS_ON = "«", "&", ("//", "@", "#")


def gaps_of_others(text: str) -> Iterator[Gap]:
    """What of a post of somebody else was never filled in; tags in brackets, kisses and quotations are meant."""
    return (one for one in gaps(text) if one.kind in OF_OTHERS and not _is_meant(one, text))


def _is_meant(gap: Gap, text: str) -> bool:
    words = gap.words.strip()
    if gap.kind == "a field in brackets":
        # A tag before the words, an aside with a link, an account or a hashtag, and what was cut off.
        is_whole = words.startswith("[") and words.endswith("]")
        return not is_whole or any(sign in words for sign in _LEADS_ON) or not text[: gap.start].strip()
    return words.startswith((_QUOTED, _ESCAPED)) or (gap.kind == "a row of X" and words.islower())
