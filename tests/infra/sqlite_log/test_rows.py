"""Rows by key: whatever compaction has seen or not, what is found is what was written last; little is read for it."""

from pathlib import Path

import pytest

from infra.log import Draft
from tests.infra.sqlite_log.kit import LETTERS, STATES, count_rows, opened

FEW, MANY = 10, 400


def row(key: str, value: bytes | None = b"value") -> Draft:
    return Draft(STATES, key.encode(), value, 0)


async def test_a_row_is_what_was_written_last_before_and_after_compaction(tmp_path: Path) -> None:
    async with opened(tmp_path / "log") as log:
        rows = log.rows_of(STATES)
        assert rows is not None
        await log.append([row("a|x", b"1"), row("a|y", b"1"), row("b|x", b"1"), row("c", b"1")])
        await log.compact()
        await log.append([row("a|x", b"2"), row("b|x", None), row("a|z", b"1"), row("d|x", b"1"), row("d|x", None)])
        for _ in range(2):
            for seen in (rows, log.rows_of(STATES) or rows):
                found = {key: seen.get(key) for key in (b"a|x", b"a|y", b"a|z", b"b|x", b"c", b"d|x", b"e")}
                assert found == {
                    **dict.fromkeys(found),
                    b"a|x": b"2",
                    b"a|y": b"1",
                    b"a|z": b"1",
                    b"c": b"1",
                }
                assert {*seen.keys(b"a|")} == {b"a|x", b"a|y", b"a|z"}
                assert {*seen.keys()} == {b"a|x", b"a|y", b"a|z", b"c"}
                assert {*seen.keys_after(b"|", b"x")} == {b"a|x"}
            await log.compact()


async def test_a_topic_that_keeps_everything_has_no_rows(tmp_path: Path) -> None:
    async with opened(tmp_path / "log") as log:
        assert log.rows_of(LETTERS) is None


async def test_what_compaction_has_seen_leaves_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.sqlite_log.file.rows.TAIL_KEYS_MIN", 5)
    async with opened(tmp_path / "log") as log:
        rows = log.rows_of(STATES)
        assert rows is not None
        for number in range(FEW):
            await log.append([row(f"a|{number}|{each}") for each in range(FEW)])
            assert rows.get(b"a|0|0") == b"value"
            await log.compact()
        assert len(rows._tail) <= 3 * FEW
        assert len(rows.keys(b"a|")) == FEW * FEW


async def test_what_is_asked_for_costs_the_same_however_many_other_rows_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted in what SQLite gives back."""
    costs = []
    for count in (FEW, MANY):
        async with opened(tmp_path / f"log-{count}") as log:
            await log.append([row(f"{name}|order/{number}") for name in "abc" for number in range(count)])
            await log.append([row("b|post/1"), row("c|post/2"), row("b|draft/1")])
            await log.compact()
            given: list[int] = []
            with monkeypatch.context() as patch:
                count_rows(patch, given.append)
                rows = log.rows_of(STATES)
                assert rows is not None
                assert rows.get(b"a|order/0") == b"value"
                assert rows.get(b"a|order/none") is None
                assert {*rows.keys(b"b|draft/")} == {b"b|draft/1"}
                assert {*rows.keys_after(b"|", b"post/")} == {b"b|post/1", b"c|post/2"}
        costs.append(sum(given))
    assert costs[0] == costs[1] > 0
