"""Amplification agent: from `partner-posts` to `commands`. A partner's word on a live incident goes out again.

Consumes: new, edited and deleted posts of registered partners, and what becomes of their accounts; and declarations
and new names of incidents, for posts that came before them.
Produces: orders to amplify, to note that an amplified post was changed, to stop an account that may not be its
partner's any more, and to note an account that looks like a partner's or ours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from agents.ports import Clock, Incidents, RecentPosts, Registers
from streams.decisions.listening.matcher import matcher
from streams.decisions.partners.accounts import account_changed
from streams.decisions.partners.look_alikes import likeness
from streams.errors import MessageError
from streams.foreign import account, domain
from streams.subjects.incident import Incident
from streams.values import THE_REGISTER, Subject, digest, prose
from streams.words.facts import Fact
from streams.words.incident import IncidentDeclared, IncidentRenamed
from streams.words.orders import Command, CommandBody, Giver, command
from streams.words.posts import AccountChange, PartnerChange, PartnerEvent, PartnerPost
from streams.words.register.entries import Register
from streams.words.register.partners import Partner
from streams.words.release import Amplify, Credit, NotePostChange, PostChange
from streams.words.stops import StopPartner

ENDED: Mapping[AccountChange, PostChange] = {AccountChange.SUSPENDED: "suspended", AccountChange.GONE: "gone"}
"""The changes of an account after which nothing of it stays on ours."""
NAME = Giver.AMPLIFICATION.value


class UnregisteredPartner(MessageError):
    """This account is no registered partner: register it with a second person's approval, or stop its feed."""


class Wordless(MessageError):
    """This post has no words to send out again: see whether a person should share it."""


class Changed(MessageError):
    """Its author edited or deleted this post: see whether a person should share what it says now."""


@dataclass(frozen=True, slots=True)
class Needs:
    """The hour, the registers, and views of the live incidents and of the posts of the last half hour."""

    clock: Clock
    registers: Registers
    incidents: Incidents
    posts: RecentPosts


async def handle(post: PartnerEvent, needs: Needs) -> Sequence[Command]:
    """Match a post to a live incident and order what follows. A post goes out for one incident, once.

    Where it is out already, or where other words of it came before, its words are an edit, as a poll brings one.
    A post that was edited is judged by what it says now, whatever became of its first words.
    """
    pinned = _pinned(post, needs.registers())
    if pinned is None:
        return _of_unregistered(post, needs)
    partner, account_id = pinned
    if isinstance(post, PartnerChange):
        return await _of_account(post, partner, account_id, needs=needs)
    credit = _credit(post, partner, account_id)
    carrying = await needs.incidents.carrying(credit)
    versions = await needs.posts.versions(post.account_id, post.post_id)
    if carrying and _is_overtaken(post, versions):
        return []
    if post.change != "new" or carrying or _is_later(post, versions):
        text = prose(post.text) if post.change != "deleted" else ""
        change = NotePostChange(
            credit=credit, change="deleted" if post.change == "deleted" else "edited", text=text or None
        )
        names = carrying if carrying and post.change == "new" else await _concerned(carrying, needs)
        noted = [_order(post, name, needs, change) for name in names]
        is_edit = post.change == "edited" or (post.change == "new" and _is_later(post, versions))
        is_said_already = not carrying and _says_the_same(post, versions)
        renews = is_edit and not is_said_already
        return [*noted, *(await _renewed(post, credit, carrying, needs=needs) if renews else ())]
    if not prose(post.text):
        raise Wordless(f"post {post.post_id} of {partner.name} has no words: see whether a person should share it")
    incident = _Matching(await needs.incidents.live()).first(post)
    if incident is None:
        return []
    if _has_changed(post, versions):
        raise Changed(
            f"{partner.name} edited or deleted post {post.post_id}: see whether a person should share what it says now"
        )
    elsewhere = await _elsewhere(post, partner, incident, needs)
    return [_order(post, incident.id, needs, _amplify(post, credit, elsewhere))]


async def _renewed(post: PartnerPost, credit: Credit, carrying: Sequence[str], *, needs: Needs) -> Sequence[Command]:
    """The order to send out a post as it says now, behind the one that takes back what it said.

    It goes where it was out, if it still speaks of that incident, as a warning need not; one that was out nowhere,
    since it was refused or waited for a yes, goes to the incident that its words speak of now.
    """
    live = await needs.incidents.live()
    there, spoken_of = next((one for one in live if one.id in carrying), None), _Matching(live).first(post)
    was_out_elsewhere = carrying and post.genre != "warning" and there is not spoken_of
    incident = None if was_out_elsewhere else (there or spoken_of)
    if incident is None or not prose(post.text):
        return []
    partner = needs.registers().partners[credit.partner]
    renewed = _amplify(post, credit, await _elsewhere(post, partner, incident, needs))
    return [_order(post, incident.id, needs, _of_edited(renewed))]


async def handle_declaration(fact: Fact, needs: Needs) -> Sequence[Command]:
    """A partner often speaks before we declare: look through its recent posts when an incident is declared or renamed.

    A post that was edited meanwhile is judged by what it says now. One that was deleted stays where it is; so does one
    that is of another incident already.
    """
    if not isinstance(fact.body, IncidentDeclared | IncidentRenamed):
        return []
    live = await needs.incidents.live()
    # Only what speaks of this incident is compared with the others.
    own = matcher([one for one in live if one.subject == fact.subject])
    now = [await _as_it_is(one, needs) for one in await needs.posts.recent()]
    mine = [post for post in now if post and own.incidents(_told(post))]
    orders, known = [], _Matching(live if mine else ())
    for post in mine:
        pinned = _pinned(post, needs.registers())
        incident = known.first(post) if pinned and prose(post.text) else None
        if pinned is None or incident is None or incident.subject != fact.subject:
            continue
        credit = _credit(post, *pinned)
        if not await needs.incidents.carrying(credit):
            body = _amplify(post, credit, await _elsewhere(post, pinned[0], incident, needs))
            versions = await needs.posts.versions(post.account_id, post.post_id)
            body = body if _says_the_same(post, versions) else _of_edited(body)
            orders.append(_order(post, fact.subject.id, needs, body))
    return orders


def _of_unregistered(post: PartnerEvent, needs: Needs) -> Sequence[Command]:
    """The order to note an account that looks like one we know; any other is set aside with the reason."""
    found = likeness(post, needs.registers()) if isinstance(post, PartnerPost) else None
    if found is None:
        raise UnregisteredPartner(
            f"account {post.account_id} at {post.domain} is no registered partner: register it, or stop its feed"
        )
    cause = f"{post.account_id} {post.domain} {found.imitates}"
    return [_of_register(post, needs, found, cause=cause)]


async def _of_account(post: PartnerChange, partner: Partner, account_id: str, *, needs: Needs) -> Sequence[Command]:
    """Stop the account in all incidents; what it said is taken back if its network or its owner ended it.

    The partner's other accounts go on. That an account is back lets nothing go on: a person asks, then resumes it.
    """
    if post.change is AccountChange.BACK:
        return []
    stop = StopPartner(partner=partner.id, reason=account_changed(post), account_id=account_id)
    orders = [_of_register(post, needs, stop, cause=post.id)]
    if ended := ENDED.get(post.change):
        for name, carried in (await _carried_of(post, account_id, needs)).items():
            for post_id in carried:
                credit = Credit(partner=partner.id, partner_name=partner.name, account_id=account_id, post_id=post_id)
                body = NotePostChange(credit=credit, change=ended)
                cause = f"{post.id} {_apart(account_id, post_id)}"
                orders.append(_ordered(post, Subject.incident(name), needs, body=body, cause=cause))
    return orders


async def _carried_of(post: PartnerChange, account_id: str, needs: Needs) -> Mapping[str, Sequence[str]]:
    """The posts of this account by incident; in live ones also the latest, whose order may be on its way."""
    carried = await needs.incidents.carried_of(account_id)
    came = [one.post_id for one in await needs.posts.recent() if one.account_id == post.account_id]
    lately = {one.id: came for one in await needs.incidents.live() if came}
    return {name: [*dict.fromkeys([*carried.get(name, ()), *lately.get(name, ())])] for name in {**carried, **lately}}


async def _concerned(carrying: Sequence[str], needs: Needs) -> list[str]:
    """Every incident that carries the post, ended or not.

    Live incidents are included, because the order to amplify may still be on its way; most will have nothing to do.
    """
    live = [incident.id for incident in await needs.incidents.live()]
    return list(dict.fromkeys([*live, *carrying]))


def _is_later(post: PartnerPost, versions: Sequence[PartnerPost]) -> bool:
    """Whether other words came as new under this identifier before: a poll does not say that a post was edited."""
    news = [one for one in versions if one.change == "new"]
    return any(_words(one) == _words(post) for one in news) and _words(news[0]) != _words(post)


def _is_overtaken(post: PartnerPost, versions: Sequence[PartnerPost]) -> bool:
    """Whether its author edited a post that now comes as new: a feed that delivers out of order says what it was."""
    edited = [one for one in versions if one.change == "edited"]
    return post.change == "new" and not _is_later(post, versions) and _has_changed(post, edited)


def _says_the_same(post: PartnerPost, versions: Sequence[PartnerPost]) -> bool:
    """Whether the post came as new in these words, and never in others: what changed is a picture, say."""
    return any(one.change == "new" for one in versions) and not _has_changed(post, versions)


async def _as_it_is(post: PartnerPost, needs: Needs) -> PartnerPost | None:
    """The newest words of a post, whatever came last; None if it was deleted."""
    versions = await needs.posts.versions(post.account_id, post.post_id)
    if any(one.change == "deleted" for one in versions):
        return None
    edited = [one for one in versions if one.change == "edited" and not _says_the_same(one, versions)]
    later = [one for one in versions if _is_later(one, versions)]
    return next(reversed([*later, *edited]), post)


def _has_changed(post: PartnerPost, versions: Sequence[PartnerPost]) -> bool:
    """Whether the post is not what it was, wherever the change stands: feeds deliver out of order, and try again."""
    return any(one.change == "deleted" or _words(one) != _words(post) for one in versions)


def _words(post: PartnerPost) -> str:
    return " ".join(prose(post.text).split())


def _pinned(post: PartnerEvent, register: Register) -> tuple[Partner, str] | None:
    """The partner and its account, as the register writes it, by account id and domain; a name proves nothing."""
    came = (post.account_id, post.domain)
    pins = ((one, pin, at) for one in register.partners.values() for pin, at in one.pins)
    return next(((one, pin) for one, pin, at in pins if (account(pin), domain(at)) == came), None)


class _Matching:
    """Which of the live incidents a post is about; made once for all the posts that are compared with them."""

    def __init__(self, live: Sequence[Incident]) -> None:
        self._by_name = {one.id: one for one in live}
        self._matcher = matcher(live)

    def first(self, post: PartnerPost) -> Incident | None:
        """Of those that the post speaks of, the one declared first: it goes out once, whatever else begins."""
        mine = [self._by_name[name] for name in self._matcher.incidents(_told(post))]
        return min(mine, key=lambda one: (one.declared_at or post.at, one.id), default=None)


def _told(post: PartnerPost) -> str:
    return " ".join([post.text, *post.hashtags])


def _credit(post: PartnerPost, partner: Partner, account_id: str) -> Credit:
    return Credit(
        partner=partner.id,
        partner_name=partner.name,
        account_id=account_id,
        post_id=post.post_id,
        url=post.url,
        lapses_at=post.expires_at,
    )


async def _elsewhere(post: PartnerPost, partner: Partner, incident: Incident, needs: Needs) -> int:
    """How many posts of this account came for other incidents within its rate's time, or since a person resumed it.

    What came counts, not what went out: the facts of a burst are written only after it.
    """
    live = await needs.incidents.live()
    since = needs.clock.now() - timedelta(seconds=partner.posts_within_seconds)
    pins = {pin for pin, at in partner.pins if (account(pin), domain(at)) == (post.account_id, post.domain)}
    resumed = (one.stops.resumed_at(partner.id, pin) for one in live for pin in pins)
    since = max([since, *filter(None, resumed)])
    known = _Matching(live)
    matched = [known.first(one) for one in await needs.posts.before(post, since, accounts={post.account_id})]
    return sum(1 for one in matched if one and one.id != incident.id)


def _amplify(post: PartnerPost, credit: Credit, elsewhere: int) -> Amplify:
    return Amplify(
        credit=credit,
        text=prose(post.text),
        language=post.language,
        posted_at=post.at,
        elsewhere=elsewhere,
        status=post.status,
    )


def _of_edited(body: Amplify) -> Amplify:
    """The same as newer words of a post."""
    return body.model_copy(update={"renews": True, "credit": body.credit.model_copy(update={"edited": True})})


def _order(post: PartnerPost, incident_id: str, needs: Needs, body: CommandBody) -> Command:
    """The post is the cause: however it was found, the same post gives the same order; each later change is its own."""
    renews = isinstance(body, Amplify) and body.renews
    is_version = post.change == "new" and (renews or isinstance(body, NotePostChange))
    version = digest(_words(post))[:20] if is_version else post.change
    cause = f"{_apart(post.account_id, post.post_id)}/{post.id if post.change != 'new' else version}"
    return _ordered(
        post, Subject.incident(incident_id), needs, body=body, cause=f"{cause}/renewed" if renews else cause
    )


def _apart(account_id: str, post_id: str) -> str:
    """Both in one text that no other two give: either may have a slash."""
    return "/".join(one.replace("/", "%2F") for one in (account_id, post_id))


def _of_register(post: PartnerEvent, needs: Needs, body: CommandBody, *, cause: str) -> Command:
    return _ordered(post, THE_REGISTER, needs, body=body, cause=cause)


def _ordered(post: PartnerEvent, subject: Subject, needs: Needs, *, body: CommandBody, cause: str) -> Command:
    return command(body, cause=cause, mode=post.mode, subject=subject, at=needs.clock.now(), by=NAME)
