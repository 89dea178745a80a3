"""The pace of planned posts: few a day, hours apart, no flood in a week. Words about an incident have no pace."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from streams.why import because

DAY_MAX, WEEK_MAX = 3, 25
APART = timedelta(hours=2)
WEEK = timedelta(days=7)


def too_fast(at: datetime, beside: Sequence[datetime], *, zone: ZoneInfo) -> Iterator[str]:
    """Why a post at this time would come too fast after the others on its channels; `beside` are their times."""
    day = at.astimezone(zone).date()
    if sum(1 for one in beside if one.astimezone(zone).date() == day) >= DAY_MAX:
        form = "{count} posts are planned on these channels for {day} already: choose another day"
        yield because("day-full", form, count=DAY_MAX, day=f"{day:%d %B}")
    if sum(1 for one in beside if abs(one - at) < WEEK / 2) >= WEEK_MAX:
        form = "{count} posts are planned on these channels in the week around it: choose a later one"
        yield because("week-full", form, count=WEEK_MAX)
    near = min((one for one in beside if abs(one - at) < APART), key=lambda one: abs(one - at), default=None)
    if near:
        hours = int(APART.total_seconds() // 3600)
        form = "a post is planned for {time} on these channels: leave {hours} hours between them, or plan it despite "
        form += "the pace"
        yield (because("posts-near", form, time=f"{near.astimezone(zone):%H:%M}", hours=hours))
