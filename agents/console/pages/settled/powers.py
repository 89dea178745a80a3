"""What waits about powers and accounts: changes of the register, accounts of ours, partners that are stopped."""

from aiohttp import web

from agents.console.pages.settled.form import Made, Matter, reason, settling
from agents.console.visits import Visit
from streams.subjects.account import AccountLog, account
from streams.subjects.register_log import RegisterLog
from streams.telling.changes import as_difference, told_difference, told_shut, told_test, told_waiting
from streams.values import THE_REGISTER
from streams.words.register.accounts import Breach, ChangeSecret, OpenAccount
from streams.words.register.changes import ConfirmChange, WithdrawChange
from streams.words.stops import ResumePartner


async def change(visit: Visit) -> web.Response:
    """A change of the register that waits for another person's yes, line by line."""
    log = await visit.state_of(THE_REGISTER)
    name = visit.request.match_info["change"]
    if not isinstance(log, RegisterLog):
        raise web.HTTPNotFound
    found = log.changes.waiting.get(name)
    if found is None:
        matter = Matter(visit.says("change"), [visit.says("settled-otherwise")], "/register", log)
        return settling(visit, matter, typed=[], acts={})
    difference = as_difference(found, log.changes)
    lines = [told_waiting(found, visit.house.zone), *(told_difference(difference) if difference else ())]
    why = reason(visit, "reason-change")
    acts: dict[str, Made] = {
        "confirm-change": lambda: ConfirmChange(change_id=name, content_hash=found.content_hash),
        "withdraw-change": lambda: WithdrawChange(change_id=name, reason=why.value),
    }
    return settling(visit, Matter(visit.says("change"), lines, "/register", log), typed=[why], acts=acts)


async def account_page(visit: Visit) -> web.Response:
    """An account on which we speak: shut it at once, say that its secret is another one, or open it again."""
    entry = visit.register.channels.get(visit.request.match_info["account"])
    if entry is None:
        raise web.HTTPNotFound
    state = await visit.state_of(account(entry.id))
    log = state if isinstance(state, AccountLog) else AccountLog(id=entry.id, mode=visit.house.mode)
    test = told_test(log.noted, visit.house.zone) if log.noted else None
    shut = told_shut(log.shut, visit.house.zone) if log.shut else None
    lines = [f"{entry.id}: {entry.title}", *filter(None, [shut, test])]
    why = reason(visit, "reason-account-shut" if log.shut else "reason-account")
    acts: dict[str, Made] = {"change-secret": lambda: ChangeSecret(reason=why.value)}
    if log.shut:
        acts["open-account"] = lambda: OpenAccount(reason=why.value)
    else:
        acts["breach"] = lambda: Breach(reason=why.value)
    return settling(visit, Matter(visit.says("account"), lines, "/status", log), typed=[why], acts=acts)


async def partner(visit: Visit) -> web.Response:
    """A partner whose posts are stopped in an incident: let them go out again, once its account is surely its own."""
    incident, name = await visit.incident(), visit.request.match_info["partner"]
    stop, back = incident.stops.partners.get(name), f"/incidents/{incident.id}"
    if stop is None:
        matter = Matter(visit.says("partner"), [visit.says("settled-otherwise")], back, incident)
        return settling(visit, matter, typed=[], acts={})
    entry, why = visit.register.partners.get(name), reason(visit, "reason-partner")
    lines = [f"{entry.name if entry else name}: {stop.reason}"]
    acts: dict[str, Made] = {"resume-partner": lambda: ResumePartner(partner=name, reason=why.value)}
    return settling(visit, Matter(visit.says("partner"), lines, back, incident), typed=[why], acts=acts)
