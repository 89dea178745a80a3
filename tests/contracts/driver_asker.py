"""Another process that asks an agent: `python -m tests.contracts.driver_asker <url> <number>`."""

import asyncio
import sys
from typing import Any

from faust.types import StreamT

from infra.driver import connected, create_app
from infra.transports import register_transports


async def main(url: str, number: int) -> None:
    register_transports()
    app = create_app("contract", url)

    async def square(stream: StreamT[Any]) -> Any:
        async for value in stream:
            yield value

    agent = app.agent(app.topic("questions"), name="square")(square)
    async with connected(app):
        sys.stdout.write(f"{await agent.ask(number)}\n")


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
