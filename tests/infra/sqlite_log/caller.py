"""Another process to be killed: leaves numbered pairs of letters through the door and says which were accepted."""

import asyncio
import sys

from infra.log import Draft, Partition
from infra.sqlite_log import SqliteDoor


async def main(path: str, first: int) -> None:
    async with SqliteDoor(path) as door:
        number = first
        while True:
            pair = [Draft(Partition("letters", 0), None, str(number).encode(), 1)] * 2
            await door.append(pair)
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()
            number += 1


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
