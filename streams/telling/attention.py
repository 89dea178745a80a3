"""What waits for a person, what exactly it is about, and what was promised to the public, in words."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import tzinfo

from streams.moments import told_in
from streams.subjects.account import AccountLog
from streams.subjects.attention import BY, OVERDUE, STEPS, Waiting
from streams.subjects.case import Case
from streams.subjects.incident import Incident
from streams.subjects.plan import Plan
from streams.subjects.promises import Promise
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.telling import changes
from streams.telling.cases import case_line
from streams.telling.deliveries import told_task
from streams.telling.facts import apart, plan_lines, told_delivery_state, told_words
from streams.telling.listening.stories import story_line
from streams.telling.network.partners_beside import told_partners

WATCH_COMMANDS = "Declare it, or: holdingline watch closer; holdingline watch not-ours --reason 'why'"
"""What a person does about it: each is one line to type."""


def told_attention(one: Waiting, zone: tzinfo) -> str:
    """One line for one thing that waits, with where it waits and until when."""
    word = " since" if one.kind in OVERDUE else " by" if one.kind in BY else ", until"
    moment = f"{word} {told_in(zone, one.until)}" if one.until else ""
    do = f" {WATCH_COMMANDS}" if one.kind == "watch" else ""
    return f"{one.subject.called}: {one.words}{moment}{do}"


def told_content(one: Waiting, state: State, *, zone: tzinfo) -> Iterator[str]:
    """What a person says yes to, in lines: the words of a draft, the question of a matter, the change, the delivery."""
    if isinstance(state, AccountLog):
        return map(apart, [changes.told_shut(state.shut, zone)] if state.shut else [])
    if isinstance(state, Incident) and one.kind in STEPS:
        steps = state.network.steps_now(is_over=state.over is not None)
        found = next((step for step in steps if step.id == one.what), None)
        return map(apart, filter(None, [found.title_in("en"), found.hint_in("en")]) if found else [])
    if isinstance(state, Incident) and one.kind == "story":
        return iter([story_line(state.stories.known[int(one.what)])])
    return map(apart, _content(one, state, zone=zone))


def _content(one: Waiting, state: State, *, zone: tzinfo) -> Iterator[str]:
    match state:
        case RegisterLog():
            yield from _in_register(one, state, zone=zone)
        case Case():
            if (asked := state.searches.get(one.what)) and asked.matter:
                yield f"“{asked.matter}”"
            yield case_line(state, zone)
        case Plan():
            delivery = state.deliveries.get(one.what)
            yield from [told_delivery_state(delivery, zone)] if delivery else plan_lines(state, zone)
        case Incident() if draft := state.drafts.get(one.what):
            yield f"{draft.purpose} on {', '.join(draft.channels)}"
            yield from told_words(draft)
            yield from told_partners(state, zone) if one.beside else ()
        case Incident() if search := state.searches.get(one.what):
            yield f"“{search.matter or search.message_id}”"
        case Incident() if one.kind == "by-hand":
            yield from told_task(state.deliveries[one.what], state)
        case Incident() if one.kind == "stopped-account":
            stops = state.stops.accounts.get(one.what, {})
            yield from (f"account {name}: {stop.reason}" for name, stop in stops.items())
        case Incident() if delivery := state.deliveries.get(one.what):
            yield told_delivery_state(delivery, zone)
            yield from told_words(state.messages[delivery.message_id])
        case _:
            return


def _in_register(one: Waiting, log: RegisterLog, *, zone: tzinfo) -> Iterator[str]:
    if one.kind in {"files", "page", "pack"} and log.unusable:
        yield changes.told_files(log.unusable)
    elif one.kind == "route":
        yield changes.told_route(log.routes[one.what])
    elif one.kind == "feed":
        yield changes.told_feed(log.feeds[one.what])
    elif one.kind == "stopped-partner":
        yield changes.told_stopped(one.what, log.changes.stopped[one.what], zone=zone)
    elif one.kind == "stopped-account":
        for name, stop in log.changes.stopped_accounts[one.what].items():
            yield changes.told_stopped(one.what, stop, zone=zone, account_id=name)
    elif one.kind == "unconfirmed":
        yield from changes.told_unconfirmed(log, one.what)
    elif one.kind == "risk":
        yield f"it was to be reviewed by {log.late_risks[one.what]:%d %B %Y}; no release waits for it"
    elif one.kind == "look-alike":
        yield from map(changes.told_look_alike, log.look_alikes[one.what])
    else:
        yield changes.told_waiting(log.changes.waiting[one.what], zone)


def told_promises(promised: Iterable[Promise], zone: tzinfo) -> Iterator[str]:
    """A line for each promise that is open or overdue, and one that counts the others."""
    past = Counter[str]()
    for one in promised:
        if one.state == "open":
            yield f"next update due by {told_in(zone, one.by)}, promised with {one.message_id}"
        elif one.state == "overdue":
            yield f"next update OVERDUE since {told_in(zone, one.by)}, promised with {one.message_id}"
        else:
            past[one.state] += 1
    if past:
        yield f"earlier promises: {', '.join(f'{count} {state}' for state, count in past.items())}"
