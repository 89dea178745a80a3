"""Agents: an exception leaves nothing behind, and a request never waits for the event that asks it."""

from collections.abc import Awaitable
from typing import Any

import faust.agents
import faust.agents.replies
from faust.agents.replies import ReplyPromise
from mode import Seconds

from infra.driver.staging import current_message, straight_through
from infra.driver.streams import Unsupported


class Agent(faust.agents.Agent):
    """Faust's agent; an exception that escapes it acks the event, so what the event did is taken back first."""

    async def ask_nowait(self, *args: Any, **kwargs: Any) -> ReplyPromise:
        with straight_through():
            return await super().ask_nowait(*args, **kwargs)

    async def _execute_actor(self, coro: Awaitable[Any], aref: Any) -> None:
        await super()._execute_actor(self._or_refused(_leaving_nothing(coro)), aref)

    async def _or_refused(self, work: Awaitable[Any]) -> None:
        """Stop the app where it was built in a way that cannot work: Faust would start the agent again and again."""
        try:
            await work
        except Unsupported as error:
            await self.app.crash(error)
            raise


async def _leaving_nothing(work: Awaitable[Any]) -> None:
    try:
        await work
    except Exception:
        message = current_message()
        if message is not None:
            message.stage.discard()
        raise


class ReplyConsumer(faust.agents.replies.ReplyConsumer):
    """Faust's reply consumer; it need not wait three seconds for a broker before it listens."""

    async def sleep(self, n: Seconds) -> None:
        del n
        await super().sleep(0)
