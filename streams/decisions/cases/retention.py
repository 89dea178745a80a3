"""Retention: until when what is kept of people for a case stays, and what is to be deleted of it."""

from datetime import datetime, timedelta

from streams.subjects.case import Case
from streams.values import Frozen, Utc

KEPT_AFTER = timedelta(days=30)
"""So long after a case is closed what is kept of people for it is deleted."""


class Kept(Frozen):
    """Until when it stays: `until` a moment, or for as long as the case is open or the evidence is `held`."""

    until: Utc | None = None
    held: bool = False

    def is_over(self, now: datetime) -> bool:
        """Whether it is to be deleted."""
        return self.until is not None and self.until <= now


def kept(case: Case) -> Kept:
    """What holds of a case as it is now; the evidence of a suspected hate crime stays until a person releases it."""
    if case.suspected and case.released_at is None:
        return Kept(held=True)
    return Kept(until=case.closed_at + KEPT_AFTER if case.closed_at else None)


def kept_now(case: Case | None, before: Kept, *, now: datetime) -> Kept:
    """The same beside what was known; a case that is not in memory is over, or was never opened."""
    if case is not None and case.opened_at is not None:
        return kept(case)
    if before.held or before.until is not None:
        return before
    return Kept(until=now + KEPT_AFTER)
