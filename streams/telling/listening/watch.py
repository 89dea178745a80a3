"""The watch in words: its facts, and what it heard with what became of each surge."""

from collections.abc import Iterator
from datetime import datetime

from streams.moments import told_in
from streams.subjects.listening.figures import told_heard, told_listed_of_us
from streams.subjects.listening.watch import SettledSurge, TrustWatch, WatchStatus
from streams.telling.names import Names
from streams.words.listening.watch import FoundNotOurs, WatchedCloser, WatchFact, WatchNoted, WatchSettled

NO_NAMES = Names()


def told_watch(body: WatchFact, names: Names) -> str:
    """One line for one fact about the watch."""
    match body:
        case WatchNoted():
            heard = told_heard(body)
            if body.waits:
                return f"HEARD: {heard}"
            return f"back to the usual: {heard}" if body.looked else f"heard, and settled before: {heard}"
        case WatchedCloser(until=until):
            return f"watched closer until {told_in(names.zone, until)}, by rule {body.rule}"
        case FoundNotOurs(reason=reason):
            return f"found not ours, by rule {body.rule}: {reason}"
        case WatchSettled(incident=incident):
            return f"settled: incident {incident} was declared, and what is heard is taken to be of that"


def watch_lines(watch: TrustWatch | None, now: datetime, *, names: Names = NO_NAMES) -> Iterator[str]:
    """What is heard now and who looks on, then what was settled, the newest first; and posts of listed authors."""
    for one in watch.listed_now(now) if watch else ():
        yield f"{told_listed_of_us(one)} since {told_in(names.zone, one.since)}"
    if watch is None or watch.noted is None or watch.first_seen is None:
        yield "nothing unusual was heard of the trust yet"
        return
    zone = names.zone
    if watch.waits(now):
        yield f"WAITS  {told_heard(watch.noted)}"
        yield f"  first heard at {told_in(zone, watch.first_seen)}; declare an incident, or give one of these:"
        yield "  holdingline watch closer"
        yield "  holdingline watch not-ours --reason 'why'"
    elif watch.status is WatchStatus.CLOSER and watch.until:
        who = names.person(watch.closer_by or "")
        yield f"{who} watches closer until {told_in(zone, watch.until)}: {told_heard(watch.noted)}"
    else:
        yield "nothing that is heard of the trust waits for a person"
    yield from (f"  {_settled(one, names)}" for one in reversed(watch.settled))


def _settled(one: SettledSurge, names: Names) -> str:
    heard = f"{told_in(names.zone, one.first_seen)}: at most {one.peak} people in 15 minutes"
    at = told_in(names.zone, one.at)
    match one.status:
        case WatchStatus.NOT_OURS:
            return f"{heard}; {names.person(one.by or '')} found it not ours at {at}: {one.reason}"
        case WatchStatus.SETTLED:
            return f"{heard}; settled by incident {one.incident} at {at}"
        case _:
            return f"{heard}; back to the usual at {at}"
