"""The lists that texts are filled from and judged by: what is wrong with them is found at its line."""

from pathlib import Path

import pytest

from agents.adapters.registers import report
from tests.adapters.breaking import Break, copied, faults
from tests.adapters.breaks import LISTED


@pytest.mark.parametrize("broken", LISTED, ids=lambda one: f"{one.file}: {one.new[:50]!r}")
def test_a_break_in_a_list_is_found_at_its_line(broken: Break, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    broken.apply(folder)
    found = faults(folder)
    assert broken.is_found(found, folder), report(found)
