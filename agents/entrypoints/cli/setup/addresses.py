"""The two addresses on the web that a trust chooses: that of its public pages, and that of its console."""

import re
from urllib.parse import urlsplit

from agents.console.house import Address

_URL = re.compile(r"https?://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(?::\d+)?(?:/[A-Za-z0-9._~/-]*)?")
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
HOST_MAX = 253


def url_of(text: str) -> str:
    """The address of a folder on the web."""
    if _URL.fullmatch(text) is None:
        raise ValueError(f"“{text}” is no address of a web page: write it like https://alerts.trust.nhs.uk/")
    return text if text.endswith("/") else f"{text}/"


def console_of(text: str, public: str) -> str:
    """The address of the console: https and a host name, which is not that of the public pages."""
    wrong = f"“{text}” cannot be the console's address: "
    if text.casefold().startswith("http:"):
        raise ValueError(f"{wrong}passkeys need https, so begin it with https://")
    try:
        found = Address.of(text.rstrip("/").casefold())
        port = urlsplit(found.origin).port
    except ValueError:
        raise ValueError(f"{wrong}write https:// and a host name alone, like https://live.trust.nhs.uk") from None
    if len(found.rp_id) > HOST_MAX or _NAME.fullmatch(found.rp_id) is None or "@" in found.origin:
        raise ValueError(f"{wrong}passkeys belong to a host name, so write one like live.trust.nhs.uk, and no number")
    if found.rp_id == urlsplit(public).hostname:
        raise ValueError(f"{wrong}it is that of your public pages, so give the console a host name of its own")
    return found.origin if port != 443 else found.origin.removesuffix(":443")  # noqa: PLR2004 - what https means
