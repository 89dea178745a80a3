"""One decision on one page: sign off a draft, freeze, go on, end an incident."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web
from pydantic import ValidationError

from agents.console.drawing import misfit_of
from agents.console.pages.shown import shown_on
from agents.console.signing import Offer, caller, offer, telephone
from agents.console.visits import Visit
from agents.runtime.views.console_words import ToldReason
from streams.decisions.sign_off.links import path_to
from streams.moments import near_in
from streams.projections.promises import StaysOpen, stays_open
from streams.subjects.incident import Incident
from streams.telling.deliveries import told_picture_after
from streams.telling.network.partners_beside import differing_posts
from streams.words.incident import Cancel, StandDown
from streams.words.release import SignOff
from streams.words.sign_off import Decline
from streams.words.stops import Freeze, Resume, ReturnDraft


@dataclass(frozen=True, slots=True)
class Choice:
    """One button: what it says, and the order behind it, or why the rules would refuse it."""

    name: str
    offer: Offer


async def sign_off(visit: Visit) -> web.Response:
    """A draft, or a question, with its yes; and what became of it, if it is settled already."""
    incident, name = await visit.incident(), visit.request.match_info["message"]
    draft, search = incident.drafts.get(name), incident.searches.get(name)
    if draft is None and (search is None or search.ended):
        return visit.page(
            "settled", incident=incident, message=incident.messages.get(name), yes=incident.authorisations.get(name)
        )
    content = draft.content_hash if draft else search.matter_hash() if search else ""
    choices = [Choice("sign-off", offer(visit, SignOff(message_id=name, content_hash=content), on=incident))]
    # A partner's post is shared or left with one tap each; the author of any other draft is told why it comes back.
    usual = visit.says("reason-leave-post") if draft and draft.credit else ""
    reason = visit.field("reason") or usual
    if draft and reason:
        choices.append(Choice("return-draft", offer(visit, ReturnDraft(message_id=name, reason=reason), on=incident)))
    asked = search or next((one for one in incident.searches.values() if one.message_id == name), None)
    is_asked = bool(asked and asked.asks and asked.asks.person == (caller(visit) or visit.me).id)
    if asked and is_asked:
        declined = Decline(search_id=asked.id, reason=visit.says("reason-decline"))
        choices.append(Choice("decline", offer(visit, declined, on=incident)))
    follows = incident.messages.get(draft.follows or "") if draft else None
    return visit.page(
        "sign-off",
        incident=incident,
        draft=draft,
        matter=search.matter if search else None,
        story=incident.stories.answered_by(name),
        follows=follows,
        author=visit.register.called(incident.drafted_by[name]) if draft else None,
        differing_posts=differing_posts(incident, draft) if draft else [],
        shown=[*shown_on(draft, visit.register, mode=visit.house.mode)] if draft else [],
        picture_after=[*told_picture_after(draft, follows, register=visit.register)] if draft else [],
        choices=choices,
        reason=reason,
        answer_by=asked.answer_by if asked and is_asked else draft.expires_at if draft else None,
        **telephone(visit),
    )


REASONED: Mapping[str, type[Freeze | Resume | StandDown | Cancel]] = {
    "freeze": Freeze,
    "resume": Resume,
    "stand-down": StandDown,
    "cancel": Cancel,
}


async def reasoned(visit: Visit) -> web.Response:
    """An act on the whole incident that needs a reason; a usual one is there, and may be changed."""
    incident, act = await visit.incident(), visit.request.match_info["act"]
    reason = visit.field("reason") or visit.says(f"reason-{act}")
    offered, misfit = None, None
    try:
        offered = offer(visit, REASONED[act](reason=reason), on=incident)
    except ValidationError as error:
        misfit = misfit_of(error)
    cases = visit.house.board.overview.cases
    behind = stays_open(incident, cases, now=visit.now) if act == "stand-down" else None
    return visit.page(
        "reasoned",
        incident=incident,
        act=act,
        reason=reason,
        misfit=misfit,
        choices=[Choice(act, offered)] if offered else [],
        open=[*_left_open(behind, visit)] if behind else [],
        ways=_ways(incident, behind, visit) if behind else [],
        **telephone(visit),
    )


def _left_open(found: StaysOpen, visit: Visit) -> Iterator[ToldReason]:
    """What the end would leave open, in the language of the page; what is told of other programs is in English."""
    says, language = visit.says, visit.language
    for by in found.promised:
        yield ToldReason(says("left-promise", moment=near_in(visit.house.zone, by, now=visit.now)), language)
    if channels := sorted(map(visit.house.place, found.uncleared)):
        yield ToldReason(says("left-uncleared", channels=", ".join(channels)), language)
    yield from (ToldReason(one, "en") for one in found.pauses)
    if found.drafts:
        yield ToldReason(says("left-drafts", count=len(found.drafts)), language)
    if found.cases:
        yield ToldReason(says("left-cases", count=len(found.cases)), language)


def _ways(incident: Incident, found: StaysOpen, visit: Visit) -> Sequence[tuple[str, str]]:
    """Where each thing is settled that the end would leave open: a page, and what it is called."""
    here = path_to("incidents", incident.id)
    ways = [(f"{here}/all-clear", visit.says("all-clear"))] if found.uncleared else []
    ways += [(f"{here}/sign-off/{one}", visit.says("sign-off-heading")) for one in found.drafts]
    return [
        *ways,
        *((path_to("cases", one.id), f"{visit.says(f'sort-{one.sort}')}: {one.about}") for one in found.cases),
    ]
