"""`python -m tests.browser` fetches what the browser tests need, so that no test has to wait for it."""

import sys

from tests.browser.packages import axe, chromium

sys.stdout.write(f"{chromium()}, axe-core of {len(axe())} characters\n")
