"""Lanes: which agents run together in one worker process. One row for each lane says what is its own.

Mentions come in floods, and a release never waits behind one: other topics, another process, another log to write.
"""

from dataclasses import dataclass

from streams.topics import (
    COMMANDS,
    DEAD_LETTERS,
    FACTS,
    FEED_STATES,
    MENTION_COUNTS,
    MENTIONS,
    PARTNER_POSTS,
    REGISTERS,
    SIGNALS,
    TopicPlan,
)

ALL = "all"
"""The word for every lane together, where somebody names one."""
FEEDS = "feeds"
"""The lane that hears the partners. It handles no topic, so it has no row: its process writes by a door, as people do,
on the log of the control lane."""
FEEDS_NICENESS = 5


@dataclass(frozen=True, slots=True)
class TablePlan:
    """A table: its name, and the topic whose agent writes it. It has as many partitions, dealt to the same workers."""

    name: str
    beside: TopicPlan


@dataclass(frozen=True, slots=True)
class Lane:
    """A row. Its agents handle `consumes`; its views read `follows` beside them; `writes` are names of topics.

    `owns` are the topics that lie on its log. `log` is what its log is called beside the first one, where a ground
    gives each worker a log of its own; None: it has the one that settings name.
    `tables` are kept by its agents. `niceness` is by how much it steps back where several want the processor.
    `serve` starts a lane with `runs_beside` as a process beside the control lane.
    """

    name: str
    about: str
    consumes: tuple[TopicPlan, ...]
    follows: tuple[TopicPlan, ...]
    writes: tuple[str, ...]
    owns: tuple[TopicPlan, ...]
    tables: tuple[TablePlan, ...]
    log: str | None = None
    niceness: int = 0
    runs_beside: bool = False

    @property
    def reads(self) -> tuple[TopicPlan, ...]:
        """Every topic that its worker reads."""
        return tuple(dict.fromkeys([*self.consumes, *self.follows]))

    def group(self, mode: str) -> str:
        """The name of its workers' group in a mode; its tables are named after it."""
        return f"holdingline-{mode}-{self.name}"


CONTROL_LANE = Lane(
    name="control",
    about="the worker that judges orders, publishes and amplifies",
    consumes=(COMMANDS, FACTS, PARTNER_POSTS),
    follows=(PARTNER_POSTS, FEED_STATES),
    writes=(COMMANDS.name, FACTS.name, REGISTERS.name, DEAD_LETTERS),
    owns=(COMMANDS, FACTS, PARTNER_POSTS, FEED_STATES, REGISTERS),
    tables=(TablePlan("subjects", COMMANDS), TablePlan("past", COMMANDS)),
)
MENTION_LANE = Lane(
    name="mentions",
    about="the worker that counts mentions",
    consumes=(MENTIONS, MENTION_COUNTS),
    follows=(),
    writes=(COMMANDS.name, MENTION_COUNTS.name, SIGNALS.name, DEAD_LETTERS),
    owns=(MENTIONS, MENTION_COUNTS, SIGNALS),
    tables=(
        TablePlan("mentions-by-minute", MENTION_COUNTS),
        TablePlan("listening-keys", MENTIONS),
        TablePlan("routes", MENTION_COUNTS),
        TablePlan("case-posts", MENTION_COUNTS),
        TablePlan("stories", MENTION_COUNTS),
        TablePlan("wordings", MENTION_COUNTS),
        TablePlan("story-posts", MENTION_COUNTS),
        TablePlan("tags-heard", MENTION_COUNTS),
        TablePlan("tags-usual", MENTIONS),
        TablePlan("listed-heard", MENTION_COUNTS),
        TablePlan("accounts-shared", MENTIONS),
        TablePlan("people-sharing", MENTION_COUNTS),
    ),
    log="mentions",
    niceness=10,
    runs_beside=True,
)

LANES = (CONTROL_LANE, MENTION_LANE)
"""The control lane first: the others read the incidents, and give their orders, on its log."""
NAMED = {one.name: one for one in LANES}


def owner_of(plan: TopicPlan) -> Lane:
    """The lane on whose log a topic lies where each has its own."""
    return next(lane for lane in LANES if plan in lane.owns)
