"""Every message flows on one topic, under the key that keeps its order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.errors import WrongTopic
from streams.topics import CARRYING, COMMANDS, FACTS, TopicPlan, key_of, plan_of
from streams.values import derive_id, is_drill
from streams.words.orders import Command
from tests import builders
from tests.strategies import built, carried


@pytest.mark.parametrize("plan", CARRYING, ids=lambda plan: plan.name)
@given(data=st.data())
def test_every_message_has_one_topic_and_a_key(plan: TopicPlan, data: st.DataObject) -> None:
    """The topic follows from the type, the key from the field that the topic names; the topic's name from the mode."""
    message = data.draw(carried(plan.carries))
    assert plan_of(message) is plan
    key = getattr(message, plan.key)
    assert key_of(message) == (key.key if plan.key == "subject" else str(key)).encode()
    assert plan.named(message.mode) == f"{message.mode}.{plan.name}"


def test_no_two_topics_carry_the_same_type_or_name() -> None:
    """So that a message cannot go astray."""
    assert len({plan.name for plan in CARRYING}) == len({plan.carries for plan in CARRYING}) == len(CARRYING)


def test_orders_and_facts_have_as_many_partitions() -> None:
    """Faust deals partitions of one number together: whoever claims a delivery is then the one who publishes it."""
    assert COMMANDS.spreads == FACTS.spreads


def test_what_is_no_message_flows_nowhere() -> None:
    """A part of a message is none."""
    with pytest.raises(WrongTopic):
        plan_of(builders.declaration())  # type: ignore[arg-type] # that is the point


@given(command=built(Command))
def test_only_live_is_no_drill(command: Command) -> None:
    """Training and exercises are drills, whatever they are called."""
    assert is_drill(command.mode) is (command.mode != "live")


@given(parts=st.lists(st.text() | st.integers(), max_size=4), more=st.text(min_size=1))
def test_the_same_cause_gives_the_same_identifier_and_another_cause_another(parts: list[object], more: str) -> None:
    """Identifiers are derived, and where one part ends and the next begins matters."""
    assert derive_id("cmd", *parts) == derive_id("cmd", *parts)
    assert derive_id("cmd", *parts) != derive_id("cmd", *parts, more)
    assert derive_id("cmd", "ab", "c") != derive_id("cmd", "a", "bc")
