"""What the tests of the Bluesky channel share."""

import pytest

from tests.bluesky import Account, BlueskyNetwork, shared_network


@pytest.fixture
def network() -> BlueskyNetwork:
    """The network of this process."""
    return shared_network()


@pytest.fixture
def account(network: BlueskyNetwork) -> Account:
    """An account of the test's own."""
    return network.account()
