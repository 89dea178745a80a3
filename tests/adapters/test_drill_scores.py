"""The file of drills' scores: each exercise adds a line, and what is no score hides no other."""

from datetime import timedelta
from pathlib import Path

from agents.adapters.drill_scores import READ_BYTES_MAX, keep_score, read_scores
from streams.projections.drill_scores import DrillScore
from tests.examples import NOW


def score(number: int) -> DrillScore:
    at = NOW + timedelta(days=number)
    return DrillScore(title=f"Drill {number}", played_at=at, passed=True, expected=3, held=3)


def test_scores_are_read_as_they_were_kept(tmp_path: Path) -> None:
    file = tmp_path / "new" / "drills.jsonl"
    assert read_scores(file) == []
    for number in range(3):
        keep_score(score(number), file)
    assert read_scores(file) == [score(0), score(1), score(2)]


def test_a_line_that_is_no_score_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "drills.jsonl"
    file.write_bytes(b"{}\nnot json \xff\n\n")
    keep_score(score(1), file)
    assert read_scores(file) == [score(1)]


def test_of_a_file_that_grew_the_newest_scores_are_read(tmp_path: Path) -> None:
    file = tmp_path / "drills.jsonl"
    file.write_bytes(b"x" * 2 * READ_BYTES_MAX + b"\n")
    keep_score(score(1), file)
    assert read_scores(file) == [score(1)]
