"""What waits about powers and accounts: changes of the register, accounts of ours, partners that are stopped."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from agents.console.pages.settled.form import Made, Matter, reason, settling, told
from agents.console.visits import Visit
from agents.runtime.views.console_words import ToldReason
from streams.decisions.sign_off.links import path_to
from streams.subjects.account import AccountLog, account
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.telling.changes import (
    as_difference,
    told_difference,
    told_look_alike,
    told_shut,
    told_test,
    told_unconfirmed,
    told_waiting,
)
from streams.telling.happenings.names import WrittenWords
from streams.values import THE_REGISTER
from streams.words.register.accounts import Breach, ChangeSecret, OpenAccount, Shut
from streams.words.register.changes import ConfirmChange, ProposeChange, WithdrawChange, contents_of
from streams.words.register.partners import SettleLookAlikes
from streams.words.stops import ResumePartner, Stop, StopPartner


async def change(visit: Visit) -> web.Response:
    """A change of the register that waits for another person's yes, line by line."""
    log = await visit.state_of(THE_REGISTER)
    name = visit.request.match_info["change"]
    if not isinstance(log, RegisterLog):
        raise web.HTTPNotFound
    found = log.changes.waiting.get(name)
    if found is None:
        matter = Matter(visit.says("change"), [], "/register", log, told=visit.says("settled-otherwise"))
        return settling(visit, matter, typed=[], acts={})
    difference = as_difference(found, log.changes)
    founded = [f"{section} {entry}" for section, entry, _ in contents_of(visit.register, found.sections)]
    lines = [told_waiting(found, visit.house.zone), *(told_difference(difference) if difference else founded)]
    why = reason(visit, "reason-change")
    acts: dict[str, Made] = {
        "confirm-change": lambda: ConfirmChange(change_id=name, content_hash=found.content_hash),
        "withdraw-change": lambda: WithdrawChange(change_id=name, reason=why.value),
    }
    matter = Matter(visit.says("change"), lines, "/register", log, by_telephone=False)
    return settling(visit, matter, typed=[why], acts=acts)


async def partner_to_propose(visit: Visit) -> web.Response:
    """A partner that the files have otherwise than two people confirmed, line by line; one tap proposes it."""
    log, name = await visit.state_of(THE_REGISTER), visit.request.match_info["partner"]
    if not isinstance(log, RegisterLog):
        raise web.HTTPNotFound
    proposed = [one for one in log.changes.waiting.values() if (one.section, one.entry) == ("partners", name)]
    links = [(path_to("register", "changes", one.id), told_waiting(one, visit.house.zone)) for one in proposed]
    heading, wanted = visit.says("unconfirmed"), log.to_propose()
    if name not in wanted:
        lines = [] if links else [visit.says("unconfirmed-settled")]
        return settling(visit, Matter(heading, lines, "/register", log, links=links), typed=[], acts={})
    why, content = reason(visit, "reason-unconfirmed"), wanted[name]
    acts: dict[str, Made] = {
        "propose-change": lambda: ProposeChange(section="partners", entry=name, content=content, reason=why.value)
    }
    return settling(visit, Matter(heading, [*told_unconfirmed(log, name)], "/register", log), typed=[why], acts=acts)


async def account_page(visit: Visit) -> web.Response:
    """An account on which we speak: shut it at once, say that its secret is another one, or open it again."""
    entry = visit.register.channels.get(visit.request.match_info["account"])
    if entry is None:
        raise web.HTTPNotFound
    state = await visit.state_of(account(entry.id))
    log = state if isinstance(state, AccountLog) else AccountLog(id=entry.id, mode=visit.house.mode)
    test = told_test(log.noted, visit.house.zone) if log.noted else None
    shut = told_shut(log.shut, visit.house.zone) if log.shut else None
    lines = [entry.title, *filter(None, [shut, test])]
    why = reason(visit, "reason-account-shut" if log.shut else "reason-account")
    acts: dict[str, Made] = {"change-secret": lambda: ChangeSecret(reason=why.value)}
    if log.shut:
        acts["open-account"] = lambda: OpenAccount(reason=why.value)
    else:
        acts["breach"] = lambda: Breach(reason=why.value)
    return settling(visit, Matter(visit.says("account"), lines, "/status", log), typed=[why], acts=acts)


async def partner_in_incident(visit: Visit) -> web.Response:
    """A partner in one incident: stop its posts there, or let them go out again."""
    incident = await visit.incident()
    name = visit.request.match_info["partner"]
    whole, accounts = incident.stops.partners.get(name), incident.stops.accounts.get(name, {})
    stopped = _Stopped(_reason(whole), {one: _reason(stop) for one, stop in accounts.items()})
    return _partner(visit, incident, back=path_to("incidents", incident.id), stopped=stopped)


async def partner(visit: Visit) -> web.Response:
    """A partner in all incidents, also in those to come."""
    state = await visit.state_of(THE_REGISTER)
    log = state if isinstance(state, RegisterLog) else RegisterLog(mode=visit.house.mode)
    name = visit.request.match_info["partner"]
    whole, accounts = log.changes.stopped.get(name), log.changes.stopped_accounts.get(name, {})
    stopped = _Stopped(_reason(whole), {one: _reason(stop) for one, stop in accounts.items()})
    return _partner(visit, log, back="/register", stopped=stopped)


async def look_alikes(visit: Visit) -> web.Response:
    """Accounts that look like a partner's, or like ours, each with its evidence; one reason settles them all."""
    log, name = await visit.state_of(THE_REGISTER), visit.request.match_info["imitates"]
    known = log.look_alikes.get(name, ()) if isinstance(log, RegisterLog) else ()
    if log is None or not (known or visit.was_heard(log)):
        raise web.HTTPNotFound
    why = reason(visit, "reason-look-alikes")
    acts: dict[str, Made] = {"settle-look-alikes": lambda: SettleLookAlikes(imitates=name, reason=why.value)}
    lines = [told_look_alike(one) for one in known]
    matter = Matter(visit.says("look-alikes"), lines, "/register", log)
    return settling(visit, matter, typed=[why], acts=acts if known else {})


@dataclass(frozen=True, slots=True)
class _Stopped:
    """Why a partner is stopped, None if it is not, and why each of its accounts is that is stopped alone."""

    whole: WrittenWords | None
    accounts: Mapping[str, WrittenWords | None]


def _reason(stop: Stop | Shut | None) -> WrittenWords | None:
    return WrittenWords(stop.reason, stop.why if isinstance(stop, Stop) else ()) if stop else None


def _partner(visit: Visit, state: State, *, back: str, stopped: _Stopped) -> web.Response:
    """Whether its posts go out is asked of the partner itself, since its account may be another's by now.

    The yes is for what the page shows: an account that is stopped meanwhile stays stopped.
    """
    name = visit.request.match_info["partner"]
    entry = visit.register.partners.get(name)
    if entry is None:
        raise web.HTTPNotFound
    is_stopped, alone = bool(stopped.whole or stopped.accounts), () if stopped.whole else tuple(stopped.accounts)
    why = reason(visit, "reason-partner" if is_stopped else "reason-stop-partner")
    acts: dict[str, Made] = {"stop-partner": lambda: StopPartner(partner=name, reason=why.value)}
    if is_stopped:
        acts = {"resume-partner": lambda: ResumePartner(partner=name, reason=why.value, accounts=alone)}
    heading = visit.says("partner" if stopped.whole else "partner-account" if alone else "partner-goes-out")
    at = dict(entry.pins)
    lines = [told(visit, "partner-stopped", name=entry.name, reason=stopped.whole)] if stopped.whole else []
    for one, why_stopped in stopped.accounts.items():
        gaps = {"name": entry.name, "account": at.get(one, one), "reason": why_stopped}
        lines.append(told(visit, "partner-account-stopped", **gaps))
    lines = lines or [ToldReason(entry.name, visit.language)]
    return settling(visit, Matter(heading, lines, back, state), typed=[why], acts=acts)
