"""Agents: an exception leaves nothing behind, and an agent answers no questions."""

from collections.abc import Awaitable
from typing import Any

import faust.agents

from infra.driver.refusals import ASK, Unsupported
from infra.driver.session.staging import current_message


class Agent(faust.agents.Agent):
    """Faust's agent. Faust acks the event of an exception, so what the event did is taken back first."""

    ask = ask_nowait = cast = send = map = kvmap = join = kvjoin = ASK

    async def _execute_actor(self, coro: Awaitable[Any], aref: Any) -> None:
        await super()._execute_actor(self._or_refused(_leaving_nothing(coro)), aref)

    async def _or_refused(self, work: Awaitable[Any]) -> None:
        """Stop the app if it was built in a way that cannot work: Faust would start the agent again and again."""
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
