"""Which topics there are, and which message flows on which; `M` is the mode: `live`, `training`, `exercise-<id>`."""

from dataclasses import dataclass, replace
from typing import Any

from streams.errors import WrongTopic
from streams.values import Subject
from streams.words.facts import Fact
from streams.words.feeds import FeedState
from streams.words.orders import Command
from streams.words.posts import Mention, MentionCount, PartnerChange, PartnerEvent, PartnerPost, Signal
from streams.words.register.kept import REGISTER_BYTES_MAX, RegisterRecord

Event = Command | Fact | Mention | MentionCount | Signal | PartnerPost | PartnerChange | FeedState | RegisterRecord

DAY_SECONDS = 24 * 60 * 60.0
BYTES_MAX = 256 * 1024
COMMAND_BYTES_MAX = 64 * 1024
"""An order is smaller than other messages, so that the facts it gives, which repeat most of it, always fit."""


@dataclass(frozen=True, slots=True)
class TopicPlan:
    """One topic: the type it carries, the field its key is, and how it is kept (`retention_seconds` None: for ever).

    On a `batched` topic an agent gets one event for each fetched batch of records.
    A topic that `spreads` has as many partitions as the address of its log says, so that several workers share it; any
    other has one.
    Of a `compacted` one the newest message of each key is kept.
    What is `from_doors` may be put there by people and feeds; the workers alone write all the others.
    """

    name: str
    carries: Any
    key: str
    retention_seconds: float | None = None
    batched: bool = False
    spreads: bool = False
    from_doors: bool = False
    compacted: bool = False
    bytes_max: int = BYTES_MAX

    def named(self, mode: str) -> str:
        """The topic's full name in a mode."""
        return f"{mode}.{self.name}"

    def partitions(self, spread: int) -> int:
        """How many partitions it has where those that spread have `spread`."""
        return spread if self.spreads else 1


COMMANDS = TopicPlan("commands", Command, "subject", from_doors=True, bytes_max=COMMAND_BYTES_MAX)
FACTS = TopicPlan("facts", Fact, "subject")
MENTIONS = TopicPlan("mentions", Mention, "author_id", 7 * DAY_SECONDS, batched=True, spreads=True, from_doors=True)
MENTION_COUNTS = replace(MENTIONS, name="mention-counts", carries=MentionCount, key="incident_id", from_doors=False)
SIGNALS = TopicPlan("signals", Signal, "about", retention_seconds=90 * DAY_SECONDS)
PARTNER_POSTS = TopicPlan("partner-posts", PartnerEvent, "account_id", spreads=True, from_doors=True)
FEED_STATES = TopicPlan("feed-states", FeedState, "account_id", from_doors=True, compacted=True)
REGISTERS = TopicPlan("registers", RegisterRecord, "id", bytes_max=REGISTER_BYTES_MAX)
CARRYING = (COMMANDS, FACTS, MENTIONS, MENTION_COUNTS, SIGNALS, PARTNER_POSTS, FEED_STATES, REGISTERS)
_PLANS = {plan.carries: plan for plan in CARRYING} | {PartnerPost: PARTNER_POSTS, PartnerChange: PARTNER_POSTS}

DEAD_LETTERS = "dead-letters"
"""Carries any record that could not be decoded or handled, with `posts.DeadLetter` as its headers, which says why."""


def plan_of(message: Event) -> TopicPlan:
    """The topic a message flows on."""
    if plan := _PLANS.get(type(message)):
        return plan
    raise WrongTopic(f"{type(message).__name__} flows on no topic: send a command, or a mention or partner post")


def key_of(message: Event) -> bytes:
    """The key a message is written under: it keeps what belongs together in order."""
    key = getattr(message, plan_of(message).key)
    return (key.key if isinstance(key, Subject) else str(key)).encode()
