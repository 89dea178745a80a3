"""The benchmarks still run; how fast, is for `make bench` on a quiet machine to say."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from agents.adapters.registers.folder import data_folder
from agents.adapters.registers.wording import read_wording
from benchmarks.__main__ import Size, What, measured
from benchmarks.drawing import drawing
from benchmarks.figures import Aim, Figure, table
from benchmarks.ground import KAFKA_ADDRESS, Kind, addresses
from benchmarks.mend import PAIRS, REACHED
from benchmarks.relays import at
from benchmarks.routes import ANY_HARM, Measured
from benchmarks.routes import measured as routed
from streams.decisions.listening.routes.router import router
from streams.words.cases import CaseSort
from tests import builders

TINY = Size(
    runs=1,
    events=4_000,
    releases=2,
    mentions=20_000,
    grown=60,
    facts=200,
    asked=2,
    page_facts=20,
    readers=3,
    posts=2,
    asked_speed=10.0,
    texts=500,
)
TAKEN: Mapping[What, Sequence[str]] = {
    What.P1: ["P1a", "P1b"],
    What.P2: ["P2", "P2", "P3", "P3"],
    What.P4: ["P4"],
    What.P5: ["P5"],
    What.P6: ["P6"],
    What.P7: ["P7"] * 13,
    What.P8: [*["P8"] * 5, "P10"],
    What.P9: [],
    What.P11: ["P11"],
    What.P12: [*["P12"] * 8, "P13"],
    What.P14: ["P14"],
}
ON_KAFKA: Mapping[What, Sequence[str]] = {
    **TAKEN,
    What.P4: ["P4", "P4"],
    What.P6: [],
    What.P7: [],
    What.P12: [],
    What.P14: [],
    What.P9: ["P9"],
}


async def names(part: What, kind: Kind, url: str) -> list[str]:
    figures = [one async for found in measured([part], {kind: url}, TINY) for one in found]
    ET.fromstring(drawing(figures))  # noqa: S314 - our own drawing is no stranger's XML
    assert all(f"{one.name}, {one.unit}" in table(figures) for one in figures)
    return [one.name.split()[0] for one in figures]


@pytest.mark.slow
@pytest.mark.parametrize("part", What)
async def test_every_figure_is_taken_on_the_embedded_log(part: What) -> None:
    """Tiny, and without a word on time."""
    assert await names(part, Kind.EMBEDDED, "") == TAKEN[part]


@pytest.mark.slow
@pytest.mark.parametrize("part", What)
async def test_every_figure_is_taken_on_kafka(part: What, kafka: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiny, on one broker; Quix Streams is compared where its environment was made."""
    monkeypatch.setenv(KAFKA_ADDRESS, kafka)
    with addresses([Kind.KAFKA]) as found:
        assert [one for one in await names(part, Kind.KAFKA, found[Kind.KAFKA]) if one != "P1c"] == ON_KAFKA[part]


def test_no_release_that_is_measured_waits_for_a_budget() -> None:
    """Words that wait for a channel's next minute would be timed with the wait."""
    slow = [kind.rate for kind in REACHED.values() if kind.rate and kind.rate.within >= timedelta(minutes=1)]
    assert slow
    assert min(rate.requests - rate.kept for rate in slow) >= 2 * PAIRS


def test_all_figures_are_in_one_table_and_one_drawing() -> None:
    figures = [replace(figure(ours=(1, 2, 3), aim=Aim(number)), name=f"P{number}") for number in range(1, 12)]
    drawn = "".join(ET.fromstring(drawing(figures)).itertext())  # noqa: S314 - as above
    assert all(one.name in drawn and f"| {one.name}, {one.unit} |" in table(figures) for one in figures)


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


def test_posts_that_are_made_of_one_sentence_count_as_one_sentence() -> None:
    """Else seven groups of people in one sentence would make the interval of a proportion too narrow."""
    words = read_wording(data_folder()).words
    rows = [
        *({"text": f"{group} are vermin", "sort": "hate-crime", "templ_id": "1"} for group in ("Muslims", "migrants")),
        {"text": "Somebody should shoot him", "sort": "threat", "templ_id": "2"},
        {"text": "Lovely day at the fair", "sort": "hate-crime", "templ_id": "3"},
    ]
    found = routed(rows, router(builders.register().model_copy(update={"words": words})))
    assert (found.posts, found.sentences) == (4, 3)
    assert (found.labelled[CaseSort.HATE_CRIME], found.right[CaseSort.HATE_CRIME]) == (2, 1)
    assert (found.labelled[ANY_HARM], found.right[ANY_HARM], found.found[ANY_HARM]) == (3, 2, 2)


def test_a_threat_that_is_taken_for_abuse_is_found_as_one_of_the_sorts_of_harm() -> None:
    """It is the wrong sort, and yet before a person."""
    found = Measured(posts=1, sentences=1)
    found.add(CaseSort.ABUSE, frozenset({CaseSort.THREAT}), 1)
    assert found.line(CaseSort.THREAT).startswith("- | 0 %")
    assert found.line(ANY_HARM).startswith("100 %")
