r"""LinkedIn's "little text", in which a post is written and read: some signs are markup unless a `\` is before them.

A reserved sign that is left as it is cuts the post off there, and LinkedIn reports a success.
"""

import re

RESERVED = r"\|{}@[]()<>#*_~"
_RESERVED = re.compile(rf"[{re.escape(RESERVED)}]")
_HASHTAG = re.compile(r"(?<!\w)#(?P<tag>\w*[^\W\d_]\w*)")
_ELEMENT = re.compile(
    r"\{hashtag\|\\?(?P<sign>[#＃])\|(?P<tag>(?:\\.|[^\\{}|])*)\}"
    r"|@\[(?P<name>(?:\\.|[^\\\]])*)\]\([^()]*\)"
    r"|\\(?P<plain>.)",
    re.DOTALL,
)


def written(text: str) -> str:
    """A text in little text: all its signs as they are, and its hashtags as hashtags."""
    end, parts = 0, list[str]()
    for found in _HASHTAG.finditer(text):
        parts += [_escape(text[end : found.start()]), rf"{{hashtag|\#|{_escape(found['tag'])}}}"]
        end = found.end()
    return "".join([*parts, _escape(text[end:])])


def read(little: str) -> str:
    """The text that a reader sees for this little text."""
    return _ELEMENT.sub(_shown, little)


def _escape(text: str) -> str:
    return _RESERVED.sub(r"\\\g<0>", text)


def _shown(found: re.Match[str]) -> str:
    if found["sign"]:
        return found["sign"] + read(found["tag"])
    return read(found["name"]) if found["name"] is not None else found["plain"]
