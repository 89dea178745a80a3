"""Retention: as time passes, what is kept of people for cases that are over is deleted from its table.

And the post is kept for which a person opened a case.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import structlog

from agents.listening.opened_cases import CaseTables, suspected, to_change
from agents.ports import Clock
from infra.log import LogError
from streams.values import Mode
from streams.words.posts import MentionCount

logger = structlog.get_logger(__name__)
LOOK_SECONDS = 60.0
"""A record is kept this much longer at most."""

Put = Callable[[Sequence[MentionCount]], Awaitable[None]]


async def keep_case_posts(tables: CaseTables, *, clock: Clock, mode: Mode, put: Put, seconds: float) -> None:
    """Wake the agent that alone writes the table, by a count of nothing, if a record of its is to come, stay or go.

    It looks every minute, or every tick, if that is longer.
    """
    while True:
        await clock.sleep(max(seconds, LOOK_SECONDS))
        with suppress(LogError):
            found = to_change(tables, now=clock.now())
            about = {one.about for _, one, _ in found if one.about}
            about |= {one.about for one in suspected(tables, mode=mode, now=clock.now()) if one.about}
            await put([MentionCount(mode=mode, incident_id=name, minutes={}) for name in sorted(about)])
            if deleted := sum(after is None for _, _, after in found):
                logger.info("what was kept of people for cases is over", cases=deleted)
