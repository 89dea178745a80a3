"""A real server of the Mastodon API for tests: snac2, from Debian's packages, on the loopback only."""

from tests.snac.packages import NoSnac
from tests.snac.server import Snac

__all__ = ["NoSnac", "Snac"]
