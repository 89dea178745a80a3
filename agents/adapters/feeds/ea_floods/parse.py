"""The flood warnings of the Environment Agency in force, as posts: one for each flood area.

Severity 4 says that a warning is no longer in force: it takes the post back. Times carry no zone; they are read as UTC,
unless the account's option `time_zone` says otherwise. If they are local after all, a warning seems up to an hour
fresher in summer; the other way round each would seem an hour old, and none would go out.
"""

from collections.abc import Mapping
from typing import Any

from agents.adapters.feeds.parsed import Parsed, Source
from agents.adapters.feeds.reading.documents import Untaken, read_json
from agents.adapters.feeds.reading.gathering import FeedReading, joined, moment

ZONE = "UTC"
SEVERITIES = {1: "Severe flood warning", 2: "Flood warning", 3: "Flood alert"}
ENDED = 4
TIMES = ("timeMessageChanged", "timeSeverityChanged", "timeRaised")


def parse(body: bytes, source: Source) -> Parsed:
    """The warnings of a list; `items` is one object where there is one only."""
    gathering = FeedReading(source)
    with gathering.of("the list of floods"):
        for place, item in enumerate(_items(read_json(body)), start=1):
            with gathering.of(
                str(item.get("floodAreaID") or f"entry {place}") if isinstance(item, dict) else f"{place}"
            ):
                _add(item, gathering)
    return gathering.parsed()


def _items(document: Any) -> list[Any]:  # noqa: ANN401 - any JSON
    items = document.get("items") if isinstance(document, dict) else None
    if isinstance(items, dict):
        return [items]
    if isinstance(items, list):
        return items
    raise Untaken("it has no `items`: see whether the address ends with /id/floods")


def _add(item: Any, gathering: FeedReading) -> None:  # noqa: ANN401 - any JSON
    if not isinstance(item, dict):
        raise Untaken("it is no object: ask the Environment Agency")
    area = text_of(item, "floodAreaID")
    if not area:
        raise Untaken("it names no flood area, so it could not be taken back")
    written = next(filter(None, (text_of(item, name) for name in TIMES)), None)
    if written is None:
        raise Untaken("it has no time, so that no reader can tell whether it is fresh")
    at, severity = moment(written, gathering.source, usual=ZONE), _severity(item)
    if severity == ENDED:
        gathering.gone(area, at, genre="warning")
        return
    head = f"{SEVERITIES[severity]}: {text_of(item, 'description')}".rstrip(": ")
    gathering.add(area, at, text=joined(head, text_of(item, "message")), language="en", genre="warning")


def _severity(item: Mapping[str, Any]) -> int:
    """The severity level, 1 to 4; they write it as a number, or as its digit."""
    written = text_of(item, "severityLevel")
    if written not in {"1", "2", "3", "4"}:
        raise Untaken(f"its severity level is “{written[:20]}”, and 1 to 4 have a meaning: look at it")
    return int(written)


def text_of(item: Mapping[str, Any], name: str) -> str:
    """A field that is a text or a whole number, 2.0 too, as a text; "" of any other."""
    written = item.get(name)
    if isinstance(written, float) and written.is_integer():
        written = int(written)
    if isinstance(written, bool) or not isinstance(written, str | int):
        return ""
    return str(written).strip()
