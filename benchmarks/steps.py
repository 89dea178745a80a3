"""`python -m benchmarks.steps`: how many of our files and calls one release runs through, from order to channels.

Counted on the embedded log in the thread of the agents; the log's writer and libraries are left out.
"""

import asyncio
import sys
from types import FrameType

from benchmarks.ground import Kind, fresh
from benchmarks.processes import PATIENCE_SECONDS, ROOT
from benchmarks.quiet import silence
from benchmarks.release import AskedMoments, known
from streams.lanes import CONTROL_LANE

OURS = tuple(f"{ROOT / name}/" for name in ("streams", "agents", "infra"))


class Steps:
    """Counts calls of our functions, by file, while it is installed."""

    def __init__(self) -> None:
        self.calls: dict[str, int] = {}

    def __call__(self, frame: FrameType, event: str, given: object) -> None:
        """The profile function of `sys.setprofile`."""
        del given
        if event == "call" and (file := frame.f_code.co_filename).startswith(OURS):
            self.calls[file] = self.calls.get(file, 0) + 1


async def steps_of_a_release() -> tuple[int, int]:
    """How many files one release on two channels enters, and how many calls it makes; the second of two, warm."""
    async with fresh(Kind.EMBEDDED, "") as ground:
        asked = AskedMoments()
        channels = ground.channels(asked.note)
        asked.channels_count = len(channels)
        async with ground.worker(CONTROL_LANE, channels=channels) as worker:
            counted = Steps()
            for _ in range(2):
                declaration = ground.declaration()
                await worker.put([declaration])
                await known(worker, declaration.subject.id)
                await asyncio.sleep(1)
                counted, order = Steps(), ground.release(declaration.subject.id)
                sys.setprofile(counted)
                await worker.put([order])
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await asked.by_all()
                sys.setprofile(None)
            return len(counted.calls), sum(counted.calls.values())


def main() -> None:
    """Print both counts."""
    silence()
    files, calls = asyncio.run(steps_of_a_release())
    print(f"a release on two channels enters {files} files and makes {calls} calls")  # noqa: T201 - it is what it is for


if __name__ == "__main__":
    main()
