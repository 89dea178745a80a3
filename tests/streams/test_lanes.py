"""The table of lanes: every topic lies on one log, has one group of handlers, and nobody shares a name."""

from agents.runtime.door.lanes import topics_on
from streams.lanes import CONTROL_LANE, LANES, NAMED, owner_of
from streams.topics import CARRYING, COMMANDS, FACTS, FEED_STATES, REGISTERS, SIGNALS


def test_every_topic_lies_on_the_log_of_one_lane() -> None:
    assert sorted(plan.name for lane in LANES for plan in lane.owns) == sorted(plan.name for plan in CARRYING)
    assert [owner_of(plan) for plan in (COMMANDS, FACTS)] == [CONTROL_LANE] * 2


def test_every_topic_is_handled_by_one_lane_but_what_is_only_kept() -> None:
    """Two lanes would share its partitions, and each would hold up the other."""
    handled = [plan for lane in LANES for plan in lane.consumes]
    assert len(handled) == len(set(handled))
    assert {*CARRYING} - {*handled} == {FEED_STATES, REGISTERS, SIGNALS}


def test_only_one_lane_writes_facts_and_it_runs_in_the_first_process() -> None:
    """It is never restarted by another, and steps back for nobody."""
    assert [lane for lane in LANES if FACTS.name in lane.writes] == [CONTROL_LANE] == [LANES[0]]
    assert (CONTROL_LANE.runs_beside, CONTROL_LANE.niceness, CONTROL_LANE.log) == (False, 0, None)


def test_no_two_lanes_share_a_name_a_log_or_a_table() -> None:
    assert len(NAMED) == len({lane.log for lane in LANES}) == len(LANES)
    tables = [table for lane in LANES for table in lane.tables]
    assert len(tables) == len({*tables})


def test_a_lane_with_a_log_of_its_own_finds_its_topics_there_and_one_that_shares_finds_all() -> None:
    for lane in LANES:
        assert {*topics_on("sqlite:////log.db", lane)} == {*lane.owns}
        assert {*topics_on("kafka://one:9092", lane)} == {*CARRYING}
