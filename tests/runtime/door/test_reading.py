"""Reading records: what cannot be read is named with its place and reason, once, and nothing else is lost."""

from hypothesis import given
from hypothesis import strategies as st

from agents.runtime.door.reading import OFFSETS_SHOWN, RecordReader, told_bad
from infra.log import DAMAGED, Partition, Record
from streams.codec import encode
from streams.subjects.incident import Incident
from streams.topics import FACTS
from streams.values import LIVE
from streams.words.delivery import DeliveryConfirmed
from streams.words.incident import IncidentStoodDown, ReportReceived
from streams.words.register.kept import RegisterRecord
from tests import builders

WHERE = Partition("live.facts", 0)
KEY = builders.SUBJECT.key.encode()
NIGHT = builders.facts_of(
    Incident(id=builders.INCIDENT, mode=LIVE),
    [ReportReceived(methane=builders.methane()), IncidentStoodDown(reason="over", rule="rule")],
)
GOOD = [encode(fact) for fact in NIGHT]


def record(offset: int, value: bytes | None, key: bytes | None = KEY) -> Record:
    return Record(WHERE, offset, key, value, 0)


@given(places=st.lists(st.integers(0, len(GOOD)), max_size=9), stray=st.binary(max_size=50))
def test_the_facts_are_the_same_wherever_strays_lie_among_them(places: list[int], stray: bytes) -> None:
    """Each stray is named by its own offset, and none is named twice."""
    values = list(GOOD)
    for place in places:
        values.insert(place, stray)
    reading = RecordReader()
    records = [record(offset, value) for offset, value in enumerate(values)]
    assert reading.facts(records) == NIGHT
    assert reading.facts(records) == NIGHT
    assert [one.offset for one in reading.bad] == [at for at, value in enumerate(values) if value is stray]


def test_of_a_fact_that_says_which_register_judged_it_nothing_else_is_read() -> None:
    """What reads every kind of fact takes longer to build than a question has; what is no fact is named."""
    reading = RecordReader()
    assert reading.register_version(record(1, b'{"register_version": "v1", "body": "no body"}')) == "v1"
    assert not reading.bad
    assert [reading.register_version(record(2, one)) for one in GOOD] == [one.register_version for one in NIGHT]
    for offset, stray in enumerate((b"", b"\xff", b"[]", b'{"register_version": 7}'), start=3):
        assert reading.register_version(record(offset, stray)) is None
    assert [one.offset for one in reading.bad] == [3, 4, 5, 6]


def test_a_sentence_says_where_about_whom_and_what_to_do_and_never_what_is_written() -> None:
    reading = RecordReader()
    reading.message(FACTS, record(7, b'{"secret": "words"}'))
    (told,) = told_bad(reading.bad)
    assert told.startswith("CANNOT READ record 7 of live.facts (partition 0), incident/inc-1: not a message of facts: ")
    assert told.endswith("find out who wrote it (a newer release?), and see `holdingline log verify`")
    assert "words" not in told


def test_many_that_are_bad_for_one_reason_are_one_sentence() -> None:
    """So that a screen keeps its room for what is healthy."""
    reading = RecordReader()
    for offset in range(200):
        reading.message(FACTS, record(offset, b"x"))
    (told,) = told_bad(reading.bad)
    assert told.startswith(f"CANNOT READ records 0, 1, 2, 3, 4 and {200 - OFFSETS_SHOWN} more of live.facts")


def test_what_the_fold_refuses_is_left_out_and_named() -> None:
    """The facts after it are added."""
    stray = NIGHT[0].model_copy(update={"sequence": 2, "body": DeliveryConfirmed(delivery_id="dlv-of-nobody")})
    values = [encode(NIGHT[0]), encode(stray), encode(NIGHT[1])]
    reading = RecordReader()
    state = reading.fold(Incident(id=builders.INCIDENT, mode=LIVE), [record(at, one) for at, one in enumerate(values)])
    assert state.head == NIGHT[-1].hash
    assert [(one.offset, one.why) for one in reading.bad] == [
        (1, "it does not fit to the facts before it (KeyError)"),
    ]


def test_damaged_headers_are_named_and_the_message_is_read() -> None:
    reading = RecordReader()
    assert reading.message(FACTS, Record(WHERE, 3, KEY, GOOD[0], 0, ((DAMAGED, b"\x00"),))) == NIGHT[0]
    assert [one.offset for one in reading.bad] == [3]


def test_a_register_that_is_none_or_another_than_its_version_names_is_not_shown() -> None:
    whole = RegisterRecord.of(builders.register(), mode=LIVE)
    no_register = RegisterRecord.of(builders.register(), mode=LIVE).model_copy(update={"content": "{}"})
    renamed = whole.model_copy(update={"id": "another"})
    reading = RecordReader()
    shown = [reading.register(record(at, encode(one))) for at, one in enumerate((no_register, renamed, whole))]
    assert [one.version() if one else None for one in shown] == [None, None, whole.id]
    assert [one.offset for one in reading.bad] == [0, 1]
