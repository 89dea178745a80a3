"""The entries of a feed: Atom (RFC 4287, with the tombstones of RFC 6721), RSS 2.0 and RSS 1.0, read into one form."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

from lxml import etree

from agents.adapters.feeds.reading.alerts import VERSIONS as CAP
from agents.adapters.feeds.reading.alerts import is_alert
from agents.adapters.feeds.reading.documents import Untaken, words_in
from agents.adapters.feeds.reading.plain import words_of_html
from streams.values import UNDETERMINED

ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONES = "{http://purl.org/atompub/tombstones/1.0}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
DUBLIN = "{http://purl.org/dc/elements/1.1/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
RSS_1 = "{http://purl.org/rss/1.0/}"
LANGUAGE = "ancestor-or-self::*/@xml:lang"


@dataclass(frozen=True)
class Target:
    """A link of an entry, its address made whole."""

    address: str
    relation: str
    type: str


@dataclass(frozen=True)
class FeedEntry:
    """An entry as written: its times are not read yet. `title` and `body` are plain words.

    `ended` is when it was taken away; None if it was not. `inside` are the elements that it carries.
    """

    id: str
    title: str = ""
    body: str = ""
    updated: str = ""
    published: str = ""
    language: str = UNDETERMINED
    targets: tuple[Target, ...] = ()
    ended: str | None = None
    inside: tuple[etree._Element, ...] = ()

    @property
    def is_of_index(self) -> bool:
        """Whether it only sums up a CAP message, with some of its elements: the message itself has to be read."""
        return any(etree.QName(one).namespace in CAP and not is_alert(one) for one in self.inside)

    @property
    def page(self) -> str | None:
        """The address of its page for people."""
        pages = [one for one in self.targets if one.relation == "alternate"]
        return next((one.address for one in pages if "html" in one.type), pages[0].address if pages else None)


def entries(root: etree._Element, address: str) -> Iterator[FeedEntry]:
    """Every entry of a feed that lies at this address, in its order; `Untaken` if it is no feed that we read."""
    if root.tag == f"{ATOM}feed":
        for one in root:
            if one.tag == f"{ATOM}entry":
                yield _of_atom(one, address)
            elif one.tag == f"{TOMBSTONES}deleted-entry":
                yield FeedEntry(id=str(one.get("ref", "")).strip(), ended=str(one.get("when", "")))
    elif root.tag == f"{ATOM}entry":
        yield _of_atom(root, address)
    elif root.tag == "rss" and root.find("channel") is not None:
        for item in root.iterfind("channel/item"):
            yield _of_rss(item, address)
    elif root.tag == f"{RDF}RDF" and root.find(f"{RSS_1}channel") is not None:
        language = words_in(root.find(f"{RSS_1}channel/{DUBLIN}language"))
        for item in root.iterfind(f"{RSS_1}item"):
            yield _of_rss_1(item, address, language=language)
    else:
        raise Untaken(f"<{etree.QName(root).localname}> is no Atom or RSS feed: see whether the address is right")


def _of_atom(entry: etree._Element, address: str) -> FeedEntry:
    content, summary = entry.find(f"{ATOM}content"), entry.find(f"{ATOM}summary")
    inside = [*entry, *content] if content is not None else [*entry]
    links = entry.findall(f"{ATOM}link")
    return FeedEntry(
        id=words_in(entry.find(f"{ATOM}id")),
        title=_construct(entry.find(f"{ATOM}title")),
        body=_construct(content) or _construct(summary),
        updated=words_in(entry.find(f"{ATOM}updated")),
        published=words_in(entry.find(f"{ATOM}published")),
        language=_language(entry),
        targets=tuple(
            Target(whole, one.get("rel") or "alternate", (one.get("type") or "").casefold())
            for one in links
            if (whole := _whole(one, one.get("href") or "", feed=address))
        ),
        inside=tuple(one for one in inside if isinstance(one.tag, str)),
    )


def _construct(element: etree._Element | None) -> str:
    """The plain words of a text as Atom writes them: text, HTML, or XHTML; "" of another document."""
    if element is None:
        return ""
    kind = (element.get("type") or "text").casefold()
    if kind in {"html", "text/html"}:
        return words_of_html(words_in(element))
    if kind == "xhtml":
        return words_of_html(etree.tostring(element, encoding="unicode", with_tail=False))
    return words_in(element) if kind in {"text", "text/plain"} else ""


def _of_rss(item: etree._Element, address: str) -> FeedEntry:
    """RSS says of no text whether it is HTML, so a description is read as it; a title is plain, but for entities.

    A `guid` is the address of the item's page where no link is there, unless it says that it is none.
    """
    named = item.find("guid")
    guid = words_in(named)
    is_address = named is not None and (named.get("isPermaLink") or "true").strip().casefold() == "true"
    link = words_in(item.find("link")) or (guid if is_address else "")
    written = words_in(item.find(CONTENT)) or words_in(item.find("description"))
    targets = [Target(_whole(item, link, feed=address), "alternate", "")]
    others = [(one, "enclosure", one.get("url")) for one in item.findall("enclosure")]
    others += [(one, one.get("rel") or "alternate", one.get("href")) for one in item.findall(f"{ATOM}link")]
    targets += [
        Target(_whole(one, address_of or "", feed=address), relation, (one.get("type") or "").casefold())
        for one, relation, address_of in others
    ]
    return FeedEntry(
        id=guid or link,
        title=unescape(words_in(item.find("title"))),
        body=words_of_html(written),
        updated=words_in(item.find(f"{ATOM}updated")),
        published=words_in(item.find("pubDate")) or words_in(item.find(f"{DUBLIN}date")),
        language=_language(item) or words_in(item.find("../language")),
        targets=tuple(one for one in targets if one.address),
        inside=tuple(one for one in item if isinstance(one.tag, str)),
    )


def _of_rss_1(item: etree._Element, address: str, *, language: str) -> FeedEntry:
    """Of RSS 1.0 an item is known by what it is `about`, and its date and language are Dublin Core's."""
    link = _whole(item, words_in(item.find(f"{RSS_1}link")), feed=address)
    written = words_in(item.find(CONTENT)) or words_in(item.find(f"{RSS_1}description"))
    return FeedEntry(
        id=str(item.get(f"{RDF}about", "")).strip() or link,
        title=unescape(words_in(item.find(f"{RSS_1}title"))),
        body=words_of_html(written),
        published=words_in(item.find(f"{DUBLIN}date")),
        language=_language(item) or words_in(item.find(f"{DUBLIN}language")) or language,
        targets=(Target(link, "alternate", ""),) if link else (),
        inside=tuple(one for one in item if isinstance(one.tag, str)),
    )


def _language(element: etree._Element) -> str:
    found = element.xpath(LANGUAGE)
    return str(found[-1]) if found else ""


def _whole(element: etree._Element, written: str, *, feed: str) -> str:
    """The address that a link leads to in a feed at this address; "" if it leads to none that can be fetched."""
    try:
        whole = urljoin(urljoin(feed, element.base or ""), written.strip()) if written.strip() else ""
    except ValueError:
        return ""
    return whole if whole.startswith(("https://", "http://")) else ""
