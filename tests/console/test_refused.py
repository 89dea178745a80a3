"""Whatever would be refused on a screen says so before it is tapped, with the reasons and with who could do it."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.console.asking import browser
from tests.console.test_screens import SCREENS, in_the_middle
from tests.console.visitor import read

BOX = re.compile(
    r'<div class="nhsuk-error-summary" aria-labelledby="(?:refused|barred)[^"]*" role="alert">(.*?)</div>', re.DOTALL
)
OF_NOBODY = {"release-refused": "write it like 22:31", "delete": "release a withdrawal"}
"""Screens on which something is wrong whoever asks for it, and what they say to do."""
SCREENS_MIN = 14


def refusals(page: str) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """The reasons and the names of each refusal that a page shows."""
    for box in BOX.findall(page):
        lists = [
            [read(one) for one in re.findall(r"<li[^>]*>(.*?)</li>", found, re.DOTALL)]
            for found in re.findall(r"<ul[^>]*>(.*?)</ul>", box, re.DOTALL)
        ]
        yield lists[0], lists[1] if len(lists) > 1 else []


@pytest.mark.slow
async def test_every_refusal_on_every_screen_says_why_and_who_could(tmp_path: Path) -> None:
    """Read by every role of the register, on each of the screens."""
    async with in_the_middle(tmp_path) as (on, names):
        refused = set()
        for person in {one.role: one.id for one in on.register.people.values()}.values():
            async with browser(on, person) as at:
                for name, path in SCREENS.items():
                    for reasons, could in refusals((await at.get(path.format(**names))).text):
                        refused.add(name)
                        assert reasons, (name, person)
                        assert all(len(one.split()) > 3 for one in reasons), (name, reasons)
                        assert could or any(OF_NOBODY.get(name, "-") in one for one in reasons), (name, person, reasons)
                        called = on.register.people[person].called
                        assert called not in could, (name, person)
        assert len(refused) >= SCREENS_MIN, sorted(refused)
