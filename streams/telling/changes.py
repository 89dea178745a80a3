"""Changes of the register in words: what was proposed, confirmed or lapsed, and what differs line by line."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from pydantic_core import from_json

from streams.moments import told_in
from streams.subjects.register_log import RegisterLog
from streams.words.feeds import FeedNoted, FeedState
from streams.words.posts import PartnerEvent, PartnerPost
from streams.words.register.accounts import (
    AccountFact,
    AccountNoted,
    AccountOpened,
    AccountShut,
    RouteNoted,
    SecretChanged,
    Shut,
)
from streams.words.register.approvals import ApprovedSection, ContentApproved
from streams.words.register.changes import (
    Change,
    ChangeConfirmed,
    ChangeFact,
    ChangeLapsed,
    ChangeProposed,
    Changes,
    ChangeWithdrawn,
    Difference,
    EntryFounded,
    RegisterFounded,
)
from streams.words.register.entries import Register
from streams.words.register.kept import FilesNoted, UnconfirmedNoted
from streams.words.register.partners import LookAlikeFact, LookAlikeNoted, LookAlikesSettled
from streams.words.register.passkeys import SignInsFailed
from streams.words.risks.noted import RisksNoted

APPROVED: Mapping[ApprovedSection, str] = {"templates": "template {}", "chains": "what chain {} delegates"}
"""What an approval is of; the gap is its identifier."""


def told_change(body: ChangeFact, zone: tzinfo) -> str:
    """One line for one fact about the register."""
    match body:
        case ChangeProposed(change=change):
            return f"{told_waiting(change, zone)}; content {change.content_hash}"
        case ChangeConfirmed():
            return f"{body.section} {body.entry} in force, change {body.change_id}"
        case EntryFounded():
            return f"{body.section} {body.entry} founded"
        case RegisterFounded():
            return f"the register is founded with {', '.join(body.sections)}: what comes later needs two people"
        case ChangeWithdrawn():
            return f"change {body.change_id} withdrawn: {body.reason}"
        case ChangeLapsed():
            return f"change {body.change_id} lapsed: nobody confirmed it in time"
        case ContentApproved(approval=yes):
            until = f"{yes.expires_at:%d %B %Y}"
            what = APPROVED[body.section].format(body.entry)
            return f"{what} approved by {yes.by}, until {until}; content {yes.content_hash}"


NOT_IN: Mapping[str, str] = {
    "unreadable": "with nothing that could be read",
    "late": "too late",
    "unknown": "with a passkey that is on no entry",
    "wrong": "with a wrong signature",
    "void": "with a passkey that counts no more",
    "by-name": "by a name, where names open nothing",
    "directory": "by the trust's directory",
}


def told_sign_ins(noted: SignInsFailed, zone: tzinfo) -> str:
    """The sentence for sign-ins that failed."""
    counts = ", ".join(f"{one.times} {NOT_IN[one.why]}" for one in noted.failed)
    named = f"; their passkeys name {', '.join(noted.people)}, which proves nothing" if noted.people else ""
    between = f"between {told_in(zone, noted.since)} and {told_in(zone, noted.until)}"
    return f"{sum(one.times for one in noted.failed)} sign-ins at the console failed {between}: {counts}{named}"


def told_files(noted: FilesNoted) -> str:
    """The sentence for files of the register that cannot be used, or can be used again."""
    if not noted.faults:
        return "nothing is amiss with the register's files any more"
    where = f" (first at {', '.join(noted.places)})" if noted.places else ""
    if noted.is_pack_old and not noted.keeps_files and not noted.keeps_page:
        return "the offline pack is too old"
    if not noted.keeps_files:
        return f"{noted.faults} faults{where} keep the trust's own page from being used: the service's page is shown"
    return f"{noted.faults} faults{where} keep the register's files from being used: the last good one stays in force"


def told_route(noted: RouteNoted) -> str:
    """The sentence for a channel on which we cannot speak, or can speak again."""
    if not noted.fault:
        return f"we can speak on {noted.channel} again"
    return f"nothing can go out on {noted.channel}: {noted.fault}"


def told_unfounded(files: Register, changes: Changes) -> Iterator[str]:
    """Each section of a founded register that counts as one person wrote it, and what people do about that."""
    if changes.founded_at is None:
        return
    waits = next((one.id for one in changes.waiting.values() if one.section is None), None)
    todo = f"have the founding {waits} confirmed" if waits else "found the register again, with them alone"
    command = "register confirm" if waits else "register found"
    for section in changes.to_found:
        if getattr(files, section):
            yield (
                f"register/{section}.yaml counts as it is written, and no second person said yes to it: "
                f"{todo} (`holdingline {command}`)"
            )


def told_unconfirmed(log: RegisterLog, partner: str) -> Iterator[str]:
    """Where the files have a partner otherwise than two people confirmed it, line by line."""
    old, new = log.changes.content_of("partners", partner), log.unconfirmed.get(partner)
    yield from told_difference(Difference(section="partners", entry=partner, old=old, new=new))


def told_waiting(change: Change, zone: tzinfo) -> str:
    """The sentence for a change that waits for another person's yes."""
    what = "the founding of the register"
    if change.section:
        what = f"{change.section} {change.entry}{'' if change.content else ', to be taken out'}"
    until = told_in(zone, change.lapses_at)
    return f"{what} waits until {until} to be confirmed (change {change.id}, by {change.by}): {change.reason}"


def told_difference(one: Difference) -> Iterator[str]:
    """An entry as it is in force and as it is to be: `-` before a value that goes, `+` before one that comes."""
    verb = "is changed" if one.old and one.new else "is added" if one.new else "is taken out"
    yield f"{one.section} {one.entry} {verb}"
    old, new = _parts(one.old), _parts(one.new)
    for path in dict.fromkeys([*old, *new]):
        if old.get(path) != new.get(path):
            yield from (f"  - {path}: {parts[path]}" for parts in (old,) if path in parts)
            yield from (f"  + {path}: {parts[path]}" for parts in (new,) if path in parts)


def as_difference(change: Change, changes: Changes) -> Difference | None:
    """A waiting change compared with what is in force; None for the founding."""
    if change.section is None:
        return None
    old = changes.content_of(change.section, change.entry)
    return Difference(section=change.section, entry=change.entry, old=old, new=change.content)


def _parts(content: str | None) -> Mapping[str, str]:
    """Every value of an entry by its path; empty values are left out."""
    return dict(_walk(from_json(content), "")) if content else {}


def _walk(value: Any, path: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _walk(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for number, inner in enumerate(value, 1):
            # An item with an identifier is named by it, wherever it is in its list.
            name = inner.get("id", number) if isinstance(inner, Mapping) else number
            yield from _walk(inner, f"{path} {name}")
    elif value is not None:
        yield _visible(path), _visible(str(value))


def _visible(text: str) -> str:
    """Write out characters that a terminal would obey or hide, because a person says yes to what they see."""
    return text if text.isprintable() else repr(text)


def told_account(body: AccountFact | RouteNoted | LookAlikeFact, zone: tzinfo) -> str:
    """One line for one fact about an account on which we speak, or that looks like one."""
    match body:
        case LookAlikeNoted() | LookAlikesSettled():
            return told_look_alike(body)
        case RouteNoted():
            return told_route(body)
        case AccountShut():
            return f"SHUT, nothing goes out on this account: {body.reason}"
        case SecretChanged():
            return f"the secret of this account was changed: {body.reason}"
        case AccountOpened():
            return f"we speak on this account again: {body.reason}"
        case AccountNoted():
            due = f"its secret was to be changed by {told_in(zone, body.secret_due)}" if body.secret_due else None
            return "; ".join(one for one in (due, told_test(body, zone)) if one) or "nothing is amiss with this account"


def told_look_alike(body: LookAlikeFact) -> str:
    """One line for one fact about accounts that look like a partner's, or like ours."""
    if isinstance(body, LookAlikesSettled):
        return f"the accounts that look like {body.imitates} are settled: {body.reason}"
    called = f", called “{body.handle}”" if body.handle else ""
    return f"LOOK-ALIKE of {body.imitates}: {body.account_id} at {body.domain}{called}: {body.evidence}"


def told_test(noted: AccountNoted, zone: tzinfo) -> str | None:
    """What the last noted test of a channel found; None if no machine reaches it."""
    if noted.tested_at is None:
        return None
    at = f"tested at {told_in(zone, noted.tested_at)}"
    return f"{at}: nothing can go out: {noted.fault}" if noted.fault else f"{at}: it works"


def told_shut(stop: Shut, zone: tzinfo) -> str:
    """Who shut an account, when and why."""
    return f"SHUT by {stop.by} at {told_in(zone, stop.at)}: {stop.reason}"


def told_stopped(partner: str, stop: Shut, *, zone: tzinfo, account_id: str | None = None) -> str:
    """Who stopped a partner, or one account of it, in all incidents, when and why."""
    which = f"account {account_id} of partner {partner}" if account_id else f"partner {partner}"
    return f"{which}: STOPPED in all incidents by {stop.by} at {told_in(zone, stop.at)}: {stop.reason}"


WORDS_SHOWN = 120
"""So much of a post is shown on its line."""


def told_state(state: FeedState | None, now: datetime, *, zone: tzinfo) -> Iterator[str]:
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


def told_noted(noted: FilesNoted | UnconfirmedNoted | RisksNoted | FeedNoted | SignInsFailed, zone: tzinfo) -> str:
    """The sentence for what a part of the service noted of itself."""
    match noted:
        case UnconfirmedNoted(partners=partners):
            return f"partners of the files that are not in force as written: {', '.join(partners) or 'none'}"
        case RisksNoted(late=late):
            return f"risks whose review is overdue: {', '.join(late) or 'none'}"
        case FilesNoted():
            return told_files(noted)
        case FeedNoted():
            return told_feed(noted)
        case SignInsFailed():
            return told_sign_ins(noted, zone)


def told_event(event: PartnerEvent, zone: tzinfo) -> str:
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
