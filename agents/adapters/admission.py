"""Admission: what every channel checks itself, as the last one who can, before anything becomes public."""

from agents.ports import Rejected
from streams.decisions.rendering import is_marked
from streams.messages import Dispatch
from streams.values import is_drill


def admit(dispatch: Dispatch, *, mode: str) -> None:
    """Raise `Rejected` unless the message is of this mode, and every text carries the exercise mark in a drill only."""
    if dispatch.mode != mode:
        raise Rejected(f"this channel publishes in mode {mode}, not in {dispatch.mode}: release it in its own mode")
    for language, text in dispatch.message.texts.items():
        if is_marked(text) is not is_drill(mode):
            problem = "lacks the exercise mark" if is_drill(mode) else "carries an exercise mark"
            raise Rejected(f"the {language} text {problem} in mode {mode}: release it again in its own mode")
    if not dispatch.message.texts:
        raise Rejected("the message has no text in any language: write one")
