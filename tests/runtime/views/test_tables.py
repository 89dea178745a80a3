"""The tables as somebody outside reads them."""

from agents.runtime.views.tables import Tables, latest
from infra.log import Partition, Record
from streams.subjects.case import Case
from streams.subjects.incident import Incident, Status
from streams.subjects.past import ENDED, HandedIn, Pointer, set_aside
from streams.values import LIVE
from tests import builders

WHERE = Partition("table", 0)


def records(*changes: tuple[str, bytes | None]) -> list[Record]:
    return [Record(WHERE, offset, key.encode(), value, 0) for offset, (key, value) in enumerate(changes)]


def test_the_last_value_of_each_key_counts_in_the_order_of_writing() -> None:
    """A key that was written again comes last, and one that was taken away does not come."""
    found = latest(records(("a", b"1"), ("b", b"1"), ("gone", b"1"), ("a", b"2"), ("gone", None)))
    assert [*found.items()] == [("b", b"1"), ("a", b"2")]


def test_what_left_memory_is_named_last_first_and_not_read() -> None:
    """So a row that nobody can read hides no other, and many of them cost little."""
    rows = [(f"incident/inc-{number}|{ENDED}", b"no row at all") for number in range(3)]
    back = ("incident/inc-0|order/cmd-1", b"nor this")
    tables = Tables({}, latest(records(*rows, back, (f"case/paper-1|{ENDED}", b"{}"), rows[1])))
    assert tables.overview().ended == ["inc-1", "inc-2", "inc-0"]


def test_of_many_reports_the_newest_are_read_where_only_these_are_shown() -> None:
    """Twelve reports have left the record: their numbers are counted, not their letters."""
    record = Incident(id="inc-1", mode=LIVE, status=Status.STANDBY, reported=12)
    reports = [builders.methane(exact_location=f"Ward {number}") for number in range(1, 13)]
    rows = {f"report/{number}": HandedIn(methane=one) for number, one in enumerate(reports, start=1)}
    written = {f"{record.subject.key}|{key}": row.model_dump_json().encode() for key, row in rows.items()}
    states, noted = {record.subject.key: record.model_dump_json().encode()}, list[str]()
    written[f"{record.subject.key}|report/1"] = b"no report at all"

    def note(key: str, _: str) -> None:
        noted.append(key)

    for most, shown in ((None, reports[1:]), (3, reports[9:]), (20, reports[1:])):
        (seen,) = Tables(states, written, note, most).overview().incidents
        assert [*seen.reports] == shown
        assert bool(noted) is (most != 3)
        noted.clear()


def test_what_only_points_to_another_row_counts_by_its_key_and_is_named_if_it_is_something_else() -> None:
    record, noted = Incident(id="inc-1", mode=LIVE, status=Status.STANDBY), list[str]()
    states, key = {record.subject.key: record.model_dump_json().encode()}, record.subject.key
    rows = {f"{key}|order/cmd-1": Pointer(to="cmd-1").model_dump_json().encode(), f"{key}|order/cmd-2": b'{"kind":1}'}

    def note(key: str, _: str) -> None:
        noted.append(key)

    (seen,) = Tables(states, rows, note).overview().incidents
    assert seen.answered == ("cmd-1",)
    assert noted == [f"{key}|order/cmd-2"]


def test_what_is_in_memory_is_read_whole() -> None:
    """Closed cases are left out of it."""
    incident, case = builders.released(), Case(id="paper-1", mode=LIVE)
    record, rows = set_aside(incident, at=builders.NOW)
    states = {one.subject.key: one.model_dump_json().encode() for one in (record, case)}
    tables = Tables(
        states, {f"{incident.subject.key}|{key}": row.model_dump_json().encode() for key, row in rows.items()}
    )
    seen = tables.overview()
    assert record != incident
    assert (seen.incidents, seen.cases, seen.ended, seen.register_log) == ([incident], [], [], None)
