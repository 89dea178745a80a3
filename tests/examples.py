"""The example trust of `templates/`, for tests that want a whole one."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from agents.adapters.registers import data_folder, load
from streams.values import TRAINING
from streams.words.register.changes import in_mode
from streams.words.register.entries import Register

NOW = datetime(2026, 1, 14, 22, 31, tzinfo=UTC)
"""A Wednesday night, out of hours."""
DIRECTOR = "nest.aberdulas"
"""On call at `NOW`: may declare, release, sign off, withdraw and stand down."""
CHIEF = "samira.dastwick"
"""The same, at any hour."""
WRITER = "lowri.penfynach"
"""May draft a line at any hour."""
APPROVER = "beca.tirglas"
"""May approve a template and sign off a line at any hour."""


def take_unsigned_orders(folder: Path) -> None:
    """In this copy of the example's files, let people without a key order in live too."""
    trust = folder / "register" / "trust.yaml"
    text = trust.read_text(encoding="utf-8")
    assert "unsigned_orders: refused\n" in text
    trust.write_text(text.replace("unsigned_orders: refused\n", ""), encoding="utf-8")


@cache
def example_register() -> Register:
    """The register of the example trust, as a drill reads its files: none of its people has a key."""
    return in_mode(load(data_folder(), NOW), TRAINING)
