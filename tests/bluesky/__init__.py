"""A real Bluesky network on this machine, from its own packages, for tests of the channel."""

from tests.bluesky.network import NOTHING, POST, REPOST, Account, BlueskyNetwork
from tests.bluesky.shared import NOT_TESTED, own_network, shared_network

__all__ = ["NOTHING", "NOT_TESTED", "POST", "REPOST", "Account", "BlueskyNetwork", "own_network", "shared_network"]
