"""Amplification agent: from `partner-posts` to `commands`. A partner's word on a live incident goes out again.

Consumes: new, edited and deleted posts of registered partners; and declarations, for posts that came before them.
Produces: orders to amplify, or to note that an amplified post was changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agents.ports import Clock, Incidents, RecentPosts, Registers
from streams.decisions.listening.matcher import matcher
from streams.errors import MessageError
from streams.subjects.incident import Incident
from streams.values import Subject, prose
from streams.words.facts import Fact
from streams.words.incident import IncidentDeclared
from streams.words.orders import Command, CommandBody, Giver, command
from streams.words.posts import PartnerPost
from streams.words.register.entries import Partner, Register
from streams.words.release import Amplify, Credit, NotePostChange

NAME = Giver.AMPLIFICATION.value


class UnregisteredPartner(MessageError):
    """This account is no registered partner: register it with a second person's approval, or stop its feed."""


class Wordless(MessageError):
    """This post has no words to send out again: see whether a person should share it."""


@dataclass(frozen=True, slots=True)
class Needs:
    """The hour, the registers, and views of the live incidents and of the posts of the last half hour."""

    clock: Clock
    registers: Registers
    incidents: Incidents
    posts: RecentPosts


async def handle(post: PartnerPost, needs: Needs) -> Sequence[Command]:
    """Match a post to the live incidents and order what follows."""
    partner = _pinned(post, needs.registers())
    if partner is None:
        raise UnregisteredPartner(
            f"account {post.account_id} at {post.domain} is no registered partner: register it, or stop its feed"
        )
    if post.change != "new":
        change = NotePostChange(credit=_credit(post, partner), change=post.change)
        return [_order(post, name, needs, change) for name in await _concerned(change.credit, needs)]
    if not prose(post.text):
        raise Wordless(f"post {post.post_id} of {partner.name} has no words: see whether a person should share it")
    live = await needs.incidents.live()
    return [_order(post, name, needs, _amplify(post, partner)) for name in _matched(post, live)]


async def handle_declaration(fact: Fact, needs: Needs) -> Sequence[Command]:
    """A partner often speaks before we declare: look through its recent posts when an incident is declared.

    A post that was edited or deleted meanwhile stays where it is.
    """
    if not isinstance(fact.body, IncidentDeclared):
        return []
    declared = [incident for incident in await needs.incidents.live() if incident.subject == fact.subject]
    posts = await needs.posts.recent()
    changed = {(post.account_id, post.post_id) for post in posts if post.change != "new"}
    orders = []
    for post in posts:
        partner = _pinned(post, needs.registers())
        unchanged = (post.account_id, post.post_id) not in changed and prose(post.text)
        if partner and unchanged and _matched(post, declared):
            orders.append(_order(post, fact.subject.id, needs, _amplify(post, partner)))
    return orders


async def _concerned(credit: Credit, needs: Needs) -> list[str]:
    """Every incident that carries the post, ended or not.

    Live incidents are included, because the order to amplify may still be on its way; most will have nothing to do.
    """
    live = [incident.id for incident in await needs.incidents.live()]
    return list(dict.fromkeys([*live, *await needs.incidents.carrying(credit)]))


def _pinned(post: PartnerPost, register: Register) -> Partner | None:
    """A partner is its account id and its domain; a name proves nothing."""
    pinned = (post.account_id, post.domain)
    return next((one for one in register.partners.values() if (one.account_id, one.domain) == pinned), None)


def _matched(post: PartnerPost, live: Iterable[Incident]) -> list[str]:
    return sorted(matcher(tuple(live)).incidents(" ".join([post.text, *post.hashtags])))


def _credit(post: PartnerPost, partner: Partner) -> Credit:
    return Credit(
        partner=partner.id,
        partner_name=partner.name,
        account_id=post.account_id,
        post_id=post.post_id,
        url=post.url,
    )


def _amplify(post: PartnerPost, partner: Partner) -> Amplify:
    return Amplify(credit=_credit(post, partner), text=prose(post.text), language=post.language, posted_at=post.at)


def _order(post: PartnerPost, incident_id: str, needs: Needs, body: CommandBody) -> Command:
    """The post is the cause: however it was found, the same post gives the same order; each later change is its own."""
    cause = f"{post.account_id}/{post.post_id}/{'new' if post.change == 'new' else post.id}"
    return command(
        body, cause=cause, mode=post.mode, subject=Subject.incident(incident_id), at=needs.clock.now(), by=NAME
    )
