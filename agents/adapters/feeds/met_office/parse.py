"""Weather warnings of the Met Office as posts: the feed names files, each file holds warnings (GeoJSON)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from agents.adapters.feeds.parsed import Parsed, Source
from agents.adapters.feeds.reading.documents import Untaken, read_json, read_xml
from agents.adapters.feeds.reading.entries import FeedEntry, Target
from agents.adapters.feeds.reading.feeds import gather_feed, message_behind
from agents.adapters.feeds.reading.gathering import FeedReading, joined, moment, version_at

LEVELS = {"YELLOW": "Yellow", "AMBER": "Amber", "RED": "Red"}
ENDED = {"CANCELLED", "EXPIRED"}
WRITTEN = ("modifiedDate", "issuedDate")


def parse(body: bytes, source: Source) -> Parsed:
    """Links to the files if it is the feed, the warnings if it is a file."""
    gathering = FeedReading(source)
    if body.lstrip()[:1] in {b"{", b"["}:
        with gathering.of("the file of warnings"):
            for feature in _features(read_json(body)):
                properties = _properties(feature)
                with gathering.of(_text(properties, "warningId") or "a warning without an id"):
                    _add(properties, gathering)
    else:
        with gathering.of("the feed"):
            gather_feed(read_xml(body), gathering, link_of=_file_of)
    return gathering.parsed()


def _file_of(entry: FeedEntry) -> Target:
    """The link to GeoJSON; where none says that it is one, the first."""
    return next((one for one in entry.targets if "json" in one.type), None) or message_behind(entry)


def _features(document: Any) -> list[Any]:  # noqa: ANN401 - any JSON
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "Feature":
        return [document]
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        return list(document["features"])
    raise Untaken("it is no GeoJSON: see whether the address is right")


def _properties(feature: Any) -> Mapping[str, Any]:  # noqa: ANN401 - any JSON
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def _add(said: Mapping[str, Any], gathering: FeedReading) -> None:
    name, status = _text(said, "warningId"), _text(said, "warningStatus").upper()
    if not name:
        raise Untaken("it has no id, so it could not be taken back")
    written = next(filter(None, (_text(said, field) for field in WRITTEN)), None)
    if written is None:
        raise Untaken("it does not say when it was issued, so that no reader can tell whether it is fresh")
    at = moment(written, gathering.source)
    if status in ENDED:
        gathering.gone(name, at, genre="warning")
        return
    if status != "ISSUED":
        raise Untaken(f"its status is “{status[:20]}”, which has no meaning here: look at it")
    gathering.add(
        name,
        at,
        revision="/".join(filter(None, [_text(said, "warningVersion"), version_at(at)])),
        text=_words(said),
        language="en",
        genre="warning",
        expires_at=_end(said, gathering),
    )


def _end(said: Mapping[str, Any], gathering: FeedReading) -> datetime | None:
    written = _text(said, "validToDate")
    return moment(written, gathering.source) if written else None


def _words(said: Mapping[str, Any]) -> str:
    """Colour, weather, headline; where; what to expect."""
    level = LEVELS.get(_text(said, "warningLevel").upper())
    if level is None:
        raise Untaken(f"its level is “{_text(said, 'warningLevel')[:20]}”, and yellow, amber and red have a meaning")
    weather = ", ".join(_texts(said.get("weatherType"))).lower()
    areas = [one for one in said.get("affectedAreas") or [] if isinstance(one, dict)] if _list(said) else []
    where = "; ".join(filter(None, (_text(one, "regionName") for one in areas)))
    expected = "\n".join(f"- {one}" for one in _texts(said.get("whatToExpect")))
    headline = _text(said, "warningHeadline") or _text(said, "warningSummary")
    return joined(f"{level} warning of {weather}" if weather else f"{level} warning", headline, where, expected)


def _list(said: Mapping[str, Any]) -> bool:
    return isinstance(said.get("affectedAreas"), list)


def _texts(written: Any) -> list[str]:  # noqa: ANN401 - any JSON
    """Texts of a list, or one text."""
    several = written if isinstance(written, list) else [written]
    return [one.strip() for one in several if isinstance(one, str) and one.strip()]


def _text(said: Mapping[str, Any], name: str) -> str:
    """A text or a number as a text; "" of any other."""
    written = said.get(name)
    if isinstance(written, bool) or not isinstance(written, str | int | float):
        return ""
    return str(written).strip()
