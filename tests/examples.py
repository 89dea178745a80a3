"""The example trust of `templates/`, for tests that want a whole one."""

from datetime import UTC, datetime
from functools import cache

from agents.adapters.registers import data_folder, load
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


@cache
def example_register() -> Register:
    """The register of the example trust, read from its files."""
    return load(data_folder(), NOW)
