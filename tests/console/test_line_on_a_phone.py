"""A line is written in a real browser: how it is read stands below at once, and no link carries the words."""

from pathlib import Path

import pytest

from streams.values import TRAINING
from tests.browser import Tab, on_a_phone
from tests.console.bench import Night, night, seen
from tests.console.test_lines import HERE, TYPED
from tests.console.visitor import DECLARED, go_in, ordered
from tests.examples import WRITER

IN_ANOTHER_TAB = """(async () => {
  await fetch("/sign-in/name", { method: "POST", body: new URLSearchParams({ person: "%s", next: "/" }) });
  document.dispatchEvent(new Event("visibilitychange"));
})()"""
"""Sign in as another tab does, and come back to this one."""


@pytest.mark.slow
async def test_a_line_is_typed_looked_at_and_handed_in(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, on_a_phone() as tab:
        await ordered(on, DECLARED)
        await go_in(tab, on, WRITER)
        await tab.go(f"{on.origin}{HERE}")
        await tab.press("Write a line")
        await tab.shows("Another person reads it")
        await seen(tab, "draft-empty")
        for name in ("text-en", "text-cy", "next_update"):
            await tab.write(name, TYPED[name])
        await tab.shows("These people will be asked")
        await signs_in_elsewhere(tab, on)
        await tab.shows("These people will be asked")
        assert await tab.value("location.search") == ""
        await seen(tab, "draft-filled")
        await tab.press("Hand it in for a yes")
        await tab.shows("Your order was carried out")
        await seen(tab, "draft-handed-in")


async def signs_in_elsewhere(tab: Tab, on: Night) -> None:
    """The session ended meanwhile: the form is not left for a page that says so, and goes on with what was typed."""
    on.house.sessions.end_all(WRITER)
    await tab.press("Show how it is read")
    await tab.shows("You are signed out.")
    assert not await tab.value("document.querySelector('[data-offer]')")
    await seen(tab, "draft-signed-out")
    await tab.value(IN_ANOTHER_TAB % WRITER)
