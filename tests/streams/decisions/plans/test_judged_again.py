"""Years later every order about a planned post gives the same facts again, from the record alone."""

from collections.abc import Sequence
from datetime import timedelta

from streams.chain import seal
from streams.decisions.authority.order import Order
from streams.decisions.desk.judge import judge
from streams.record.second_judgement import find_misjudged
from streams.subjects.declared import NONE_DECLARED, Declared
from streams.subjects.plan import Plan
from streams.values import LIVE
from streams.words.facts import Fact
from streams.words.orders import Command, CommandBody, Tick, command
from streams.words.plans import CorrectPost, DropPost, PostHeld
from tests import builders, planned
from tests.builders import NOW, OFFICER, SIGNER, WRITER
from tests.planned import AT, CLOCK, GOES_ON, IS_OVER

VERSION = "v1"


def history() -> tuple[list[Fact], dict[str, dict[str, Command]]]:
    """A post that is planned, held when it is due, planned again in an incident, and mended once it is out."""
    state, facts, orders = planned.untouched(), list[Fact](), dict[str, dict[str, Command]]()
    draft, template = planned.drafted(), "major-incident"
    right = CorrectPost(template=template, slots=builders.SLOTS)
    steps: Sequence[tuple[CommandBody, str, timedelta, Declared]] = (
        (planned.post(), WRITER, timedelta(), NONE_DECLARED),
        (planned.approving(draft), SIGNER, timedelta(minutes=1), NONE_DECLARED),
        (Tick(), CLOCK, AT - NOW, GOES_ON),
        (planned.again(14), SIGNER, timedelta(hours=12), GOES_ON),
        (Tick(), CLOCK, timedelta(hours=13), IS_OVER),
        (planned.again(15), SIGNER, timedelta(hours=13, minutes=1), IS_OVER),
        (Tick(), CLOCK, timedelta(hours=15), IS_OVER),
        (right, OFFICER, timedelta(hours=15, minutes=1), GOES_ON),
        (DropPost(reason="It is wrong.", withdraw_with=template), WRITER, timedelta(hours=15, minutes=2), IS_OVER),
    )
    for body, by, later, declared in steps:
        now = NOW + later
        given = command(body, cause=now, mode=LIVE, subject=state.subject, at=now, by=by)
        made, after = judge(
            Order(given, state, builders.register(), now, declared=declared), run="run-1", register_version=VERSION
        )
        assert isinstance(after, Plan)
        state = after
        facts += made
        orders[given.id] = {given.content(): given}
    return facts, orders


def test_a_post_that_was_held_is_judged_again_to_the_same_facts() -> None:
    """What was known of incidents follows from the facts that it led to."""
    facts, orders = history()
    kinds = builders.kinds(fact.body for fact in facts)
    assert kinds.count("post_held") == 3
    assert kinds.count("message_authorised") == 5
    assert "delivery_claimed" in kinds
    assert [*find_misjudged(facts, orders, registers={VERSION: builders.register()})] == []


def test_a_hold_that_was_taken_out_of_the_record_is_found() -> None:
    """Whoever wants to show that nothing held a post has to change more than that fact."""
    facts, orders = history()
    place = next(number for number, fact in enumerate(facts) if isinstance(fact.body, PostHeld))
    chained = list[Fact]()
    for number, fact in enumerate([*facts[:place], *facts[place + 1 :]], 1):
        before = chained[-1].hash if chained else fact.previous
        chained.append(seal(fact.model_copy(update={"sequence": number, "previous": before})))
    assert [*find_misjudged(chained, orders, registers={VERSION: builders.register()})] != []
