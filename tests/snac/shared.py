"""The one snac server of a test run: started at the first need, ended with the run."""

import atexit
import os
import tempfile
from functools import cache
from pathlib import Path

import pytest

from tests.snac.packages import NoSnac
from tests.snac.server import Snac

NOT_TESTED = "NOTHING WAS TESTED ON A REAL SERVER OF THE MASTODON API"


def snac() -> Snac:
    """The server; where none can be started the test is skipped, or fails where `CI` is set."""
    found = _started()
    if isinstance(found, Snac):
        return found
    if os.environ.get("CI"):
        raise found
    pytest.skip(f"{NOT_TESTED}: {found}")


@cache
def _started() -> Snac | NoSnac:
    folder = tempfile.TemporaryDirectory(prefix="snac-")
    try:
        server = Snac(Path(folder.name)).__enter__()
    except NoSnac as error:
        return error
    atexit.register(folder.cleanup)
    # Called in reverse: the server ends before its folder goes.
    atexit.register(server.kill)
    return server
