"""The guard around every handler: an exception takes back the event's work, a dead letter takes its place."""

from collections.abc import Awaitable, Callable
from typing import Any

from faust.types import EventT, StreamT

from infra.driver.session.staging import Delivered, StaleEvent

Handler = Callable[[EventT[Any]], Awaitable[None]]
OnError = Callable[[EventT[Any], Exception], Awaitable[None]]
AgentFunction = Callable[[StreamT[Any]], Awaitable[None]]


def guarded(handler: Handler, on_error: OnError) -> AgentFunction:
    """Make an agent function of a handler of events.

    When the handler raises, what it sent is discarded and what it wrote to tables is undone; then `on_error` may send
    a dead letter, which is committed with the event's offset. When `on_error` raises too, the app stops uncommitted.
    """

    async def run(stream: StreamT[Any]) -> None:
        async for event in stream.events():
            await _handle(event, handler, on_error)

    return run


async def _handle(event: EventT[Any], handler: Handler, on_error: OnError) -> None:
    try:
        await handler(event)
    except StaleEvent:
        return
    except Exception as error:  # noqa: BLE001 # Whatever a handler raises becomes a dead letter.
        _discard(event)
        await _report(event, error, on_error)


async def _report(event: EventT[Any], error: Exception, on_error: OnError) -> None:
    try:
        await on_error(event, error)
    except Exception as worse:
        consumer: Any = event.app.consumer
        consumer.committer.close()
        await event.app.crash(worse)
        raise


def _discard(event: EventT[Any]) -> None:
    message = event.message
    if isinstance(message, Delivered):
        message.stage.discard()
