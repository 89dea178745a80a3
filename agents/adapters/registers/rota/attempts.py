"""How the last attempts to fetch a calendar went: a small file beside its copy."""

from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from streams.values import Frozen, Sentence, Utc


class Attempts(Frozen):
    """When the copy was fetched last, and why it could not be fetched again."""

    fetched_at: Utc | None = None
    trouble: Sentence | None = None


def attempts_at(copy: Path) -> Attempts:
    """What is noted about this copy; empty if the note cannot be read."""
    try:
        return Attempts.model_validate_json(copy.with_suffix(".json").read_bytes())
    except (OSError, ValidationError):
        return Attempts()


def note_attempts(copy: Path, attempts: Attempts) -> None:
    """Note it. A folder that cannot be written is reported when the copy is put there, not here."""
    with suppress(OSError):
        copy.parent.mkdir(exist_ok=True)
        copy.with_suffix(".json").write_text(attempts.model_dump_json(), encoding="utf-8")
