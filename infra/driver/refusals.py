"""What Faust offers and this driver refuses: none of our agents needs it, so no guarantee covers it."""

from collections.abc import Callable
from typing import Any, NoReturn

import faust

from infra.log import LogError

Refusal = Callable[..., NoReturn]


class Unsupported(LogError):
    """This driver does not carry what was asked of Faust: the sentence says what to write instead."""


def refuse(what: str, instead: str) -> Refusal:
    """A method that raises `Unsupported` as soon as an app uses it."""

    def refused(*_: Any, **_named: Any) -> NoReturn:
        raise Unsupported(f"This driver does not carry {what}: {instead}.")

    return refused


JOIN = refuse("joins", "give each topic an agent, keep one side in a table, and look it up for each event of the other")
TAKE = refuse("events taken together", "declare the topic with `batched`, and each event brings many records")
ANOTHER_TOPIC = refuse("streams that pass through another topic", "send to that topic, and give it an agent")
WAIT = refuse("a send that waits for its record", "send, and go on: the record is written with the end of its event")
ASK = refuse("questions to agents", "append to a topic through a door, and read the answer from a topic")
WINDOW = refuse("windows", "make the window a part of the key, or of the value")
OTHER_TABLE = refuse("tables of sets and global tables", "write a plain table, and let one agent own it")
PAGE = refuse("web pages", "serve them from a process of your own, which opens a door")


class Stream(faust.Stream[Any]):
    """A Faust stream: `events()` and iteration, and nothing that would leave the running event."""

    join = left_join = inner_join = outer_join = combine = JOIN
    take = take_events = take_with_timestamp = noack_take = TAKE
    through = group_by = echo = ANOTHER_TOPIC
