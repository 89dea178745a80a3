"""Invented documents of invented authorities, in the styles of feeds of several countries; and who sends them."""

from collections.abc import Mapping
from datetime import UTC, datetime

from agents.adapters.feeds.parsed import Parse, Parsed, Source
from streams.values import LIVE
from streams.words.posts import PartnerPost
from streams.words.register.partners import PartnerAccount

NOW = datetime(2026, 11, 29, 18, 0, tzinfo=UTC)
SENDER, DOMAIN = "warnings@ardudwy.example.org", "ardudwy.example.org"
ADDRESS = f"https://alerts.{DOMAIN}/feed.xml"
CAP_12 = "urn:oasis:names:tc:emergency:cap:1.2"
CAP_11 = "urn:oasis:names:tc:emergency:cap:1.1"
CAP_10 = "http://www.incident.com/cap/1.0"
ATOM = "http://www.w3.org/2005/Atom"


def source(now: datetime = NOW, account_id: str = SENDER, **options: str) -> Source:
    account = PartnerAccount(
        kind="cap", account_id=account_id, domain=DOMAIN, address=ADDRESS, evidence="Their letter.", options=options
    )
    return Source(LIVE, account, now)


def posts(parsed: Parsed) -> list[PartnerPost]:
    return [one for one in parsed.items if isinstance(one, PartnerPost)]


def outcome(parsed: Parsed) -> list[tuple[str, str]]:
    """What became of each post, by its name."""
    return [(one.change, one.post_id) for one in posts(parsed)]


INFO = {
    "language": "en-GB",
    "category": "Met",
    "event": "Flood warning",
    "urgency": "Immediate",
    "severity": "Severe",
    "certainty": "Likely",
    "expires": "2026-11-30T06:00:00+00:00",
    "headline": "Flooding is expected in Pont Ddu",
    "description": "The river is rising.",
    "instruction": "Stay away from the river.",
}


def info(**changed: str | None) -> str:
    said = INFO | changed
    area = f"<area><areaDesc>{said.pop('areaDesc', None) or 'Pont Ddu'}</areaDesc></area>"
    return f"<info>{_elements(said)}{area}</info>"


def alert(*infos: str, namespace: str = CAP_12, **changed: str | None) -> str:
    """A message; an element that is None is left out."""
    said: Mapping[str, str | None] = {
        "identifier": "flood-1",
        "sender": SENDER,
        "sent": "2026-11-29T17:55:00+00:00",
        "status": "Actual",
        "msgType": "Alert",
        "scope": "Public",
        "references": None,
    } | changed
    return f'<alert xmlns="{namespace}">{_elements(said)}{"".join(infos or (info(),))}</alert>'


def _elements(said: Mapping[str, str | None]) -> str:
    return "".join(f"<{name}>{text}</{name}>" for name, text in said.items() if text is not None)


def named(identifier: str, sent: str = "2026-11-29T17:00:00+00:00", sender: str = SENDER) -> str:
    """A message as a later one names it."""
    return f"{sender},{identifier},{sent}"


def entry(name: str = "tag:ardudwy.example.org,2026:1", *, rest: str = "", **changed: str | None) -> str:
    said = {
        "title": "The road is closed",
        "updated": "2026-11-29T17:50:00Z",
        "published": "2026-11-29T17:40:00Z",
        "summary": "The bridge at Pont Ddu is closed.",
    } | changed
    return f"<entry><id>{name}</id>{_elements(said)}{rest}</entry>"


def atom(*entries: str, attributes: str = 'xml:lang="cy"') -> str:
    return (
        f'<feed xmlns="{ATOM}" {attributes}><id>tag:ardudwy.example.org,2026:feed</id><title>News</title>'
        f"<updated>2026-11-29T17:50:00Z</updated>{''.join(entries)}</feed>"
    )


def item(**changed: str | None) -> str:
    said = {
        "title": "The road is closed",
        "link": f"https://news.{DOMAIN}/1",
        "guid": "urn:news:1",
        "pubDate": "Sun, 29 Nov 2026 17:40:00 +0000",
        "description": "The bridge at Pont Ddu is closed.",
    } | changed
    return f"<item>{_elements(said)}</item>"


def rss(*items: str) -> str:
    return f'<rss version="2.0"><channel><title>News</title><language>en-gb</language>{"".join(items)}</channel></rss>'


def read(parse: Parse, text: str, of: Source | None = None) -> Parsed:
    return parse(text.encode(), of or source())
