"""Retention: until when what is kept of people for a case stays, and what is to be deleted of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from streams.subjects.case import Case
from streams.values import Frozen, Utc
from streams.words.listening.routes import CasePosts

KEPT_AFTER = timedelta(days=30)
"""So long after a case is closed what is kept of people for it is deleted."""
LATE_AFTER = timedelta(minutes=15)
"""What is still there so long after its time should have been deleted: a look every minute deletes it."""


class Retention(Frozen):
    """Until when it stays: `until` a moment, or for as long as the case is open or the evidence is `held`."""

    until: Utc | None = None
    held: bool = False


class KeptRecords(Frozen):
    """For how many cases something is kept of people, and why it still is.

    So many are `waiting` for deletion, since their case is closed, the next `next_at`; of these so many are `late`.
    Others are `held` as evidence, or their case is `open`.
    """

    waiting: int = 0
    next_at: Utc | None = None
    late: int = 0
    held: int = 0
    open: int = 0

    @property
    def is_any(self) -> bool:
        """Whether anything is kept at all."""
        return bool(self.waiting or self.held or self.open)


def kept_records(found: Sequence[CasePosts], cases: Iterable[Case], *, now: datetime) -> KeptRecords:
    """Count the records of the table; `cases` has those that are not closed."""
    going_on = {one.id for one in cases if one.is_open}
    closed = [one for one in found if one.case_id not in going_on]
    waiting = sorted(one.kept_until for one in closed if not one.held)
    return KeptRecords(
        waiting=len(waiting),
        next_at=next(iter(waiting), None),
        late=sum(one + LATE_AFTER < now for one in waiting),
        held=sum(one.held for one in closed),
        open=len(found) - len(closed),
    )


def kept(case: Case) -> Retention:
    """What holds of a case as it is now; the evidence of a suspected hate crime stays until a person releases it."""
    if case.suspected and case.released_at is None:
        return Retention(held=True)
    return Retention(until=case.closed_at + KEPT_AFTER if case.closed_at else None)


def kept_posts(posts: CasePosts, case: Case | None, *, now: datetime) -> CasePosts | None:
    """The same record as it is to be kept now; None if it is to be deleted. A case that left memory changes nothing.

    That of an open case stays for as long as the case is open.
    """
    if case is not None and case.opened_at is not None:
        found = kept(case)
        until = found.until or max(posts.kept_until, now + KEPT_AFTER)
        # What stays is noted by the day, so that it is not written again and again.
        moves = found.until is not None or until > posts.kept_until + timedelta(days=1)
        changed = {"held": found.held, "kept_until": until if moves else posts.kept_until}
        posts = posts if changed.items() <= dict(posts).items() else posts.model_copy(update=changed)
    return None if posts.kept_until <= now and not posts.held else posts
