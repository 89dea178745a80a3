"""Handing several cases on at once: which, to whom and why, and one tap; each is an order and a fact of its own."""

from collections.abc import Iterator, Sequence

from aiohttp import web
from pydantic import ValidationError

from agents.console.drawing import misfit_of
from agents.console.pages.cases.case_list import CaseItem, item_of
from agents.console.pages.settled.form import people, reason
from agents.console.signing import Offer, offer, written_together
from agents.console.visits import Visit
from streams.projections.case_list import by_clock
from streams.words.cases import HandOnCase
from streams.words.register.passkeys import TOGETHER_MAX


async def page(visit: Visit) -> web.Response:
    """The open cases, those of this person first; of those that are chosen, which can be handed on, and which not."""
    items = [item_of(one, visit) for one in by_clock(visit.house.board.overview.cases) if one.is_open]
    mine = [one for one in items if one.mine]
    takes_all = visit.field("all") == "mine"
    ticked = {one.case.id for one in mine if one.case.waits} if takes_all else {*visit.fields("case")}
    chosen = [one for one in items if one.case.id in ticked][:TOGETHER_MAX]
    misfit, offers = "", list[tuple[CaseItem, Offer]]()
    try:
        offers = [*_offers(chosen, visit)]
    except ValidationError as error:
        misfit = misfit_of(error)
    free = [(one, each) for one, each in offers if not each.refusal]
    return visit.page(
        "handover",
        mine=mine,
        others=[one for one in items if not one.mine],
        ticked=ticked,
        people=people(visit),
        to=visit.field("to"),
        taker=visit.register.called(visit.field("to")) if visit.field("to") else "",
        reason=reason(visit, "reason-hand-on").value,
        misfit=misfit,
        barred=[(one, each.refusal) for one, each in offers if each.refusal],
        count=len(free),
        written=written_together(
            [each for _, each in free], [(one.case.about or "").removesuffix(".") for one, _ in free]
        )
        if free
        else "",
    )


def _offers(chosen: Sequence[CaseItem], visit: Visit) -> Iterator[tuple[CaseItem, Offer]]:
    """The order for each case that is chosen, once it is chosen to whom they go."""
    if to := visit.field("to"):
        why = reason(visit, "reason-hand-on").value
        for one in chosen:
            body = HandOnCase(to=to, reason=why, had_by=one.case.had_by)
            yield one, offer(visit, body, on=one.case)
