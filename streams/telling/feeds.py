"""Feeds in words: how each goes, and what one gave."""

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo

from streams.moments import told_in
from streams.words.feeds import FeedNoted, FeedState
from streams.words.posts import PartnerEvent, PartnerPost

WORDS_SHOWN = 120


def told_state(state: FeedState | None, now: datetime, zone: tzinfo = UTC) -> Iterator[str]:
    """How a feed goes, in lines; `state` is None if no process has tried it yet."""
    if state is None:
        yield "it was never read: the worker reads it once it is in force, see `holdingline register changes`"
        return
    read = f"read last at {told_in(zone, state.read_at)}" if state.read_at else "never read"
    if fault := state.fault(now):
        yield f"CANNOT BE READ: {fault}"
        yield f"{read}; {_posts(state)} so far"
    else:
        yield f"{read}: it works; {_posts(state)} so far"
    if state.faults_at:
        yield from (f"not taken, at {told_in(zone, state.faults_at)}: {one}" for one in state.faults)


def told_feed(noted: FeedNoted) -> str:
    """The sentence for an account that cannot be heard, or is heard again."""
    if not noted.fault:
        return f"account {noted.account} of partner {noted.partner} is heard again"
    return f"account {noted.account} of partner {noted.partner} cannot be heard: {noted.fault}"


def told_event(event: PartnerEvent, zone: tzinfo = UTC) -> str:
    """What a feed gave, on one line."""
    at = told_in(zone, event.at)
    if not isinstance(event, PartnerPost):
        return f"at {at}: the account is {event.change.value}"
    text = " ".join(event.text.split())
    short = f"{text[: WORDS_SHOWN - 1]}…" if len(text) > WORDS_SHOWN else text
    meant = "" if event.status == "actual" else f", {event.status.upper()}"
    return f"a {event.genre} ({event.change}{meant}) of {at}: {short or '(no words)'}"


def _posts(state: FeedState) -> str:
    return f"{state.posts} {'post' if state.posts == 1 else 'posts'}"
