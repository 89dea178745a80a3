"""Changes of the register: one person proposes, another confirms, and a change that no one confirms in time lapses.

A person cannot confirm what they proposed or a change of their own entry, and no deputy confirms for them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import Act, may, who_could
from streams.decisions.verdict import Allowed, Refused, Verdict
from streams.moments import told_in
from streams.subjects.register_log import RegisterLog
from streams.values import THE_REGISTER, Power, derive_id
from streams.why import because
from streams.words.facts import FactBody
from streams.words.feeds import FeedNoted, NoteFeed
from streams.words.register.accounts import NoteRoute, RouteNoted
from streams.words.register.approvals import ContentApproved
from streams.words.register.changes import (
    CONTENT_CHARACTERS_MAX,
    SECTIONS,
    Change,
    ChangeConfirmed,
    ChangeLapsed,
    ChangeProposed,
    Changes,
    ChangeWithdrawn,
    ConfirmChange,
    EntryFounded,
    FoundRegister,
    ProposeChange,
    RegisterFounded,
    Section,
    WithdrawChange,
    content_hash,
    contents_of,
    entry_of,
    founding_hash,
)
from streams.words.register.entries import Person
from streams.words.register.kept import (
    REGISTER_BYTES_MAX,
    FilesNoted,
    NoteFiles,
    NoteUnconfirmed,
    RegisterRecord,
    UnconfirmedNoted,
)
from streams.words.register.passkeys import SIGN_INS_APART_SECONDS, NoteSignIns, SignInsFailed
from streams.words.risks.noted import NoteRisks, RisksNoted

KEEPERS_MIN = 2
"""This many people must always be able to change the register: one proposes, another confirms."""
ENTRY_BYTES_MAX = CONTENT_CHARACTERS_MAX
"""Limits of the founding, so that every founded entry can also be changed."""
CONTENTS_BYTES_MAX = 600 * 1024
"""The limit of the log's state: it is one record, and a broker takes a mebibyte."""


def found(order: Order, body: FoundRegister) -> Sequence[FactBody]:
    """Propose that the present entries of the files be the founding ones, in the sections that no founding covers."""
    changes = order.log.changes
    if not (sections := changes.founded_by(body.sections)):
        return order.refused(
            because("founded-already", "the register is founded already: propose a change of an entry instead")
        )
    if waiting := [one.id for one in changes.waiting.values() if one.section is None]:
        form = "the founding {change} waits already: have it confirmed, or withdraw it"
        return order.refused(because("founding-waits", form, change=waiting[0]))
    verdict = _may(order)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    if reasons := tuple(_unfounded(order, body.content_hash, sections=sections)):
        return order.refused(*reasons)
    change = Change(
        **_given(order),
        section=None,
        entry=THE_REGISTER.id,
        content=None,
        content_hash=body.content_hash,
        reason="the entries of the files as they are",
        sections=sections,
    )
    return [ChangeProposed(change=change, rule=verdict.rule)]


def propose(order: Order, body: ProposeChange) -> Sequence[FactBody]:
    """Propose a change, for another person to confirm."""
    changes = order.log.changes
    if changes.founded_at is None:
        return order.refused(
            because("not-founded", "the register is not founded, so its files count as they are: found it first")
        )
    if body.section in changes.to_found:
        form = "the register was founded without {section}, so the file counts as it is: found it again, with them"
        return order.refused(because("founded-without", form, section=body.section))
    verdict = _may(order)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    change = Change(
        **_given(order),
        section=body.section,
        entry=body.entry,
        content=body.content,
        content_hash=content_hash(body.section, body.entry, content=body.content),
        reason=body.reason,
    )
    proposed = ChangeProposed(change=change, rule=verdict.rule)
    if reasons := (*_unfit(body, changes), *crowded(proposed, order), *_oversize(order, body.content)):
        return order.refused(*reasons)
    return [proposed]


def confirm(order: Order, body: ConfirmChange) -> Sequence[FactBody]:
    """Confirm a change: another person says yes to exactly its content."""
    changes = order.log.changes
    change = changes.waiting.get(body.change_id)
    if change is None:
        return order.refused(_gone(body.change_id, changes))
    able = _others(order, change)
    if order.command.by == change.by:
        return order.refused(
            because("own-change", "who proposed a change does not confirm it: ask another person"), who_could=able
        )
    if order.command.by == _about(change):
        form = "nobody confirms a change of their own entry: ask another person"
        return order.refused(because("own-entry-change", form), who_could=able)
    verdict = _may(order)
    if isinstance(verdict, Refused):
        return order.refused(*verdict.reasons, who_could=able)
    if reasons := tuple(_overtaken(order, change, body.content_hash)):
        return order.refused(*reasons)
    if change.section is None:
        return [*_founded(order, change), _founding(order, change, verdict)]
    return [ChangeConfirmed(change_id=change.id, section=change.section, entry=change.entry, rule=verdict.rule)]


def withdraw(order: Order, body: WithdrawChange) -> Sequence[FactBody]:
    """Withdraw a change: its proposer may, or anybody who may change the register."""
    change = order.log.changes.waiting.get(body.change_id)
    if change is None:
        return order.refused(_gone(body.change_id, order.log.changes))
    if order.command.by == change.by:
        return [ChangeWithdrawn(change_id=change.id, reason=body.reason, rule=None)]
    verdict = _may(order)
    if isinstance(verdict, Refused):
        return order.refused(*verdict.reasons, who_could=could_give(order))
    return [ChangeWithdrawn(change_id=change.id, reason=body.reason, rule=verdict.rule)]


def note_files(order: Order, body: NoteFiles) -> Sequence[FactBody]:
    """Whether the files can be used, where that is news."""
    known = order.log.unusable or FilesNoted(faults=0)
    noted = FilesNoted(faults=body.faults, places=body.places)
    return [] if noted == known else [noted]


def note_unconfirmed(order: Order, body: NoteUnconfirmed) -> Sequence[FactBody]:
    """Which partners are not in force as the files have them, where that is news."""
    return [] if body.partners == order.log.unconfirmed else [UnconfirmedNoted(partners=body.partners)]


def note_risks(order: Order, body: NoteRisks) -> Sequence[FactBody]:
    """Which risks somebody should have looked at again, where that is news."""
    return [] if body.late == order.log.late_risks else [RisksNoted(late=body.late)]


def note_route(order: Order, body: NoteRoute) -> Sequence[FactBody]:
    """Whether we could speak on a channel, where that is news; another fault than before is."""
    known = order.log.routes.get(body.channel, RouteNoted(channel=body.channel))
    noted = RouteNoted(channel=body.channel, fault=body.fault)
    return [] if noted == known else [noted]


def note_feed(order: Order, body: NoteFeed) -> Sequence[FactBody]:
    """Whether a partner's account can be heard, where that is news; another fault of one that cannot be is none."""
    known = order.log.feeds.get(body.account)
    is_news = (known is None) != (body.fault is None)
    return [FeedNoted(account=body.account, partner=body.partner, fault=body.fault)] if is_news else []


def note_sign_ins(order: Order, body: NoteSignIns) -> Sequence[FactBody]:
    """Sign-ins that failed, at most one fact a minute: whoever can reach a console must not fill the record."""
    last = order.log.sign_ins
    if last and (order.now - last.until).total_seconds() < SIGN_INS_APART_SECONDS:
        return []
    people = tuple(one for one in body.people if one in order.register.people)
    return [SignInsFailed(since=min(body.since, order.now), until=order.now, failed=body.failed, people=people)]


def lapsed(order: Order) -> Sequence[FactBody]:
    """A fact for each change that no one confirmed in time."""
    waiting = order.log.changes.waiting.values()
    return [ChangeLapsed(change_id=change.id) for change in waiting if change.lapses_at <= order.now]


def is_due(log: RegisterLog, now: datetime) -> bool:
    """Whether a tick would let a change lapse; if not, the timer sends none."""
    return any(change.lapses_at <= now for change in log.changes.waiting.values())


def could_give(order: Order) -> Sequence[str]:
    """The other people who could give this order about the register now."""
    body, waiting = order.command.body, order.log.changes.waiting
    change = waiting.get(body.change_id) if isinstance(body, ConfirmChange | WithdrawChange) else None
    if change and isinstance(body, ConfirmChange):
        return _others(order, change)
    proposer = [order.register.called(change.by)] if change and change.by != order.command.by else []
    return tuple(dict.fromkeys([*proposer, *_able(order, order.command.by)]))


def keepers(people: Iterable[Person]) -> list[str]:
    """Those of these people who have the power to change the register."""
    return [one.id for one in people if _keeps(one)]


def _may(order: Order) -> Verdict:
    verdict = may(order.command.by, _act(order), register=order.register)
    return verdict if isinstance(verdict, Allowed) else Refused(verdict.reasons, _able(order, order.command.by))


def _others(order: Order, change: Change) -> Sequence[str]:
    return _able(order, order.command.by, change.by, _about(change))


def _able(order: Order, *but: str | None) -> Sequence[str]:
    left_out = {order.register.called(name) for name in but if name}
    able = who_could(_act(order), order.register)
    return tuple(name for name in able if name not in left_out)


def _act(order: Order) -> Act:
    return Act(Power.CHANGE_REGISTER, order.now)


def _about(change: Change) -> str | None:
    return change.entry if change.section == "people" else None


def _keeps(person: Person | None) -> bool:
    return person is not None and person.is_granted(Power.CHANGE_REGISTER)


def _given(order: Order) -> Mapping[str, Any]:
    """The fields of a change that come from the order that proposes it."""
    lapses_at = order.now + timedelta(hours=order.register.changes_lapse_hours)
    # Its place in the log is part of its id, so that an old yes does not count for the same change proposed again.
    name = derive_id("change", order.command.id, order.state.sequence)
    return {"id": name, "by": order.command.by, "lapses_at": lapses_at}


def _founded(order: Order, change: Change) -> Iterator[EntryFounded]:
    for section, name, content in contents_of(order.register, change.sections):
        yield EntryFounded(section=section, entry=name, content=content)


def _founding(order: Order, change: Change, verdict: Allowed) -> RegisterFounded:
    """What a later founding does not loosen: whether unsigned orders are refused stays as the first one said."""
    changes = order.log.changes
    before = changes.sections if changes.founded_at else ()
    unsigned = changes.unsigned_orders if changes.founded_at else order.register.unsigned_orders
    covered = tuple(one for one in SECTIONS if one in {*before, *change.sections})
    return RegisterFounded(change_id=change.id, unsigned_orders=unsigned, rule=verdict.rule, sections=covered)


def _unfounded(order: Order, read: str, *, sections: Sequence[Section]) -> Iterator[str]:
    """Why the register cannot be founded as it is."""
    register = order.register
    if read != founding_hash(register, order.log.changes, sections=sections):
        form = "the files are not what was read (their hash differs): look at them again, then found the register"
        yield because("files-otherwise", form)
    if len(keepers(register.people.values())) < KEEPERS_MIN:
        form = "fewer than {count} people may change the register: grant change-register to another person first"
        yield because("few-keepers", form, count=KEEPERS_MIN)
    sizes = {f"{section} {name}": len(content.encode()) for section, name, content in contents_of(register)}
    for name, size in sizes.items():
        if size > ENTRY_BYTES_MAX:
            form = "the entry {entry} takes {size} bytes of the {most} that one may have: shorten it"
            yield because("entry-large", form, entry=name, size=size, most=ENTRY_BYTES_MAX)
    if sum(sizes.values()) > CONTENTS_BYTES_MAX // 2:
        room = CONTENTS_BYTES_MAX // 2
        form = "the entries take {size} bytes of the {most} that a founding may: take out old ones"
        yield because("entries-large", form, size=sum(sizes.values()), most=room)


def _unfit(body: ProposeChange, changes: Changes) -> Iterator[str]:
    """Why this change cannot be made."""
    waiting = [one.id for one in changes.waiting.values() if (one.section, one.entry) == (body.section, body.entry)]
    if waiting:
        form = "a change of {section} {entry} waits already ({change}): confirm or withdraw it first"
        yield because("change-waits", form, section=body.section, entry=body.entry, change=waiting[0])
    old = changes.content_of(body.section, body.entry)
    if body.content is None:
        if old is None:
            form = "there is no {entry} among the {section} in force: look at `holdingline register changes`"
            yield because("no-entry", form, entry=body.entry, section=body.section)
        return
    try:
        entry = entry_of(body.section, body.content)
    except ValidationError as error:
        # Do not quote the content: it may be somebody's personal data.
        places = ", ".join(".".join(map(str, one["loc"])) or "the entry" for one in error.errors()[:5])
        form = "the content is no entry of {section} (wrong at {places}): mend it"
        yield because("no-such-entry", form, section=body.section, places=places)
        return
    if entry.id != body.entry:
        form = "the content is the entry {entry} and not {wanted}: propose it under its own identifier"
        yield because("entry-of-another", form, entry=entry.id, wanted=body.entry)
    if old is not None and entry == entry_of(body.section, old):
        form = "{section} {entry} is in force with exactly this content: nothing is to be confirmed"
        yield because("entry-in-force", form, section=body.section, entry=body.entry)


def crowded(fact: ChangeProposed | ContentApproved, order: Order) -> Iterator[str]:
    """Why the register's log has no room for this fact; a content counts as the JSON string that it becomes."""
    after = order.log.changes.after(fact, by=order.command.by, at=order.now)
    if len(after.model_dump_json().encode()) > CONTENTS_BYTES_MAX:
        form = "with this the log of the register has more than {most} bytes to keep: shorten it"
        yield because("log-full", form, most=CONTENTS_BYTES_MAX)


def _oversize(order: Order, content: str | None) -> Iterator[str]:
    """Why the register has no room for this content; it is a JSON string inside JSON, so its quotation marks double."""
    record = RegisterRecord.of(order.register, mode=order.state.mode)
    if len(record.model_dump_json().encode()) + 2 * len((content or "").encode()) > REGISTER_BYTES_MAX:
        form = "with this change the register takes more than the {most} bytes that are kept: shorten it"
        yield because("register-full", form, most=REGISTER_BYTES_MAX)


def _overtaken(order: Order, change: Change, read: str) -> Iterator[str]:
    """Why a change that waits cannot come into force now."""
    if change.lapses_at <= order.now:
        form = "the change {change} lapsed on {time}: propose it anew"
        yield because("change-lapsed", form, change=change.id, time=told_in(order.zone, change.lapses_at))
    if read != change.content_hash:
        yield because(
            "change-otherwise", "the change is not what was read (its hash differs): read it again, then confirm it"
        )
    if not _keeps(order.register.people.get(change.by)):
        form = "{person}, who proposed it, may not change the register any more: withdraw it"
        yield because("proposer-unable", form, person=order.register.called(change.by))
    if change.section is None:
        yield from _unfounded(order, change.content_hash, sections=change.sections)
        return
    after = order.log.changes.after(
        ChangeConfirmed(change_id=change.id, section=change.section, entry=change.entry, rule="-"),
        by=order.command.by,
        at=order.now,
    )
    if len(keepers(after.entries("people").values())) < KEEPERS_MIN:
        form = "it would leave fewer than {count} people who may change the register: give another that power"
        yield because("leaves-few", form, count=KEEPERS_MIN)
    yield from _oversize(order, change.content)


def _gone(name: str, changes: Changes) -> str:
    form = "no change {change} waits to be confirmed: those that do: {known}"
    return because("no-change", form, change=name, known=_names(changes) or "none")


def _names(changes: Changes) -> str:
    return ", ".join(changes.waiting)
