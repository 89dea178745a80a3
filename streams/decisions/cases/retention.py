"""Retention: until when what is kept of people for a case stays, and what is to be deleted of it."""

from datetime import datetime, timedelta

from streams.subjects.case import Case
from streams.values import Frozen, Utc
from streams.words.listening.routes import CasePosts

KEPT_AFTER = timedelta(days=30)
"""So long after a case is closed what is kept of people for it is deleted."""


class Retention(Frozen):
    """Until when it stays: `until` a moment, or for as long as the case is open or the evidence is `held`."""

    until: Utc | None = None
    held: bool = False


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
