"""Streams: Faust's, without what Faust only names."""

from typing import Any, NoReturn

import faust


class Unsupported(ValueError):
    """This driver does not carry what was asked of Faust: see the sentence for what to write instead."""


def refuse_join(*_: Any, **_named: Any) -> NoReturn:
    """Say no where a join is written down: Faust takes it, fails at every event, and of two streams reads one."""
    raise Unsupported(
        "Faust names joins and combined streams, and has neither: give each topic an agent, keep one side in a table, "
        "and look it up for each event of the other."
    )


class Stream(faust.Stream[Any]):
    """A Faust stream that refuses joins."""

    _join = refuse_join
    combine = refuse_join
