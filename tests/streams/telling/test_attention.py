"""What waits and what was promised, as a person is told it."""

from datetime import UTC, timedelta, timezone
from typing import get_args

from streams.subjects.attention import WAITS, Waiting, waiting
from streams.subjects.promises import Promise, PromiseState
from streams.telling.attention import told_attention, told_content, told_promises
from streams.telling.facts import plan_lines
from streams.words.attention import Kind
from streams.words.delivery import DeliveryState
from tests import builders, planned
from tests.builders import NOW, SUBJECT, WRITER


def test_there_is_a_sentence_for_each_kind_of_thing_that_waits() -> None:
    assert set(WAITS) == set(get_args(Kind))


def test_what_waits_is_told_with_its_place_its_name_and_its_time() -> None:
    """What is overdue says since when, everything else until when."""
    late = Waiting(kind="promise", subject=SUBJECT, what="msg-1", until=NOW)
    draft = Waiting(kind="draft", subject=SUBJECT, what="msg-2", until=NOW)
    moment = f"{NOW:%d %b %Y %H:%M} UTC"
    overdue = f"{SUBJECT.called}: the next update, promised with msg-1, is OVERDUE since {moment}"
    assert told_attention(late, zone=UTC) == overdue
    assert told_attention(draft, zone=UTC) == f"{SUBJECT.called}: draft msg-2 waits for sign-off, until {moment}"


def test_what_waits_of_a_planned_post_is_told_by_the_trusts_clock() -> None:
    """In summer it is another than that of the service."""
    out, summer = planned.out(), timezone(timedelta(hours=1), "BST")
    (name, one), *_ = out.deliveries.items()
    paced = one.model_copy(update={"state": DeliveryState.UNSENT, "paced_at": NOW, "due_at": NOW})
    post = out.model_copy(update={"deliveries": {name: paced}})
    until = f"WAITS until {NOW + timedelta(hours=1):%H:%M:%S} BST"
    assert until in "\n".join(plan_lines(post, summer))
    waits = Waiting(kind="paced", subject=planned.subject(), what=name)
    assert until in "\n".join(told_content(waits, post, zone=summer))


def test_a_person_reads_the_words_before_their_yes_and_no_word_looks_like_a_line() -> None:
    (text,) = builders.line().texts.values()
    drafted = builders.carried_out(builders.declared(), builders.line(texts={"en": f"{text}\nWAITS"}), by=WRITER)
    (one,) = waiting(drafted, NOW)
    content = "\n".join(told_content(one, drafted, zone=UTC))
    assert content.startswith("line on ")
    assert f"en: {text}\n      WAITS" in content


def test_open_and_overdue_promises_are_told_one_by_one_and_the_others_counted() -> None:
    states: tuple[PromiseState, ...] = ("kept", "broken", "kept", "overdue")
    made = [
        Promise(message_id=f"msg-{at}", by=NOW + timedelta(hours=at), state=state) for at, state in enumerate(states)
    ]
    now, before = told_promises(made, zone=UTC)
    assert now == f"next update OVERDUE since {NOW + timedelta(hours=3):%d %b %Y %H:%M} UTC, promised with msg-3"
    assert before == "earlier promises: 2 kept, 1 broken"
    assert [*told_promises([], zone=UTC)] == []
