"""The report: `report.html` for people and `report.json` for machines."""

from pathlib import Path

from agents.exercise.played import Played


def report(played: Played, folder: Path) -> Path:
    """Write both into the folder, which is made where it is missing; answers with the page's path."""
    raise NotImplementedError((played, folder))
