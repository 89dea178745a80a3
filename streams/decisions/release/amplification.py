"""Amplification: what of a partner's posts goes out by itself, and what a person has to look at first.

The register says how many may go out and where their links may lead, the word lists what we never share unasked.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from streams.decisions.authority import freshness
from streams.decisions.authority.order import Order
from streams.decisions.partners import scope
from streams.decisions.partners.contradictions import contradicted
from streams.decisions.release import release_orders
from streams.decisions.stops import stop_orders
from streams.decisions.stops.partner_orders import stopped_in_all
from streams.decisions.wording import message_policy
from streams.decisions.wording.confusables import plain
from streams.decisions.wording.contents import held_back
from streams.decisions.wording.message_checks import findings, rule_of, unshared
from streams.decisions.wording.placeholders.shared import gaps_of_others
from streams.decisions.wording.renderer import marked, quote
from streams.foreign import link
from streams.moments import minute_in
from streams.signs import composed_each, hashtags_in
from streams.subjects.past import Released
from streams.values import THE_REGISTER, Language, Purpose, derive_id, is_drill
from streams.why import Gap, because, kept
from streams.words.facts import FactBody
from streams.words.holds import HeldField
from streams.words.register.accounts import PartnerStopped
from streams.words.register.entries import Register
from streams.words.register.partners import Partner
from streams.words.release import Amplify, Credit, LineDrafted, Message, Standing, newer

WAITING_MAX = 60
"""So many posts of one partner wait for a yes in an incident, for an account that is not its owner's may send more."""


def amplify(order: Order, body: Amplify) -> Sequence[FactBody]:
    """A registered partner's post goes out on the standing yes of the person who approved the partner."""
    partner = order.register.partners.get(body.credit.partner)
    credit = renewed(order, body) if body.renews else body.credit
    if isinstance(credit, str):
        return order.refused(credit)
    if partner is None or not partner.has(credit.account_id):
        form = "{partner} ({account}) is not a registered partner: register it first"
        return order.refused(because("not-a-partner", form, partner=credit.partner_name, account=credit.account_id))
    if partner.approved_by == partner.registered_by:
        form = "{partner} was approved by the one who registered it: have a second person approve"
        return order.refused(because("partner-by-one", form, partner=partner.name))
    if order.carried(credit.account_id, credit.post_id):
        return order.refused(because("post-shared", "this post was sent out again already: nothing more is to be done"))
    if misfit := unmeant(order, body):
        return order.refused(misfit)
    # Whose words they are is said as the register has it, whatever the order calls them.
    credit = credit_by(credit, partner, language=body.language)
    credit = credit.model_copy(update={"posted_at": body.posted_at})
    texts = marked(composed_each({body.language: credited_text(credit, body.text)}), order.incident.mode)
    if reasons := message_policy.too_long(texts):
        return order.refused(*reasons)
    message = Message(
        id=derive_id(
            "msg", order.incident.id, credit.account_id, credit.post_id, *([order.command.id] if body.renews else [])
        ),
        purpose=Purpose.AMPLIFICATION,
        texts=texts,
        channels=tuple(dict.fromkeys(partner.channels)),
        # A partner's own hashtag is the one under which its readers look.
        hashtags=() if hashtags_in(body.text) else message_policy.kept_hashtags(release_orders.hashtags_of(order)),
        titles={body.language: partner.name},
        expires_at=keeps_until(body, order.now),
        credit=credit,
    ).with_doubts(left_out(body.credit, credit))
    is_by_person = order.command.by in order.register.people
    reasons = message_policy.faults(message, order.register, mode=order.incident.mode, holds=order.incident.holds)
    # What only a hold keeps back of a post that came by itself waits for a person, who would not hear of it else.
    if reasons and (is_by_person or {*reasons} - {*_held_back_of(order, message)}):
        return order.refused(*reasons)
    if is_by_person:
        return release_orders.authorise(order, message, by=order.command.by)
    return _amplify_by_rule(order, message, partner, body, held=reasons)


def _held_back_of(order: Order, message: Message) -> list[str]:
    """What holds keep back of a partner's words and who may lift them; a listed name is to stand in no record."""
    return [*held_back(message, order.register, holds=order.incident.holds, but=HeldField.NAMES)]


def _amplify_by_rule(
    order: Order, message: Message, partner: Partner, body: Amplify, *, held: Sequence[str]
) -> Sequence[FactBody]:
    """No person gave the order: the register's rule lets the post out, or it waits for a person's yes.

    `held` is what holds keep back of it.
    """
    account_id = body.credit.account_id
    stopped = stop_of(order, partner, account_id=account_id)
    often = None if stopped else too_many(order, partner, body=body)
    odd = [*strange(order, partner, text=body.text)]
    reasons = [
        *filter(None, [stopped, often, scope.below_level(order, partner)]),
        *odd,
        *held,
        *contradicted(order, partner, text=body.text),
        *doubts(body.text, body.language, register=order.register),
    ]
    unsayable = stop_orders.frozen(order, message.purpose) or freshness.expired(message, now=order.now, zone=order.zone)
    if unsayable or not reasons:
        return release_orders.authorise(order, message, by=partner.approved_by, standing=standing(partner))
    if message.id in order.incident.drafts:
        return order.refused(because("post-waits", "this post waits for a person's yes already: look at the status"))
    if (count := waiting(order, partner)) >= WAITING_MAX:
        form = "{count} posts of {partner} wait for a yes already: sign off or withdraw some first"
        return order.refused(because("posts-wait", form, count=count, partner=partner.name))
    told = [*reasons, *left_out(body.credit, message.credit or body.credit)]
    draft = LineDrafted(message=message.with_doubts(told), is_strange=bool(odd))
    why = often or (scope.too_strange(order, partner, account_id=account_id) if odd and not stopped else None)
    if why is None:
        return [draft]
    stop = PartnerStopped(partner=partner.id, partner_name=partner.name, account_id=account_id, **kept(why))
    return [stop, draft]


def credit_by(credit: Credit, partner: Partner, *, language: Language) -> Credit:
    """The credit as the register has it, with the link only where it leads to the partner."""
    url = link(credit.url, (*partner.domains, *partner.link_domains))
    said = partner.disclaimer.get(language) or next(iter(partner.disclaimer.values()), None)
    return credit.model_copy(update={"partner_name": partner.name, "url": url, "disclaimer": said})


def credited_text(credit: Credit, text: str) -> str:
    """The partner's words, named as theirs; a link leads to the original, and a disclaimer follows."""
    behind = "".join(f" {one}" for one in (credit.url, credit.disclaimer) if one)
    return f"{credit.partner_name}: {text}{behind}"


def says(copy: Message, text: str, *, mode: str) -> bool:
    """Whether our copy says these words; spaces, and how an accent is written, make no difference."""
    if copy.credit is None:
        return False
    now = marked(dict.fromkeys(copy.texts, credited_text(copy.credit, text)), mode)
    return all(_fold(now[language]) == _fold(said) for language, said in copy.texts.items())


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def withdrawals(order: Order, copy: Message) -> list[Message]:
    """The withdrawals of our copy that nobody stopped."""
    later = [one.message for one in order.released() if one.message.follows == copy.id]
    return [one for one in later if one.purpose is Purpose.WITHDRAWAL and one.id not in order.incident.stops.releases]


def is_standing(order: Order, one: Released) -> bool:
    """Whether the public reads this copy, or may, and no withdrawal of it was let out."""
    return one.is_shown and not withdrawals(order, one.message)


def renewed(order: Order, body: Amplify) -> Credit | str:
    """The credit of a post's newer words; else why they do not go out beside those that are out here."""
    versions = order.versions(body.credit.account_id, body.credit.post_id)
    for one in versions:
        if is_standing(order, one) and says(one.message, body.text, mode=order.incident.mode):
            return because("post-words-out", "these words of the post are out already: nothing more is to be done")
        if is_standing(order, one):
            form = "earlier words of this post are still out here: withdraw {message}, then share the post"
            return because("earlier-words-out", form, message=quote(one.message))
    return body.credit.model_copy(update={"post_id": newer(body.credit.post_id, len(versions) + 1)})


def left_out(given: Credit, kept: Credit) -> tuple[str, ...]:
    """What of a post does not go out with its words."""
    if given.url and not kept.url:
        form = "its link does not lead to {partner} as the register knows it: the link is left out"
        return (because("link-left-out", form, partner=kept.partner_name),)
    return ()


def unmeant(order: Order, body: Amplify) -> str | None:
    """Why these words go out on nobody's yes: their author does not mean them, or not any more; None if they may."""
    name, lapses_at = body.credit.partner_name, body.credit.lapses_at
    if body.status != "actual" and not is_drill(order.incident.mode):
        form = "{partner} marked this post “{mark}”: what its author does not mean never goes out live"
        return because("not-meant", form, partner=name, mark=body.status)
    if lapses_at and lapses_at <= order.now:
        form = "this post of {partner} held until {time}, as it says itself: it does not go out"
        return because("post-lapsed", form, partner=name, time=minute_in(order.zone, lapses_at))
    return None


def keeps_until(body: Amplify, now: datetime) -> datetime:
    """Until when a post may go out again; where a partner's clock runs ahead, its post keeps no longer for that."""
    keeps = min(body.posted_at, now) + freshness.HOLDING_LASTS
    return min(keeps, body.credit.lapses_at) if body.credit.lapses_at else keeps


def strange(order: Order, partner: Partner, *, text: str) -> Iterator[str]:
    """What in these words counts against the partner's account: what sells, asks for votes, or is off its topic."""
    plainly = plain(text)
    register = order.register
    for one, pattern in unshared(register.words):
        if one.check and rule_of(one.check, register).weight(partner=True) != "warning":
            continue
        if found := pattern.compiled.search(plainly):
            yield f"it may be {one.about} (“{found[0][:30]}”), and we share nothing of that kind"
    yield from scope.off_topic(order, partner, text=text)


def doubts(text: str, language: Language, *, register: Register) -> Iterator[str]:
    """Why a person has to look at these words of a partner: gaps, and what the register's table of checks finds."""
    for gap in gaps_of_others(text):
        yield because("post-unfinished", "it may be unfinished: {gap}", gap=str(gap))
    for finding in findings(text, language, register=register, of_unshared=False):
        if rule_of(finding.check, register).weight(partner=True) == "warning":
            yield f"it {finding}"


def stop_of(order: Order, partner: Partner, *, account_id: str) -> str | None:
    """Why no post of this account goes out by itself; None if it may."""
    if everywhere := stopped_in_all(partner.id, account_id, register=order.register):
        advice = scope.resume(THE_REGISTER.id, partner)
        return because("stopped-so", "{stopped}: {advice}", stopped=everywhere, advice=advice)
    stop = order.incident.stops.stop_of(partner.id, account_id)
    if stop is None:
        return None
    advice, at = scope.resume(order.incident.id, partner), minute_in(order.zone, stop.at)
    if partner.id in order.incident.stops.partners:
        form = "the posts of {partner} are stopped since {time}: {advice}"
        return because("partner-stopped-here", form, partner=partner.name, time=at, advice=advice)
    form = "the posts of {partner} from account {account} are stopped since {time}: {advice}"
    return because("account-stopped-here", form, partner=partner.name, account=account_id, time=at, advice=advice)


def too_many(order: Order, partner: Partner, *, body: Amplify) -> str | None:
    """Why one more post of this account now would be too many; None if it would not.

    Its posts for other incidents, which the order counts, are part of its rate; those of other accounts are not.
    """
    account_id, elsewhere = body.credit.account_id, body.elsewhere
    since = order.now - timedelta(seconds=partner.posts_within_seconds)
    since = max(since, order.incident.stops.resumed_at(partner.id, account_id) or since)
    recent = takewhile(lambda one: one.authorisation.at >= since, order.released())
    by_rule = (one.message.credit for one in recent if one.authorisation.standing)
    came = sum(1 for credit in by_rule if credit and (credit.partner, credit.account_id) == (partner.id, account_id))
    count = elsewhere + came
    if count < partner.posts_max:
        return None
    form = "{count} posts of {partner} from account {account} came within {seconds} seconds"
    gaps: dict[str, Gap] = {"count": count, "partner": partner.name, "account": account_id}
    gaps |= {"seconds": partner.posts_within_seconds, "advice": scope.resume(order.incident.id, partner)}
    if not elsewhere:
        return because("posts-too-many", form + ", no more may: {advice}", **gaps)
    form += " ({elsewhere} of them for other incidents), no more may: {advice}"
    return because("posts-too-many-elsewhere", form, **gaps, elsewhere=elsewhere)


def waiting(order: Order, partner: Partner) -> int:
    """How many posts of this partner wait for a person's yes in the incident."""
    return sum(1 for one in order.incident.drafts.values() if one.credit and one.credit.partner == partner.id)


def standing(partner: Partner) -> Standing:
    """The rule of the register that lets this partner's posts out."""
    return Standing(partner=partner.id, registered_by=partner.registered_by, approved_by=partner.approved_by)
