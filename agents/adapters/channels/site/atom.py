"""Atom feeds (RFC 4287): one of the posts for readers, one of the alerts for services that collect warnings."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from agents.adapters.channels.site.cap import Alert, add, headline, written
from agents.adapters.channels.site.posts import SitePost, anchor, lasting_id
from agents.adapters.channels.site.settings import SiteSettings
from agents.adapters.channels.site.words import Words, spoken, words_for
from agents.adapters.languages import tag_of
from streams.decisions.wording.shown.renderings import languages_of
from streams.values import is_drill

NAMESPACE = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"
FEED = "feed.atom"
INDEX = "cap/index.atom"


def feed(shown: Sequence[SitePost], settings: SiteSettings, *, words: Words) -> bytes:
    """The posts, newest first and at least one; a withdrawn post keeps its entry and loses its words."""
    drill = is_drill(shown[0].dispatch.mode)
    root = _feed(FEED, settings, updated=max(post.updated_at for post in shown), drill=drill)
    for post in shown:
        language = languages_of(post.dispatch.message, settings.order())[0]
        entry = _entry(root, post.dispatch.key, post.updated_at)
        _title(
            entry,
            _mark(words_for(words, language).title(post.dispatch.message, language), drill=drill),
            language=language,
        )
        add(entry, {"published": _time(post.at)})
        ET.SubElement(entry, "link", {"href": f"{settings.url}#{anchor(post.dispatch)}"})
        content = ET.SubElement(entry, "content", {"type": "xhtml"})
        _words(ET.SubElement(content, "div", {"xmlns": XHTML}), post, settings, words)
    return written(root)


def index(listed: Sequence[Alert], settings: SiteSettings, *, updated: datetime, drill: bool) -> bytes:
    """The alerts, newest first, each with the address of its file; it may list none."""
    root = _feed(INDEX, settings, updated=updated, drill=drill)
    for alert in listed:
        dispatch = alert.dispatch
        address = f"{settings.url}{alert_file(alert)}"
        entry = _entry(root, f"{INDEX} {dispatch.key}", alert.at)
        language = languages_of(dispatch.message, settings.order())[0]
        _title(entry, f"{alert.kind}: {headline(dispatch.message.text_for(language))}", language=language)
        ET.SubElement(entry, "link", {"href": address, "type": "application/cap+xml"})
    return written(root)


def alert_file(alert: Alert) -> str:
    """The path of an alert's XML below the site's address."""
    return f"cap/{anchor(alert.dispatch)}.xml"


def _feed(name: str, settings: SiteSettings, *, updated: datetime, drill: bool) -> ET.Element:
    root = ET.Element("feed", {"xmlns": NAMESPACE})
    title = _mark(settings.trust, drill=drill)
    add(root, {"id": lasting_id(f"{settings.sender} {name}"), "title": title, "updated": _time(updated)})
    add(ET.SubElement(root, "author"), {"name": settings.trust})
    ET.SubElement(root, "link", {"rel": "self", "href": f"{settings.url}{name}"})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": settings.url})
    return root


def _entry(root: ET.Element, name: str, updated: datetime) -> ET.Element:
    entry = ET.SubElement(root, "entry")
    add(entry, {"id": lasting_id(name), "updated": _time(updated)})
    return entry


def _title(entry: ET.Element, title: str, *, language: str) -> None:
    """A title says in which language it is, so that it is read aloud in that one."""
    ET.SubElement(entry, "title", {"xml:lang": tag_of(language)}).text = title


def _mark(title: str, *, drill: bool) -> str:
    """A feed reader may show titles only, so a drill's title bears the mark."""
    return f"EXERCISE: {title}" if drill else title


def _words(parent: ET.Element, post: SitePost, settings: SiteSettings, words: Words) -> None:
    """The words in each language, or the sentence that they were withdrawn."""
    zone = ZoneInfo(settings.timezone)
    for language in languages_of(post.dispatch.message, settings.order()):
        tag = tag_of(language)
        part = ET.SubElement(parent, "div", {"lang": tag, "xml:lang": tag, "dir": "auto"})
        labels = words_for(words, language)
        if post.withdrawn_at:
            add(part, {"p": f"{labels.withdrawn} {spoken(post.withdrawn_at, labels, zone=zone)}."})
            continue
        if post.corrected_at:
            add(part, {"p": f"{labels.corrected} {spoken(post.corrected_at, labels, zone=zone)}."})
        for line in post.dispatch.message.text_for(language).split("\n"):
            add(part, {"p": line})


def _time(moment: datetime) -> str:
    """To the millisecond, so that a reader can tell two posts of one second apart."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
