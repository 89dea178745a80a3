import asyncio
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html

from agents.exercise import Options, Played, report, run
from agents.exercise.played import Outcome
from agents.exercise.report.beside import beside, table
from agents.exercise.report.report import render_page, took
from streams.decisions.channels.kinds import speaking
from streams.values import Purpose
from tests.examples import NOW
from tests.exercise.scripts import COMMANDER, HOLDING, script, written

HOSTILE = '<script>alert(1)</script> & "more"'


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A short drill with a refusal, whose title means harm."""
    again = {"at": "+00:20", "by": COMMANDER, "release": HOLDING}
    path = written(tmp_path_factory.mktemp("script"), title=HOSTILE, injects=[*script()["injects"], again])
    return asyncio.run(run(path, Options(speed=1_000)))


def test_the_report_is_a_page_and_its_data(played: Played, tmp_path: Path) -> None:
    page = report(played, tmp_path / "new" / "folder")
    data = json.loads(page.with_name("report.json").read_text(encoding="utf-8"))
    assert page.name == "report.html"
    assert Played.model_validate(data) == played


def test_the_figures_that_are_kept_are_those_of_the_report_and_hold_no_word_of_it(played: Played) -> None:
    score = played.score(NOW)
    assert (score.played_at, score.title, score.passed) == (NOW, HOSTILE, played.passed)
    assert (score.expected, score.held) == (len(played.outcomes), sum(one.held for one in played.outcomes))
    first = next(one for one in played.publications if one.purpose is Purpose.HOLDING)
    declared = next(one for one in played.facts if one.body.kind in {"report_received", "incident_declared"})
    assert score.first_word_seconds == int((first.at - declared.at).total_seconds())
    assert (score.cases, score.in_time) == (0, 0)


def test_the_page_stands_alone(played: Played) -> None:
    """Nothing is fetched, run or followed outside it: no address, no script, no picture."""
    page = render_page(played)
    assert "<script" not in page
    assert html.fromstring(page).xpath("//@src | //link | //iframe | //img") == []
    assert [target for target in html.fromstring(page).xpath("//@href") if not target.startswith("#")] == []
    assert "url(" not in page


def test_whatever_a_scenario_says_is_only_text(played: Played) -> None:
    page = html.fromstring(render_page(played))
    assert HOSTILE in page.findtext(".//h1")
    assert page.xpath("//script") == []


def test_the_page_shows_what_went_out_and_why_not(played: Played) -> None:
    page = html.fromstring(render_page(played)).text_content()
    assert "EXERCISE EXERCISE EXERCISE: We declared a major incident" in page
    assert "YMARFER YMARFER YMARFER" in page
    assert "these words are out, were out, or are on their way" in page
    assert "Declaration to first holding message authorised" in page


def test_the_first_word_is_shown_side_by_side_on_every_kind_of_channel(played: Played) -> None:
    """Byte for byte, also for kinds that the trust does not have; a kind that joins the table joins the page."""
    page = html.fromstring(render_page(played))
    (grid,) = page.xpath("//div[@class='beside']")
    shown = beside(played)
    assert [one.kind for one in shown] == speaking()
    assert [one.text_content().lower().replace(" ", "-") for one in grid.iter("h3")] == speaking()
    words = [one.text_content() for one in grid.iter("blockquote")]
    assert words == [part.text.rstrip("\n") for one in shown for part in one.parts]
    assert all(word.startswith(("EXERCISE", "YMARFER")) for word in words)
    over = grid.xpath("./article[@class='over']/h3/text()")
    assert [one.lower() for one in over] == [one.kind for one in shown if one.over]


def test_the_same_fits_a_terminal_of_80_columns(played: Played) -> None:
    """A row for each post, with its length of its limit."""
    rows = [*table(beside(played))]
    assert max(map(len, rows)) <= 80
    assert len(rows) == 1 + sum(len(one.parts) for one in beside(played))
    assert all(any(row.startswith(kind[:10]) for row in rows) for kind in speaking())


def test_every_piece_of_evidence_leads_to_a_fact(played: Played) -> None:
    page = html.fromstring(render_page(played))
    targets = {target.removeprefix("#") for target in page.xpath("//@href")}
    assert targets
    assert targets <= set(page.xpath("//@id"))


def test_a_drawing_has_a_title_for_those_who_cannot_see_it(played: Played) -> None:
    counted = played.model_copy(update={"counted": 3, "mentions_by_minute": {played.started_at: 3}})
    drawings = html.fromstring(render_page(counted)).xpath("//svg")
    assert len(drawings) == 2
    for drawing in drawings:
        assert drawing.get("role") == "img"
        assert drawing.xpath("./title/text()")
        assert drawing.xpath("./desc")


def test_no_label_lies_on_another(played: Played) -> None:
    """Words of the timeline on one line leave each other room, at 6 units a character."""
    (drawing,) = html.fromstring(render_page(played)).xpath("//svg")
    words = [one for one in drawing.xpath(".//text[@class='mark']") if one.get("text-anchor") is None]
    for one in words:
        for other in words:
            if one is not other and one.get("y") == other.get("y") and float(one.get("x")) <= float(other.get("x")):
                assert float(one.get("x")) + 6 * len(one.text) <= float(other.get("x"))


def test_what_failed_stands_at_the_top(played: Played) -> None:
    wrong = Outcome(says="Something else", held=False, found="it was not there")
    page = render_page(played.model_copy(update={"outcomes": (*played.outcomes, wrong)}))
    assert "✗ Not passed" in page
    assert page.index("it was not there") < page.index("The times that count")


def test_what_was_not_as_expected_and_the_figures_come_first_and_all_else_is_folded(played: Played) -> None:
    """On a phone the page is a screen or two; whoever wants more opens it, and a printer opens everything."""
    wrong = Outcome(says="Something else", held=False, found="it was not there", deadline=played.ended_at)
    page = html.fromstring(render_page(played.model_copy(update={"outcomes": (*played.outcomes, wrong)})))
    open_at_once = [one.get("id") for one in page.xpath("//h2[not(ancestor::details)]")]
    assert open_at_once == ["amiss", "times"]
    assert "Something else: it was not there" in " ".join(page.xpath("//ul[@class='amiss']")[0].text_content().split())
    folded = [one.get("id") for one in page.xpath("//details/summary/h2")]
    assert folded[:2] == ["expectations", "out"]
    assert {"timeline", "beside", "refused", "aside", "running", "record"} <= {*folded}
    assert not page.xpath("//details[@open]")
    plain = html.fromstring(render_page(played))
    assert [one.get("id") for one in plain.xpath("//h2[not(ancestor::details)]")] == ["times"]


def test_a_drill_that_did_not_begin_says_why(tmp_path: Path) -> None:
    path = written(tmp_path, register_changes={"as_registered": ["site"]})
    page = render_page(asyncio.run(run(path, Options(speed=1_000))))
    assert "Did not begin" in page
    assert "channel site publishes in mode live" in re.sub(r"\s+", " ", page)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, "never"), (0.034, "0.03 s"), (42.4, "42 s"), (150, "2 min 30 s"), (3600, "60 min 00 s")],
)
def test_a_span_is_told_as_people_do(seconds: float | None, words: str) -> None:
    assert took(seconds) == words


def test_spans_are_never_negative(played: Played) -> None:
    assert all(timedelta(seconds=span.seconds or 0) >= timedelta() for span in played.spans)
