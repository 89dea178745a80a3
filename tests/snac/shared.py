"""The one snac server of a test run: started at the first need, ended with the run."""

import os
import shutil
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from tests.snac.packages import NoSnac
from tests.snac.server import Snac

NOT_TESTED = "NOTHING WAS TESTED ON A REAL SERVER OF THE MASTODON API"
_ends = ExitStack()


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
    folder = tempfile.mkdtemp(prefix="snac-")
    _ends.callback(shutil.rmtree, folder, ignore_errors=True)
    try:
        return _ends.enter_context(Snac(Path(folder)))
    except NoSnac as error:
        return error


def end() -> None:
    """End the server and remove its data; the processes of pytest-xdist run no handlers of `atexit`."""
    _ends.close()
