"""The benchmarks still run; how fast, is for `make bench` on a quiet machine to say."""

from xml.etree import ElementTree as ET

import pytest

from benchmarks.__main__ import Size, What, measured
from benchmarks.drawing import drawing
from benchmarks.figures import Aim, Figure, table
from benchmarks.ground import KAFKA_ADDRESS, Kind, addresses
from benchmarks.relays import at
from tests.contracts.kafka.ground import kafka_address

TINY = Size(runs=1, events=4_000, releases=2, mentions=40_000, grown=60, facts=200, page_facts=20, readers=3)
ALWAYS = ["P1a", "P1b", "P2", "P2", "P3", "P4"]
SCREENS = [*["P12"] * 5, "P13"]
STARTS = [*["P8"] * 5, "P10"]


async def names(kind: Kind, url: str) -> list[str]:
    figures = [one async for found in measured(list(What), {kind: url}, TINY) for one in found]
    ET.fromstring(drawing(figures))  # noqa: S314 - our own drawing is no stranger's XML
    assert all(f"{one.name}, {one.unit}" in table(figures) for one in figures)
    return [one.name.split()[0] for one in figures]


@pytest.mark.slow
async def test_every_figure_is_taken_on_the_embedded_log() -> None:
    """Tiny, and without a word on time."""
    assert await names(Kind.EMBEDDED, "") == [*ALWAYS, "P5", "P6", *STARTS, "P11", *SCREENS]


@pytest.mark.slow
async def test_every_figure_is_taken_on_kafka(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiny, on one broker; Quix Streams is compared where its environment was made."""
    with kafka_address() as address:
        monkeypatch.setenv(KAFKA_ADDRESS, address)
        with addresses([Kind.KAFKA]) as found:
            taken = [one for one in await names(Kind.KAFKA, found[Kind.KAFKA]) if one != "P1c"]
            assert taken == [*ALWAYS, "P4", "P5", *STARTS, "P9", "P11"]


def figure(*, ours: tuple[float, ...], aim: Aim) -> Figure:
    return Figure("P0", "embedded", "ms", ours, (2.0, 4.0, 8.0), "a bare one", aim)


def test_a_ratio_is_taken_at_the_medians_and_held_against_its_aim() -> None:
    more, less = Aim(2, at_least=True), Aim(2)
    assert figure(ours=(8.0, 8.0, 8.0), aim=more).ratio == 2
    assert [figure(ours=(9.0, 9.0, 9.0), aim=aim).met for aim in (more, less)] == [True, False]
    assert [figure(ours=(7.0, 7.0, 7.0), aim=aim).met for aim in (more, less)] == [False, True]


def test_each_run_is_compared_with_the_baseline_of_the_same_run() -> None:
    assert figure(ours=(2.0, 8.0, 4.0), aim=Aim(1)).ratios == [1, 2, 0.5]


def test_a_percentile_is_one_of_the_samples() -> None:
    assert (at([3, 1, 2], 50), at([3, 1, 2], 99), at([7], 50)) == (2, 3, 7)
