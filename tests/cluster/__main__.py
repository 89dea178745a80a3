"""`python -m tests.cluster 3` runs three brokers until it is interrupted, and says their address."""

import asyncio
import signal
import sys

from tests.cluster import Cluster


async def serve(brokers_count: int) -> None:
    """Run so many brokers until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    with Cluster(brokers_count) as cluster:
        sys.stdout.write(f"kafka://{cluster.address}\n")
        sys.stdout.flush()
        await stop.wait()


asyncio.run(serve(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
