"""What waits for a person, what exactly it is about, and what was promised to the public, in words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from streams.moments import in_utc
from streams.projections.attention import Kind, Waiting
from streams.projections.promises import Promise
from streams.subjects.case import Case
from streams.subjects.incident import Incident
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.telling import changes
from streams.telling.cases import case_line
from streams.telling.facts import apart, told_delivery_state, told_words

WAITS: Mapping[Kind, str] = {
    "amiss": "the public does not read delivery {}, though the channel took it: look there, then resolve it",
    "unknown": "delivery {} may be public or not: look at the channel, then resolve it",
    "promise": "the next update, promised with {}, is OVERDUE",
    "changed-post": "the partner changed the post that {} sent out again: decide what ours becomes",
    "stopped-partner": "the posts of partner {} are stopped: ask whether the account is still theirs, then resume it",
    "draft": "draft {} waits for sign-off",
    "matter": "a matter waits for a decision (search {})",
    "unanswered": "search {} found nobody who answered: ask somebody yourself",
    "held": "the freeze held delivery {} back: release or cancel it",
    "case": "its answer is OVERDUE",
    "files": "the files of the {} cannot be used, the last good one stays in force: see `holdingline check`",
    "route": "nothing can go out on channel {}",
    "page": "the trust's own page cannot be used, the service's page is shown in its place: see `holdingline check`",
    "change": "change {} of the register waits for another person's yes",
}
"""The sentence for each kind of thing that waits; the gap is what it names."""
OVERDUE = frozenset[Kind]({"promise", "case"})
"""These wait since a moment, the others until one."""


def told_attention(one: Waiting) -> str:
    """One line for one thing that waits, with where it waits and until when."""
    word = " since" if one.kind in OVERDUE else ", until"
    moment = f"{word} {in_utc(one.until)}" if one.until else ""
    return f"{one.subject.called}: {WAITS[one.kind].format(one.what)}{moment}"


def told_content(one: Waiting, state: State) -> Iterator[str]:
    """What a person says yes to, in lines: the words of a draft, the question of a matter, the change, the delivery."""
    return map(apart, _content(one, state))


def _content(one: Waiting, state: State) -> Iterator[str]:
    match state:
        case RegisterLog() if one.kind in {"files", "page"} and state.unusable:
            yield changes.told_files(state.unusable)
        case RegisterLog() if one.kind == "route":
            yield changes.told_route(state.routes[one.what])
        case Case():
            yield case_line(state)
        case RegisterLog():
            yield changes.told_waiting(state.changes.waiting[one.what])
        case Incident() if draft := state.drafts.get(one.what):
            yield f"{draft.purpose} on {', '.join(draft.channels)}"
            yield from told_words(draft)
        case Incident() if search := state.searches.get(one.what):
            yield f"“{search.matter or search.message_id}”"
        case Incident() if delivery := state.deliveries.get(one.what):
            yield told_delivery_state(delivery)
            yield from told_words(state.messages[delivery.message_id])
        case _:
            return


def told_promises(promised: Iterable[Promise]) -> Iterator[str]:
    """A line for each promise that is open or overdue, and one that counts the others."""
    past = Counter[str]()
    for one in promised:
        if one.state == "open":
            yield f"next update due by {in_utc(one.by)}, promised with {one.message_id}"
        elif one.state == "overdue":
            yield f"next update OVERDUE since {in_utc(one.by)}, promised with {one.message_id}"
        else:
            past[one.state] += 1
    if past:
        yield f"earlier promises: {', '.join(f'{count} {state}' for state, count in past.items())}"
