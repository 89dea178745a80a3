"""Alerts in the Common Alerting Protocol 1.2: how the words of an incident follow on one another, and their XML.

Only the trust's own words become alerts. A correction or line updates, a withdrawal or all-clear cancels.
The schema accepts both without a reference; here they become an alert only if there is an alert to refer to.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from xml.etree import ElementTree as ET

from agents.adapters.channels.site.posts import Published, in_order, targets
from agents.adapters.channels.site.settings import SiteSettings
from agents.adapters.channels.site.words import Words, words_for
from streams.decisions.wording.shown.renderings import languages_of
from streams.values import Purpose, is_drill
from streams.words.delivery import Dispatch

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
HEADLINE_CHARACTERS_MAX = 160
EXERCISE_NOTE = "EXERCISE: this alert is part of a drill, nothing has happened."

NO_ALERT = frozenset({Purpose.AMPLIFICATION, Purpose.PLANNED})
"""Words of these purposes are no alert of ours."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One dispatch as an alert, sent `at`; an `Update` or `Cancel` names at least one alert that it is about."""

    published: Published
    kind: Literal["Alert", "Update", "Cancel"]
    about: tuple[Published, ...] = ()

    @property
    def dispatch(self) -> Dispatch:
        """What was published."""
        return self.published.dispatch

    @property
    def at(self) -> datetime:
        """When it was published."""
        return self.published.at

    def __post_init__(self) -> None:
        if (self.kind == "Alert") is bool(self.about):
            raise ValueError(f"an alert of kind {self.kind} has {len(self.about)} references")


def alerts(published: Sequence[Published]) -> Sequence[Alert]:
    """The alerts of all incidents, oldest first. Amplified posts, and what takes them back, are left out."""
    ordered = in_order(published)
    about = targets([one.dispatch for one in ordered])
    by_key = {one.dispatch.key: one for one in ordered}
    active: dict[str, list[Published]] = {}
    found = []
    for one in ordered:
        standing = active.setdefault(one.dispatch.incident_id, [])
        target = about.get(one.dispatch.key)
        alert = _alert(one, by_key[target.key] if target else None, standing)
        if alert is None:
            continue
        found.append(alert)
        standing[:] = [other for other in standing if other not in alert.about]
        if alert.kind != "Cancel":
            standing.append(one)
    return found


def _alert(one: Published, target: Published | None, standing: Sequence[Published]) -> Alert | None:
    """One alert; None if it needs a reference and no earlier alert of the trust is there."""
    ours = (target,) if target and target.dispatch.message.purpose not in NO_ALERT else ()
    match one.dispatch.message.purpose:
        case purpose if purpose in NO_ALERT:
            return None
        case Purpose.WITHDRAWAL:
            return Alert(one, "Cancel", ours) if ours else None
        case Purpose.ALL_CLEAR:
            return Alert(one, "Cancel", tuple(standing)) if standing else None
        case _:
            about = ours or tuple(standing)
            return Alert(one, "Update", about) if about else Alert(one, "Alert")


def document(alert: Alert, settings: SiteSettings, *, words: Words) -> bytes:
    """The XML of an alert: UTF-8, one `info` for each language."""
    dispatch = alert.dispatch
    root = ET.Element("alert", {"xmlns": NAMESPACE})
    drill = is_drill(dispatch.mode)
    head: dict[str, str | None] = {
        "identifier": dispatch.key,
        "sender": settings.sender,
        "sent": cap_time(alert.at),
        "status": "Exercise" if drill else "Actual",
        "msgType": alert.kind,
        "scope": "Public",
        "note": EXERCISE_NOTE if drill else None,
        "references": " ".join(_reference(other, settings) for other in alert.about),
        "incidents": dispatch.public_incident,
    }
    add(root, head)
    for language in languages_of(dispatch.message, settings.order()):
        info = ET.SubElement(root, "info")
        add(info, dict(_info(alert, language, settings, words)))
        if settings.area:
            add(ET.SubElement(info, "area"), {"areaDesc": settings.area})
    return written(root)


def _info(alert: Alert, language: str, settings: SiteSettings, words: Words) -> Iterator[tuple[str, str | None]]:
    """Urgency, severity and certainty are `Unknown`: the trust names what happened, not how bad it is."""
    message, ended = alert.dispatch.message, alert.kind == "Cancel"
    clear = message.purpose is Purpose.ALL_CLEAR
    text = message.text_for(language)
    yield "language", language
    yield "category", "Health"
    yield "event", words_for(words, language).event(alert.dispatch.incident_type)
    yield "responseType", "AllClear" if clear else "None" if ended else "Monitor"
    yield "urgency", "Past" if ended else "Unknown"
    yield "severity", "Unknown"
    yield "certainty", "Observed"
    yield "expires", cap_time(_valid_until(alert, settings))
    yield "senderName", settings.trust
    yield "headline", headline(text)
    yield "description", text
    yield "web", settings.url
    yield "contact", settings.contact


def _valid_until(alert: Alert, settings: SiteSettings) -> datetime:
    """Until when these words hold: the next word is due then, or as many hours later as the trust says.

    It has nothing to do with how long they may still be sent, which is `expires_at`.
    """
    promised = alert.dispatch.message.next_update_at
    lasts = alert.at + timedelta(hours=settings.alert_hours)
    return promised if promised and promised > alert.at else lasts


def _reference(other: Published, settings: SiteSettings) -> str:
    return f"{settings.sender},{other.dispatch.key},{cap_time(other.at)}"


def cap_time(moment: datetime) -> str:
    """CAP writes UTC as `-00:00`, never as `Z`, and knows no parts of a second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}-00:00"


def headline(text: str) -> str:
    """The beginning of a text, cut between words."""
    line = " ".join(text.split())
    if len(line) <= HEADLINE_CHARACTERS_MAX:
        return line
    return f"{line[: HEADLINE_CHARACTERS_MAX - 2].rpartition(' ')[0] or line[: HEADLINE_CHARACTERS_MAX - 2]} …"


def add(parent: ET.Element, texts: Mapping[str, str | None]) -> None:
    """Append an element for each name, in order, with its text escaped; without text, no element."""
    for name, text in texts.items():
        if text and text.strip():
            ET.SubElement(parent, name).text = text


def written(root: ET.Element) -> bytes:
    """The document in UTF-8 with its declaration; the same tree gives the same bytes."""
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
