"""How others write things: domains, identifiers, languages, hashtags, links, times, HTML. Only an odd form is mended.

What a part says is never guessed: a part that cannot be read stays as it is, for its type to refuse, or is left out
where the post needs it not.
"""

import html
import re
import unicodedata
from email.utils import parsedate_to_datetime
from typing import Any

from streams.signs import without_unseen
from streams.values import IDENTIFIER, UNDETERMINED, derive_id

_KEPT = re.compile(IDENTIFIER)
_HASHTAG = re.compile(r"#\w{1,60}")
_LANGUAGES = {"cym": "cy", "wel": "cy", "eng": "en"}
_LINK = re.compile(
    r"https?://(?P<host>[^\W_](?:[\w.-]{0,250}[^\W_])?\.?)(?::(?:80|443))?(?P<rest>(?:[/?#].*)?)", re.IGNORECASE
)
_REST = re.compile(r"[!#-;=?-\[\]^_a-z{|}~]*|", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,10}(?:\s[^<>]*)?/?>", re.IGNORECASE)
_IS_HTML = re.compile(r"</(?:p|a|span|div|b|i|em|strong)>|<br ?/?>", re.IGNORECASE)
_BREAK = re.compile(r"<br ?/?>|</p>|</div>", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-|-?\d+(?:\.\d+)?$")
LINK_CHARACTERS_MAX = 200
NAME_CHARACTERS_MAX = 200


def domain(written: Any) -> Any:  # noqa: ANN401 - any JSON; what is no text stays as it is
    """A domain in small letters, without the dot of the root, in the letters of the wire (IDNA); else as written."""
    if not isinstance(written, str):
        return written
    name = written.strip().rstrip(".")
    try:
        return name.encode("idna").decode().casefold()
    except UnicodeError:
        return name.casefold()


def account(written: Any) -> Any:  # noqa: ANN401 - as above
    """An account's identifier; of a `did:web:` the domain has no case, and no other part of any is changed."""
    name = identifier(written)
    if isinstance(name, str) and name.casefold().startswith("did:web:"):
        _, _, rest = name[4:].partition(":")
        host, colon, path = rest.partition(":")
        return f"did:web:{domain(host)}{colon}{path}"
    return name


def identifier(written: Any) -> Any:  # noqa: ANN401 - as above
    """An identifier as it is if it is one here, else one made from it: the same text gives the same again."""
    if isinstance(written, bool):
        return written
    name = str(written) if isinstance(written, int) else written
    if not isinstance(name, str) or not name.strip() or _KEPT.fullmatch(name):
        return name
    return derive_id("foreign", name)


def name(written: Any) -> Any:  # noqa: ANN401 - as above
    """What an account calls itself, without signs that cannot be seen, cut where it is too long; None if empty."""
    return without_unseen(written).strip()[:NAME_CHARACTERS_MAX] or None if isinstance(written, str) else written


def language(written: Any) -> str:  # noqa: ANN401 - as above
    """The two letters of a language tag such as en-GB, CY or cym; `und` where it names none that has two."""
    first = re.split("[-_]", written.strip().casefold())[0] if isinstance(written, str) else ""
    first = _LANGUAGES.get(first, first)
    return first if re.fullmatch("[a-z]{2}", first) else UNDETERMINED


def hashtags(written: Any) -> tuple[str, ...]:  # noqa: ANN401 - as above
    """The hashtags that can be read, each once, with their sign; full width is folded."""
    several = [written] if isinstance(written, str) else written if isinstance(written, list | tuple) else []
    folded = (unicodedata.normalize("NFKC", one).strip() for one in several if isinstance(one, str))
    signed = (one if one.startswith("#") else f"#{one}" for one in folded)
    return tuple(dict.fromkeys(one for one in signed if _HASHTAG.fullmatch(one)))


def address(written: Any) -> str | None:  # noqa: ANN401 - as above
    """An address as a `Word`; None where it is too long for one, or none. Whether it is a safe link says `link`."""
    fits = isinstance(written, str) and 0 < len(written) <= LINK_CHARACTERS_MAX and written.isprintable()
    return written if fits else None


def moment(written: Any) -> Any:  # noqa: ANN401 - as above
    """A time as RSS writes it (RFC 822) as a moment; anything else as it is."""
    if not isinstance(written, str) or _ISO.match(written):
        return written
    try:
        return parsedate_to_datetime(written)
    except (TypeError, ValueError, IndexError):
        return written


def words(written: Any) -> Any:  # noqa: ANN401 - as above
    """The words of a text that is written in HTML; a text without a closing tag or a line break of HTML is left."""
    if not isinstance(written, str) or not _IS_HTML.search(written):
        return written
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", written))).strip()


def link(written: str | None, domains: tuple[str, ...]) -> str | None:
    """The address, its host as it goes over the wire, if it lies on one of these domains or below; else None.

    A name before the host, a port of its own, or a sign that readers of addresses disagree about makes it None.
    """
    found = _LINK.fullmatch(written or "")
    rest = _wire(found["rest"]) if found else ""
    if found is None or not _REST.fullmatch(rest):
        return None
    host = domain(found["host"])
    ours = [domain(one) for one in domains]
    if not any(host == one or host.endswith(f".{one}") for one in ours):
        return None
    scheme = "https" if (written or "")[:5].casefold() == "https" else "http"
    return address(f"{scheme}://{host}{rest}")


def _wire(rest: str) -> str:
    """What follows the host, with letters beyond ASCII as they go over the wire."""
    return "".join(one if one.isascii() else "".join(f"%{byte:02X}" for byte in one.encode()) for one in rest)
