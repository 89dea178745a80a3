"""Pinning a partner to what never changes behind its address: which accounts are pinned, and the line that pins more.

The console writes no file of the register, so the line is copied to where the register lies.
"""

import shlex
from collections.abc import Iterator

from aiohttp import web

from agents.console.pages.settled.form import FormField, Matter, settling
from agents.console.visits import Visit
from streams.decisions.authority.powers import Act, who_could
from streams.decisions.sign_off.links import path_to
from streams.subjects.register_log import RegisterLog
from streams.values import THE_REGISTER, Power
from streams.words.register.partners import Partner

GIVE_ON = (
    "Give it to the person who looks after the machine where the register lies: it asks the network what never "
    "changes behind the address, says what it found and what to doubt, and writes the entry."
)


async def page(visit: Visit) -> web.Response:
    """The accounts of one partner with their evidence; with an address and evidence typed, the line to copy."""
    partner = visit.register.partners.get(visit.request.match_info["partner"])
    log = await visit.state_of(THE_REGISTER)
    if partner is None:
        raise web.HTTPNotFound
    address, evidence = visit.field("address"), visit.field("evidence")
    lines = [*_pinned(partner)]
    if address and evidence:
        typed = ["holdingline", "feeds", "pin", partner.id, address, "--evidence", evidence, "--write"]
        able = ", ".join(who_could(Act(Power.CHANGE_REGISTER, visit.now), visit.register)) or "nobody now"
        lines += [
            shlex.join(typed),
            GIVE_ON,
            f"Then the partner is on the first page of those who may propose it. Another person confirms it: {able}.",
        ]
    heading = visit.says("pin-heading", what=partner.name)
    fields = [FormField("address", address), FormField("evidence", evidence, rows=2, label=visit.says("pin-evidence"))]
    matter = Matter(heading, lines, path_to("partners", partner.id), log or RegisterLog(mode=visit.house.mode))
    return settling(visit, matter, typed=fields, acts={})


def _pinned(partner: Partner) -> Iterator[str]:
    """Each account with what it is pinned by, and why we believe that it is theirs."""
    yield f"{partner.account_id} at {partner.domain}: the first account, whose posts come by `holdingline feed`"
    for one in partner.accounts:
        yield f"{one.account_id} at {one.domain}, heard by {one.kind} from {one.address}: {one.evidence}"
