"""Alerts in the Common Alerting Protocol 1.2: how the words of an incident follow on one another, and their XML.

Only the trust's own words become alerts. A correction or line updates, a withdrawal or all-clear cancels.
The schema accepts both without a reference; here they become an alert only if there is an alert to refer to.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from xml.etree import ElementTree as ET

from agents.adapters.channels.site.posts import in_order, targets
from agents.adapters.channels.site.settings import SiteSettings
from agents.adapters.channels.site.words import Words, words_for
from agents.adapters.channels.site.xml import add, written
from agents.adapters.languages import languages_of
from streams.values import Purpose, is_drill
from streams.words.delivery import Dispatch

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
HEADLINE_CHARACTERS_MAX = 160
EXERCISE_NOTE = "EXERCISE: this alert is part of a drill, nothing has happened."


@dataclass(frozen=True, slots=True)
class Alert:
    """One dispatch as an alert; an `Update` or `Cancel` names at least one alert that it is about."""

    dispatch: Dispatch
    kind: Literal["Alert", "Update", "Cancel"]
    about: tuple[Dispatch, ...] = ()

    def __post_init__(self) -> None:
        if (self.kind == "Alert") is bool(self.about):
            raise ValueError(f"an alert of kind {self.kind} has {len(self.about)} references")


def alerts(dispatches: Sequence[Dispatch]) -> Sequence[Alert]:
    """The alerts of all incidents, oldest first. Amplified posts, and what takes them back, are left out."""
    ordered = in_order(dispatches)
    about = targets(ordered)
    active: dict[str, list[Dispatch]] = {}
    found = []
    for dispatch in ordered:
        standing = active.setdefault(dispatch.incident_id, [])
        alert = _alert(dispatch, about.get(dispatch.key), standing)
        if alert is None:
            continue
        found.append(alert)
        standing[:] = [other for other in standing if other not in alert.about]
        if alert.kind != "Cancel":
            standing.append(dispatch)
    return found


def _alert(dispatch: Dispatch, target: Dispatch | None, standing: Sequence[Dispatch]) -> Alert | None:
    """One alert; None if it needs a reference and no earlier alert of the trust is there."""
    ours = (target,) if target and target.message.purpose is not Purpose.AMPLIFICATION else ()
    match dispatch.message.purpose:
        case Purpose.AMPLIFICATION:
            return None
        case Purpose.WITHDRAWAL:
            return Alert(dispatch, "Cancel", ours) if ours else None
        case Purpose.ALL_CLEAR:
            return Alert(dispatch, "Cancel", tuple(standing)) if standing else None
        case _:
            about = ours or tuple(standing)
            return Alert(dispatch, "Update", about) if about else Alert(dispatch, "Alert")


def document(alert: Alert, settings: SiteSettings, *, words: Words) -> bytes:
    """The XML of an alert: UTF-8, one `info` for each language."""
    dispatch = alert.dispatch
    root = ET.Element("alert", {"xmlns": NAMESPACE})
    drill = is_drill(dispatch.mode)
    head: dict[str, str | None] = {
        "identifier": dispatch.key,
        "sender": settings.sender,
        "sent": cap_time(dispatch.authorisation.at),
        "status": "Exercise" if drill else "Actual",
        "msgType": alert.kind,
        "scope": "Public",
        "note": EXERCISE_NOTE if drill else None,
        "references": " ".join(_reference(other, settings) for other in alert.about),
        "incidents": dispatch.incident_id,
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
    yield "expires", cap_time(message.expires_at)
    yield "senderName", settings.trust
    yield "headline", headline(text)
    yield "description", text
    yield "web", settings.url
    yield "contact", settings.contact


def _reference(dispatch: Dispatch, settings: SiteSettings) -> str:
    return f"{settings.sender},{dispatch.key},{cap_time(dispatch.authorisation.at)}"


def cap_time(moment: datetime) -> str:
    """CAP writes UTC as `-00:00`, never as `Z`, and knows no parts of a second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}-00:00"


def headline(text: str) -> str:
    """The beginning of a text, cut between words."""
    line = " ".join(text.split())
    if len(line) <= HEADLINE_CHARACTERS_MAX:
        return line
    return f"{line[: HEADLINE_CHARACTERS_MAX - 2].rpartition(' ')[0] or line[: HEADLINE_CHARACTERS_MAX - 2]} …"
