"""Admission: what every pager checks itself, as the last one who can, before anybody is woken."""

from agents.ports import Rejected
from streams.decisions.rendering import is_marked
from streams.searching import Call
from streams.values import is_drill


def admit(call: Call, *, mode: str) -> None:
    """Raise `Rejected` unless the page is of this mode, and marked as an exercise in a drill only."""
    if call.mode != mode:
        raise Rejected(f"this pager pages in mode {mode}, not in {call.mode}: seek the sign-off in its own mode")
    if is_marked(call.text) is not is_drill(mode):
        problem = "lacks the exercise mark" if is_drill(mode) else "carries an exercise mark"
        raise Rejected(f"the page {problem} in mode {mode}: seek the sign-off again in its own mode")
