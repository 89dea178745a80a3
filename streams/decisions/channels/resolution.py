"""Resolution: the way out when a request to a channel had no clear answer, and from when a look may say “absent”.

A request that was not answered may still land. So a look that finds the message settles it at any time, and a look
that finds nothing settles it only after the time that the kind's row gives.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from streams.decisions.channels.card import ChannelKind
from streams.words.delivery import AMISS, Delivery, Resolution

FIRST_LOOK = timedelta(seconds=2)
LONGEST_LOOK = timedelta(minutes=5)
LOOKS_MAX = 12
FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(seconds=60)
LONGEST_CLAIM = timedelta(seconds=60)
DOUBLINGS_MAX = 12
MOVE_FOR: Mapping[str, str] = {
    "confirmed": "confirm",
    "refused": "refuse",
    "unsent": "unsent",
    "unknown": "unknown",
    "absent": "find absent",
    "different": "unknown",
    "hidden": "unknown",
}
"""The move of the lifecycle that each outcome which a worker reports asks for."""


def way_out(kind: ChannelKind | None, delivery: Delivery, *, now: datetime, is_over: bool = False) -> Resolution:
    """How this delivery gets known now; nothing is sent again if it is over: cancelled, mended, or held back for now.

    Nor is anything sent again that is on the channel, where the public does not read it: a person sees to that.
    """
    if kind is None:
        return Resolution.ASK_A_PERSON
    if delivery.sight in AMISS:
        return Resolution.READ_BACK
    if kind.resolution is not Resolution.SEND_AGAIN:
        return kind.resolution
    ends = key_ends(kind, delivery)
    if not is_over and (ends is None or now < ends):
        return Resolution.SEND_AGAIN
    return Resolution.READ_BACK if kind.reads_back else Resolution.ASK_A_PERSON


def key_ends(kind: ChannelKind | None, delivery: Delivery) -> datetime | None:
    """When the channel forgets the key of this delivery; None: never, or nothing was sent with it."""
    if kind is None or kind.key_lasts is None or delivery.tried_at is None:
        return None
    return delivery.tried_at + kind.key_lasts


def absent_from(kind: ChannelKind | None, delivery: Delivery) -> datetime | None:
    """From when on a look that finds nothing proves that nothing will come; None: from the first look on.

    It counts from the end of the last claim: a worker may have sent as late as that.
    """
    if kind is None or kind.settles_after is None or delivery.tried_until is None:
        return None
    return delivery.tried_until + kind.settles_after


def next_look(looks: int, *, now: datetime, absent_from: datetime | None, way: Resolution) -> datetime | None:
    """When to look again after so many looks: ever later, but once at the moment that proves most; None: no more.

    Where only a person can tell, no look of the service is waited for.
    """
    proves = absent_from if absent_from and absent_from > now else None
    if looks >= LOOKS_MAX or way is Resolution.ASK_A_PERSON:
        return proves
    due = now + _doubled(FIRST_LOOK, looks, most=LONGEST_LOOK)
    return min(due, proves) if proves else due


def claim_lasts(attempt: int, deadline_seconds: float) -> timedelta:
    """How long a worker may send: the channel's time at first, then twice as long each time, a minute at most.

    Where a channel or a worker is slower than the time it was given, all attempts would end alike.
    """
    first = timedelta(seconds=deadline_seconds)
    return max(first, _doubled(first, attempt - 1, most=LONGEST_CLAIM))


def retry_after(attempt: int) -> timedelta:
    """How long what this attempt surely did not publish waits for the next one."""
    return _doubled(FIRST_RETRY, attempt - 1, most=LONGEST_RETRY)


def _doubled(first: timedelta, times: int, *, most: timedelta) -> timedelta:
    return min(first * (1 << min(times, DOUBLINGS_MAX)), most)
