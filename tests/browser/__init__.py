"""A real browser, for tests of what a person sees."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.browser.browser import Tab, tab
from tests.browser.packages import NoBrowser, axe, chromium

__all__ = ["NOT_TESTED", "PHONE", "NoBrowser", "Tab", "axe", "on_a_phone"]

NOT_TESTED = "NOTHING WAS LOOKED AT IN A BROWSER"
PHONE = (390, 844)


@asynccontextmanager
async def on_a_phone() -> AsyncIterator[Tab]:
    """A tab as large as a phone; without a browser the test is skipped, or fails where `CI` is set."""
    try:
        chromium()
        axe()
    except NoBrowser as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"{NOT_TESTED}: {error}")
    async with tab(*PHONE) as opened:
        yield opened
