"""What is kept of people for cases is counted: what waits for its deletion, what stays, and what is late."""

from datetime import UTC, timedelta

from streams.decisions.cases.retention import KEPT_AFTER, LATE_AFTER, KeptRecords, kept_records
from streams.subjects.case import Case, CaseStatus
from streams.telling.cases import told_records
from streams.words.listening.routes import CasePosts
from tests.builders import LIVE, NOW


def record(name: str, *, days: float = 30, held: bool = False) -> CasePosts:
    return CasePosts(case_id=name, posts=("post-1",), kept_until=NOW + timedelta(days=days), held=held)


def test_closed_cases_wait_and_those_that_are_open_or_evidence_stay() -> None:
    """A case that is open has no time, however long ago its record was written."""
    going_on = [Case(id="c-open", mode=LIVE, status=CaseStatus.OPEN)]
    records = [record("c-1", days=12), record("c-2", days=3), record("c-open", days=-9), record("c-3", held=True)]
    found = kept_records(records, going_on, now=NOW)
    assert found == KeptRecords(waiting=2, next_at=NOW + timedelta(days=3), held=1, open=1)
    assert told_records(found, zone=UTC) == (
        "closed cases whose posts wait for their deletion: 2, the next by 17 Jan 2026 22:31 UTC; "
        "cases whose posts stay: 1 open, 1 held as evidence"
    )


def test_nothing_kept_is_said_plainly() -> None:
    assert told_records(kept_records([], [], now=NOW), zone=UTC) == "nothing is kept of people for any case"


def test_a_deletion_is_late_a_quarter_of_an_hour_after_its_time() -> None:
    """Evidence never is."""
    records = [record("c-1", days=0), record("c-2", days=-1, held=True)]
    assert not kept_records(records, [], now=NOW + LATE_AFTER).late
    found = kept_records(records, [], now=NOW + LATE_AFTER + timedelta(seconds=1))
    assert found.late == 1
    assert told_records(found, zone=UTC).startswith(
        "LATE: closed cases whose posts should be deleted by now: 1, the first since 14 Jan 2026 22:31 UTC; look"
    )


def test_a_case_that_was_closed_now_goes_in_thirty_days() -> None:
    closed = Case(id="c-1", mode=LIVE, status=CaseStatus.CLOSED, closed_at=NOW)
    found = kept_records([record("c-1")], [closed], now=NOW)
    assert (found.waiting, found.next_at) == (1, NOW + KEPT_AFTER)
