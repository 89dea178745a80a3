"""`python -m tests.bluesky` fetches the packages of the network, so that no test has to wait for them."""

import sys

from tests.bluesky.packages import packages

sys.stdout.write(f"{packages()}\n")
