"""How the service is: the log and its worker, the accounts on which we speak, what could not be read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aiohttp import web

from agents.console.visits import Visit
from agents.runtime.cluster.doctor import Finding
from agents.runtime.door.reading import told_bad
from streams.decisions.accounts.secret_age import age_of
from streams.decisions.cases.retention import kept_records
from streams.subjects.account import AccountLog
from streams.telling.changes import told_files, told_shut, told_sign_ins, told_test
from streams.values import Power
from streams.words.register.entries import ChannelEntry


@dataclass(frozen=True, slots=True)
class AccountLook:
    """One account on which we speak: how it is, and whether something has to be done."""

    id: str
    title: str
    lines: Sequence[str]
    ok: bool


@dataclass(frozen=True, slots=True)
class ServiceLook:
    """One thing about the service: the sentence of the pages that tells it, and what exactly was found."""

    says: str
    lines: Sequence[str]
    ok: bool


async def page(visit: Visit) -> web.Response:
    """All of it; what cannot be looked at is a finding of its own."""
    # The cases are read last: what is kept for one that was opened meanwhile does not wait to be deleted.
    findings, kept = await visit.house.looks.service(visit.now), await visit.house.board.door.case_posts()
    seen = visit.house.board.overview
    unusable = seen.register_log.unusable if seen.register_log else None
    failed = seen.register_log.sign_ins if seen.register_log else None
    states = {one.id: one for one in seen.accounts}
    people = visit.register.people.values()
    return visit.page(
        "status",
        findings=sorted(_together(findings), key=lambda one: one.ok),
        # Addresses and folders of the machines help whoever mends them, and otherwise only somebody who breaks in.
        in_full=visit.me.is_granted(Power.CHANGE_REGISTER),
        keepers=[one.called for one in people if one.is_granted(Power.CHANGE_REGISTER)],
        files=told_files(unusable) if unusable else None,
        accounts=[_account(entry, states.get(name), visit) for name, entry in visit.register.channels.items()],
        sign_ins=told_sign_ins(failed, visit.house.zone) if failed else None,
        bad=[*told_bad(visit.house.board.bad)],
        follows=visit.house.board.is_live,
        kept=kept_records(kept, seen.cases, now=visit.now),
    )


def _together(findings: Sequence[Finding]) -> Iterator[ServiceLook]:
    """What was found, by what it is about: one sentence for all lanes, and the particulars of each."""
    by_about: dict[str, list[Finding]] = {}
    for one in findings:
        by_about.setdefault(one.about, []).append(one)
    for about, found in by_about.items():
        ok = all(one.ok for one in found)
        yield ServiceLook(f"finding-{about}-{'well' if ok else 'not'}", [one.words for one in found], ok)


def _account(entry: ChannelEntry, state: AccountLog | None, visit: Visit) -> AccountLook:
    log, zone = visit.house.board.overview.register_log, visit.house.zone
    route = log.routes.get(entry.id) if log else None
    age = age_of(entry, state, register=visit.register)
    overdue = age is not None and age.is_overdue(visit.now)
    lines = [told_shut(state.shut, zone)] if state and state.shut else []
    lines += [f"nothing can go out: {route.fault}"] if route and route.fault else []
    test = told_test(state.noted, zone) if state and state.noted else None
    lines += [test or "no test is noted"]
    if age and age.changed_at and age.due_at:
        due = f"{'OVERDUE since' if overdue else 'to be changed by'} {age.due_at:%d %b %Y}"
        lines.append(f"its secret was changed on {age.changed_at:%d %b %Y}, {due}")
    amiss = bool((state and state.shut) or (route and route.fault) or overdue)
    return AccountLook(entry.id, entry.title, lines, not amiss)
