"""The banner that other pages of the trust's web site include: a word in an emergency, at the top of each.

Its shape is that of GOV.UK's emergency banner. It comes with the first word, changes with each newer one, and goes with
the withdrawal or the all-clear. A drill has none: somebody's page would show it to the public.
"""

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

from pydantic_core import to_json

from agents.adapters.channels.site.posts import SitePost, anchor
from agents.adapters.channels.site.settings import SiteSettings
from agents.adapters.channels.site.words import Words, words_for
from agents.adapters.languages import tag_of
from streams.decisions.wording.shown.renderings import languages_of
from streams.values import Form, Purpose

DATA, FRAGMENT = "banner.json", "banner.html"
STANDS = frozenset({Purpose.HOLDING, Purpose.LINE, Purpose.CORRECTION})


def standing(posts: Sequence[SitePost]) -> SitePost | None:
    """Our newest word that still holds; None if none does. The posts are newest first."""
    over = set[str]()
    for post in posts:
        if not post.is_ours:
            continue
        if post.dispatch.message.purpose is Purpose.ALL_CLEAR and not post.withdrawn_at:
            over.add(post.incident)
        is_over = post.incident in over or post.withdrawn_at or post.corrected_at
        if post.dispatch.message.purpose in STANDS and not is_over:
            return post
    return None


def data(post: SitePost | None, settings: SiteSettings, *, words: Words) -> bytes:
    """The banner for a program: its parts in each language; `banner` is null if there is none."""
    return to_json({"banner": _parts(post, settings, words) if post else None}, indent=1) + b"\n"


def fragment(post: SitePost | None, settings: SiteSettings, *, words: Words) -> bytes:
    """The banner as a piece of HTML without style or script; nothing at all if there is none."""
    if post is None:
        return b""
    banner = _parts(post, settings, words)
    classes = f"emergency-banner emergency-banner--{banner['campaign_class']}"
    root = ET.Element("section", {"class": classes, "aria-labelledby": "emergency-banner", "data-nosnippet": ""})
    for number, (language, part) in enumerate(banner["languages"].items()):
        tag = {"lang": tag_of(language), "dir": "auto"}
        block = ET.SubElement(root, "div", {"class": "emergency-banner__language", **tag})
        named = {"id": "emergency-banner"} if number == 0 else {}
        ET.SubElement(block, "h2", {"class": "emergency-banner__heading", **named}).text = part["heading"]
        for line in filter(str.strip, part["short_description"].split("\n")):
            ET.SubElement(block, "p", {"class": "emergency-banner__description"}).text = line
        link = ET.SubElement(block, "a", {"class": "emergency-banner__link", "href": banner["link"]})
        link.text = part["link_text"]
    written: bytes = ET.tostring(root, encoding="utf-8", method="html")
    return written + b"\n"


def _parts(post: SitePost, settings: SiteSettings, words: Words) -> dict[str, Any]:
    message = post.dispatch.message
    return {
        "campaign_class": settings.banner,
        "link": f"{settings.url}#{anchor(post.dispatch)}",
        "published": post.at.isoformat(),
        "languages": {
            language: {
                "heading": message.titles.get(language) or words_for(words, language).heading,
                "short_description": message.text_for(language, Form.SHORT),
                "link_text": words_for(words, language).more,
            }
            for language in languages_of(message, settings.order())
        },
    }
