"""Small invented scenarios as files, for tests of the exercise."""

from collections import Counter
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from agents.exercise import Played

START = "2026-11-18T22:31:00Z"
METHANE = {"major_incident": True, "exact_location": "Pont Ddu", "type_of_incident": "coach crash"}
DECLARE = {"name": "Coach crash at Pont Ddu", "type": "major", "level": 3, "hashtags": ["#PontDdu"], "methane": METHANE}
HOLDING = {
    "template": "major-incident",
    "slots": {"place": "Ysbyty Ardudwy", "time": "22:31"},
    "next_update_at": "+59:00",
}
COMMANDER = "ifor.brynllwyd"


def script(**changes: Any) -> dict[str, Any]:
    """A declaration and a holding message within a minute; `changes` replace any part."""
    plain: dict[str, Any] = {
        "title": "A short one",
        "start": START,
        "lasts": "01:00",
        "incident": "pont-ddu",
        "injects": [
            {"at": "+00:05", "name": "declaration", "by": COMMANDER, "declare": DECLARE},
            {"at": "+00:10", "name": "holding", "by": COMMANDER, "release": HOLDING},
        ],
        "expectations": [
            {"says": "A first word", "public": {"purpose": "holding"}, "of": "holding", "within": "00:30"}
        ],
    }
    return {**plain, **changes}


def written(folder: Path, **changes: Any) -> Path:
    """The script as a file; JSON is YAML."""
    path = folder / "short.yaml"
    path.write_bytes(to_json(script(**changes), indent=1))
    return path


def facts_in_short(played: Played) -> Counter[tuple[object, ...]]:
    """The facts without their times and places, as a bag: two channels may be confirmed in either order."""
    return Counter(
        (fact.subject.key, fact.body.kind, fact.by, getattr(fact.body, "reasons", ())) for fact in played.facts
    )
