"""What the watch tells: a surge that was just seen, and what became of one that a person has watched closer."""

from datetime import datetime

from streams.decisions.listening.crowd import BINS_MAX, MINUTES_MAX, WARNING_MINUTES_MAX, Gathering, bin_of, moment_of
from streams.decisions.listening.surge import WARNING_PRIOR, Counts, Surge, minute_of
from streams.decisions.listening.usual import PRIOR_A_DAY, quarter_of, usual
from streams.subjects.listening.watch import TrustWatch
from streams.words.listening.watch import NoteWatch

USUAL_DIGITS = 4
"""So exact that a few people a day are still a few where two minutes are told."""


def note_of(found: Surge) -> NoteWatch:
    """The order that puts a surge before a person."""
    return NoteWatch(
        minute=found.minute,
        people=found.people,
        minutes=found.minutes,
        usual=round(found.usual, USUAL_DIGITS),
        everyone=found.everyone,
        first_seen=found.first_seen or found.at,
        words=found.words,
        kinds=dict(found.kinds),
        peak=found.peak,
        is_estimate=found.is_estimate,
    )


def look_again(watch: TrustWatch | None, counts: Counts, *, now: datetime) -> NoteWatch | None:
    """What became of it in the last 15 minutes, once the moment that a person set has come; None before it.

    Where hazard words had brought it up, people with such a word are counted.
    """
    if watch is None or watch.noted is None or watch.until is None or not watch.is_to_look(now):
        return None
    words = watch.noted.words
    everybody = Gathering(counts.people)
    gathering = Gathering(counts.warning, minutes=WARNING_MINUTES_MAX) if words else everybody
    heard = bin_of(now)
    first, quarter = heard - BINS_MAX + 1, quarter_of(heard)
    quarters = counts.warning_quarters if words else counts.quarters
    since = counts.since if counts.since is not None else quarter
    prior = WARNING_PRIOR if words else PRIOR_A_DAY
    return NoteWatch(
        minute=minute_of(now),
        people=gathering.count_since(first),
        minutes=MINUTES_MAX,
        usual=round(usual(quarters, quarter, since=since, prior_a_day=prior) * MINUTES_MAX, USUAL_DIGITS),
        everyone=everybody.count_since(first),
        first_seen=moment_of(first),
        words=words,
        is_estimate=gathering.is_estimate,
        looked=watch.until,
    )
