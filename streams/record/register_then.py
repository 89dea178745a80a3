"""Checks that each register that orders were judged by was then in force, by the register's own log."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from streams.words.facts import Fact
from streams.words.register.changes import Changes, as_confirmed, in_force
from streams.words.register.entries import Register

WITHOUT_APPROVALS = (None, "2026-11-28")
"""These versions of the rules believed the approvals in the files, since the register's log had none."""
FOLLOWS_WITHIN = timedelta(minutes=2)
"""How far a worker may be behind the register's log, or its clock beside another worker's."""


@dataclass(frozen=True, slots=True)
class _Stood:
    """The state of the register's log between one of its facts and the next."""

    since: datetime
    until: datetime
    changes: Changes


def out_of_force(facts: Sequence[Fact], changes: Sequence[Fact], *, registers: Mapping[str, Register]) -> Iterator[str]:
    """A sentence for the first fact of each register that was not in force; `changes` is the register's log."""
    try:
        stood = _stood(changes)
    except (LookupError, ValueError) as error:
        yield f"register log: its facts cannot be followed ({type(error).__name__}); one was changed or added"
        return
    named, gives = set[str](), dict[tuple[str, int], bool]()
    for fact in facts:
        version, register = fact.register_version or "", registers.get(fact.register_version or "")
        if register is None or version in named:
            continue  # `checks` names a missing register.
        for number, one in enumerate(stood):
            near = one.since - FOLLOWS_WITHIN <= fact.at <= one.until + FOLLOWS_WITHIN
            if near and (version, number) not in gives:
                gives[version, number] = _given(fact, register, one.changes) == register
            if near and gives[version, number]:
                break
        else:
            named.add(version)
            at = f"fact {fact.sequence} of {fact.subject.called}"
            yield f"{at}: register {version} was not in force then by the register's own log; it was made up"


def _given(fact: Fact, register: Register, changes: Changes) -> Register:
    """What these files and this log came to when the fact was judged, by the rules of that release."""
    if fact.rules_version in WITHOUT_APPROVALS:
        return as_confirmed(register, changes)
    return in_force(register, changes, mode=fact.mode)


def _stood(facts: Sequence[Fact]) -> Sequence[_Stood]:
    """Every state of the log; the first one has no beginning, the last one no end."""
    changes, since = Changes(), datetime.min.replace(tzinfo=UTC) + FOLLOWS_WITHIN
    stood = []
    for fact in facts:
        after = changes.after(fact.body, by=fact.by, at=fact.at)
        if after is changes:
            continue
        stood.append(_Stood(since, fact.at, changes))
        changes, since = after, fact.at
        in_force(Register(trust="-"), changes)  # It parses every entry.
    return [*stood, _Stood(since, datetime.max.replace(tzinfo=UTC) - FOLLOWS_WITHIN, changes)]
