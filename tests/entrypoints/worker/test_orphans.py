"""A process beside a worker that was killed ends by itself, also if it hangs."""

import subprocess
import sys

ORPHAN = """
import asyncio, sys
from agents.entrypoints.worker import lane_processes
lane_processes.STOP_SECONDS_MAX = 0.1
async def hang():
    print("ready", flush=True)
    await lane_processes.gone(int(sys.argv[1]))
    await asyncio.Event().wait()
asyncio.run(hang())
"""
PARENT = """
import os, subprocess, sys, time
subprocess.Popen([sys.executable, "-c", sys.argv[1], str(os.getpid())])
time.sleep(600)
"""


def test_a_lane_whose_parent_was_killed_ends_though_it_hangs_while_it_stops() -> None:
    """It would keep the files of its log from the lane that follows it."""
    with subprocess.Popen([sys.executable, "-c", PARENT, ORPHAN], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        parent.kill()
        # The orphan has the same output: it ends with the last of both.
        parent.communicate(timeout=180)
