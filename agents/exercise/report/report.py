"""The report: `report.html` for people, self-contained and printable, and `report.json` for machines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from agents.adapters.page_templates import page_templates
from agents.adapters.registers import data_folder
from agents.exercise.play.screen import LONDON, LOOKS, clock_face
from agents.exercise.played import Played, Publication
from agents.exercise.report.beside import beside
from agents.exercise.report.chart import LEFT, WIDTH, chart, timeline
from streams.decisions.wording.renderer import MARKS
from streams.words.facts import CommandRefused, Fact

PAGE, PAGE_TEMPLATE, DATA = "report.html", "exercise.html.j2", "report.json"
MINUTE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class PublicMessage:
    """One message with every channel that it became public on."""

    first: Publication
    channels: Sequence[Publication]


def report(played: Played, folder: Path) -> Path:
    """Write both files into the folder, making it if it is missing; answer with the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DATA).write_text(played.model_dump_json(indent=2), encoding="utf-8")
    page = folder / PAGE
    page.write_text(render_page(played), encoding="utf-8")
    return page


def render_page(played: Played) -> str:
    """The page; everything that comes from the exercise is escaped."""
    environment = page_templates(data_folder() / "pages")
    environment.filters["clock"] = lambda moment: clock_face(moment) if moment else "never"
    environment.filters["day"] = lambda moment: _day(moment.astimezone(LONDON))
    environment.filters["took"] = took
    return environment.get_template(PAGE_TEMPLATE).render(_content(played))


def took(seconds: float | None) -> str:
    """A span for a person: `0.03 s`, `42 s`, `2 min 30 s`."""
    if seconds is None:
        return "never"
    if seconds < 1:
        return f"{seconds:.2f} s"
    whole = round(seconds)
    minutes, rest = divmod(whole, MINUTE_SECONDS)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def _day(moment: datetime) -> str:
    return f"{moment:%A} {moment.day} {moment:%B %Y}"


def _content(played: Played) -> dict[str, Any]:
    return {
        "played": played,
        "mark": MARKS["en"],
        "failed": [outcome for outcome in played.outcomes if not outcome.held],
        "refusals": [fact for fact in played.facts if isinstance(fact.body, CommandRefused)],
        "said": _said(played),
        "beside": beside(played),
        "timeline": timeline(played),
        "chart": chart(played),
        "width": WIDTH,
        "left": LEFT,
        "kinds": {kind: word for kind, (word, _) in LOOKS.items()},
        "numbers": {fact.id: f"{_short(fact, played)}{fact.sequence}" for fact in played.facts},
    }


def _short(fact: Fact, played: Played) -> str:
    """The prefix of a fact's number: empty for the exercise's own incident, else the other incident's name."""
    return "" if fact.subject.id == played.incident_id else f"{fact.subject.id[:8]}…/"


def _said(played: Played) -> list[PublicMessage]:
    """What went out, one entry for each message."""
    found: dict[str, list[Publication]] = {}
    for publication in played.publications:
        found.setdefault(publication.message_id, []).append(publication)
    return [PublicMessage(channels[0], channels) for channels in found.values()]
