"""A partner's post that a person shares by hand: whose, which, its words, and how each channel would show them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from aiohttp import web
from pydantic import ValidationError

from agents.console.pages.settled.form import FormField, Matter, settling, told
from agents.console.pages.shown import ReadText, shown_on
from agents.console.signing import offer
from agents.console.visits import Visit
from agents.runtime.door.partner_posts import was_edited
from streams.decisions.partners.posted_from import account_of
from streams.decisions.sign_off.links import path_to
from streams.decisions.verdict import Refused
from streams.subjects.incident import Incident
from streams.telling.happenings.names import message_line
from streams.words.release import Amplify, Credit


async def share(visit: Visit) -> web.Response:
    """Share one post; those that wait for a yes are linked, and no link carries the words that were typed."""
    visit = await visit.with_form()
    incident = await visit.incident()
    here = path_to("incidents", incident.id)
    partners = visit.register.partners
    chosen, url, text = visit.field("partner"), visit.field("url"), visit.field("post-words")
    named = visit.field("post_id") or _last_part(url)
    language = visit.field("post-language") or visit.register.languages[0]
    typed = [
        FormField("partner", chosen, choices=[("", ""), *((one.id, one.name) for one in partners.values())]),
        FormField("url", url),
        FormField("post_id", named),
        FormField("post-words", text, rows=4, part="text"),
        FormField("post-language", language, choices=[(one, one) for one in visit.register.languages], part="language"),
    ]
    waits = [one for one in incident.drafts.values() if one.credit]
    links = [
        (here + path_to("sign-off", one.id), told(visit, (line := message_line(one)).name, **line.gaps))
        for one in waits
    ]
    matter = Matter(visit.says("share-heading"), [], here, incident, links=links, by_post=True, by_telephone=False)
    partner = partners.get(chosen)
    if partner is None or not text:
        return settling(visit, matter, typed=typed, acts={})
    known, account_id = partner, account_of(partner, url)
    if isinstance(account_id, Refused):
        refusal = account_id.fact(Amplify.model_fields["kind"].default)
        return settling(visit, replace(matter, refusal=refusal), typed=typed, acts={})

    def credited() -> Credit:
        return Credit(
            partner=known.id,
            partner_name=known.name,
            account_id=account_id,
            post_id=named,
            url=url or None,
        )

    edited = await _was_edited(credited, visit)

    def shared() -> Amplify:
        credit = credited().model_copy(update={"edited": edited})
        return Amplify.model_validate({"credit": credit, "text": text, "language": language, "posted_at": visit.now})

    try:
        matter = replace(matter, shown=_shown(shared(), visit, incident))
    except ValidationError:  # The page says it beside the field.
        return settling(visit, matter, typed=typed, acts={"amplify": shared})
    return settling(visit, matter, typed=typed, acts={"amplify": shared})


async def _was_edited(credited: Callable[[], Credit], visit: Visit) -> bool:
    """Whether its author edited the post since we heard it; False while its identifier is not right."""
    try:
        return await was_edited(visit.house.board.door, credited())
    except ValidationError:
        return False


def _shown(body: Amplify, visit: Visit, incident: Incident) -> Sequence[ReadText]:
    message = offer(visit, body, on=incident).lets_out
    return [*shown_on(message, visit.register, mode=visit.house.mode)] if message else []


def _last_part(url: str) -> str:
    """What most networks call a post: the last part of its address."""
    try:
        return urlsplit(url).path.rstrip("/").rpartition("/")[2]
    except ValueError:
        return ""
