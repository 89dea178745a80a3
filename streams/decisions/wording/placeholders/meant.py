"""What looks like a placeholder and is meant: links and addresses, and brackets of editors and of channels.

Its words are code and no data: they let brackets pass which would else be refused.
"""

import re

from streams.decisions.wording.patterns import Pattern

_LINKS = Pattern(
    r"https?://[^\s<>\[\]{}]+|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+|(?<![\w.])www\.[\w./?=&%+-]+"
    r"|^[ \t]*(?:[-=*~#•][ \t]?){2,}$|^#{1,6}(?= [^\W\d_a-zß-ÿ])",
    re.MULTILINE,
)
"""Links and addresses; and lines that part paragraphs and the marks of a heading."""
_BRACKETS = Pattern(
    r"\[(?:sic|her?|his|its?|our|she|that|their|they|this|we|\d{1,2}/\d{1,2}"
    r"|(?:amended|audio|cancelled|clip|closed|correct(?:ed|ion)|cy|cymraeg|diweddariad|en|ended|english|fideo|live"
    r"|livestream|llun|open|photos?|pics?|pictures?|postponed|resolved|thread|translation|update[ds]?|video|welsh)"
    r"(?: above| below| isod| uchod| [\d:./ ]+)?|(?:fideo|image|llun|map|photo|picture|video): [^\[\]]*)\]",
    re.IGNORECASE,
)
"""What is shown, said in another language, or new; and one word in place of another."""
_QUOTED = Pattern(
    r"([“\"][^“”\"\[\]]{0,400})\[(?:…|\.{3}|[a-wA-W](?=\][a-z])|(?:Mrs?|Ms|Dr) [A-Z][a-z]+"
    r"|(?:[Ii]t|[Hh]e|[Ss]he|[Tt]h(?:at|ere|ey|is)|[Ww]e) [a-z]+|(?:an?|by|his|her|in|my|of|our|the|their|who)\b"
    r"(?![^\]]{0,60}\b(?:address|area|date|details|here|hospital|line|link|location|name|number|place|quote|site"
    r"|something|statement|time|title|town|ward|words?)\b)[a-z -]{0,60})\]"
)
"""What an editor puts into somebody's words, or leaves out of them; not the name of a field."""


def outside(text: str) -> str:
    """The text with dots in place of what is meant, of the same length."""
    text = _LINKS.compiled.sub(lambda link: "·" * len(link[0]), text)
    if "[" not in text:
        return text
    text = _BRACKETS.compiled.sub(lambda meant: "·" * len(meant[0]), text)
    return _QUOTED.compiled.sub(lambda said: said[1] + "·" * (len(said[0]) - len(said[1])), text)
