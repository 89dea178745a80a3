"""The network that the tests of one process share.

Where none can be started they are skipped; where `CI` is set they fail instead.
"""

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest

from tests.bluesky.network import BlueskyNetwork
from tests.bluesky.packages import NoBluesky

NOT_TESTED = "NOTHING WAS TESTED ON BLUESKY"


def shared_network() -> BlueskyNetwork:
    """The network of this process, started at the first need and ended with the process."""
    return _there(_started())


@contextmanager
def own_network() -> Iterator[BlueskyNetwork]:
    """A network of one test's own, whose server it may kill."""
    _there(_started())
    with BlueskyNetwork() as network:
        yield network


@cache
def _started() -> BlueskyNetwork | NoBluesky:
    network = BlueskyNetwork()
    try:
        network.start()
    except NoBluesky as error:
        return error
    atexit.register(network.stop)
    return network


def _there(network: BlueskyNetwork | NoBluesky) -> BlueskyNetwork:
    if isinstance(network, BlueskyNetwork):
        return network
    if os.environ.get("CI"):
        raise network
    pytest.skip(f"{NOT_TESTED}: {network}")
