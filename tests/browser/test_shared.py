"""The browser of the tests leaves nothing behind."""

import subprocess
import sys
from pathlib import Path

from tests.browser.shared import stop

HANDLER = "import time; time.sleep(180); print('still here')"
BROWSER = f"""
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", {HANDLER!r}, sys.argv[1]], start_new_session=True)
print("started", flush=True)
time.sleep(180)
"""


def test_what_the_browser_put_into_a_session_of_its_own_ends_with_it(tmp_path: Path) -> None:
    """As it does with its crash handlers: no signal to the browser or to its group reaches them."""
    with subprocess.Popen([sys.executable, "-c", BROWSER, tmp_path], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"started\n"
        stop(process, tmp_path)
        assert process.stdout.read() == b""
