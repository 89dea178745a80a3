"""The benchmarks still run; how fast, is for `make bench` on a quiet machine to say."""

import pytest

from benchmarks.__main__ import measured
from benchmarks.figures import drawing, table
from infra.transports import register_transports


@pytest.mark.slow
async def test_every_figure_is_taken_and_shown() -> None:
    """Tiny, and without a word on time."""
    register_transports()
    figures = await measured(runs=1, events=4_000, releases=2, long=4_000)
    assert [one.name.split()[0] for one in figures] == ["P1a", "P1b", "P2", "P3", "P4", "P5"]
    assert all(one.name in table(figures) and one.name in drawing(figures) for one in figures)
