"""The tables of the workers, and the topics that keep them."""

from collections.abc import Mapping

from agents.runtime.door.lanes import Lane, app_id

SUBJECTS, PAST, COUNTS = "subjects", "past", "mention-counts"
TABLES: Mapping[str, Lane] = {SUBJECTS: Lane.CONTROL, PAST: Lane.CONTROL, COUNTS: Lane.MENTIONS}
"""Every table and the lane whose worker writes it; a topic keeps what changes in it, so that the next can rebuild it.

`subjects` has the state of every subject, `past` what left an incident's record.
"""


def changelog(mode: str, table: str) -> str:
    """The topic that keeps a table."""
    return f"{app_id(mode, TABLES[table])}-{table}-changelog"
