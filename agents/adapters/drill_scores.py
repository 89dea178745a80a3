"""The file of drills' scores: a line for each exercise that was played, beside all records and part of none."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from streams.projections.drill_scores import DrillScore

FILE = Path("var/drills.jsonl")
"""Where it is, unless a person names another."""
READ_BYTES_MAX = 1024 * 1024
"""The newest scores of some years: what lies before them is not read."""


def keep_score(score: DrillScore, file: Path) -> None:
    """Add a score; its folder is made. `OSError` if it cannot be written."""
    file.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as lines:
        lines.write(f"{score.model_dump_json()}\n")


def read_scores(file: Path) -> Sequence[DrillScore]:
    """The scores, oldest first; none where there is no file. A line that is no score is passed over."""
    found: list[DrillScore] = []
    with suppress(OSError), file.open("rb") as lines:
        lines.seek(max(0, file.stat().st_size - READ_BYTES_MAX))
        for line in lines:
            with suppress(ValidationError):
                found.append(DrillScore.model_validate_json(line))
    return found
