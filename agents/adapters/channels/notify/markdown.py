"""Words as Notify has to be given them, so that an e-mail shows them as they are.

In e-mail Notify reads what fills a gap as Markdown: a hashtag at the start of a line would be a heading.
It has no signs for bold and none for code inside a line; a link is shown as it is, and must not be touched.
"""

import re

_LINK = re.compile(r"(https?://\S+)")
_INSIDE = re.compile(r"[\\`\[\]|]")
_FIRST = re.compile(r"^([ \t]*)([#*_~-])", re.MULTILINE)
_NUMBER = re.compile(r"^([ \t]*[0-9]+)\.", re.MULTILINE)


def literal(text: str) -> str:
    """The text with a backslash before each sign that Markdown would read."""
    parts = _LINK.split(text)
    parts[::2] = [_INSIDE.sub(r"\\\g<0>", one) for one in parts[::2]]
    said = "".join(parts)
    return _NUMBER.sub(r"\1\\.", _FIRST.sub(r"\1\\\2", said))
