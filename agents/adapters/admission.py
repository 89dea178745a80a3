"""Admission: the last checks of mode, exercise mark and language, which channels and pagers make before they speak."""

from agents.ports import Rejected
from streams.decisions.wording.renderer import is_marked, text_called
from streams.values import Language, Purpose, is_drill
from streams.words.delivery import Dispatch, Receipt, Verb
from streams.words.register.entries import ChannelEntry
from streams.words.sign_off import Call

MUST_SPEAK = (Verb.PUBLISH, Verb.CORRECT)


def admit(dispatch: Dispatch, *, mode: str) -> None:
    """Raise `Rejected` unless the message is of this mode, and every text carries the exercise mark in a drill only."""
    if dispatch.mode != mode:
        raise Rejected(f"this channel publishes in mode {mode}, not in {dispatch.mode}: release it in its own mode")
    for form, language, text in dispatch.message.written():
        if is_marked(text) is not is_drill(mode):
            problem = "lacks the exercise mark" if is_drill(mode) else "carries an exercise mark"
            raise Rejected(f"{text_called(language, form)} {problem} in mode {mode}: release it again in its own mode")
    if not dispatch.message.texts and dispatch.message.purpose is not Purpose.WITHDRAWAL:
        raise Rejected("the message has no text in any language: write one")


def language_for(dispatch: Dispatch, spoken: Language) -> Language:
    """The language that a channel speaks; what must go out in any language is taken in one that it has.

    `Rejected` if the message lacks the channel's language.
    """
    texts = dispatch.message.texts
    if spoken in texts:
        return spoken
    if dispatch.message.credit is None and dispatch.verb in MUST_SPEAK:
        raise Rejected(f"the message has no text in {spoken}, which this channel speaks: write one")
    return min(texts)


def deletion_of(dispatch: Dispatch) -> Receipt | None:
    """The receipt of a withdrawal without words, once what it is about is deleted; None if it has words to publish."""
    return None if dispatch.message.texts else Receipt(words="deleted there, without a word to the public")


def admit_credential(entry: ChannelEntry, *, mode: str) -> None:
    """Raise `ValueError` if the channel's credential is for another mode than that of the channel."""
    if entry.credential and entry.credential.mode != mode:
        raise ValueError(f"its credential belongs to mode {entry.credential.mode}, not to {mode}")


def admit_call(call: Call, *, mode: str) -> None:
    """Raise `Rejected` unless the page is of this mode, and marked as an exercise in a drill only."""
    if call.mode != mode:
        raise Rejected(f"this pager pages in mode {mode}, not in {call.mode}: seek the sign-off in its own mode")
    if is_marked(call.text) is not is_drill(mode):
        problem = "lacks the exercise mark" if is_drill(mode) else "carries an exercise mark"
        raise Rejected(f"the page {problem} in mode {mode}: seek the sign-off again in its own mode")
