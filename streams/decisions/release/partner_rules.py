"""Partner rules: what of a partner's posts goes out by itself, and what a person has to look at first.

The register says how many may go out and where their links may lead, the word lists what we never share unasked.
"""

import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import takewhile

from streams.decisions.authority.freshness import HOLDING_LASTS
from streams.decisions.authority.order import Order
from streams.decisions.partners import scope
from streams.decisions.stops.partner_orders import stopped_in_all, whose_posts
from streams.decisions.wording.confusables import plain
from streams.decisions.wording.message_checks import findings, rule_of, unshared
from streams.decisions.wording.placeholders.shared import gaps_of_others
from streams.decisions.wording.renderer import marked
from streams.foreign import link
from streams.moments import minute_in
from streams.subjects.past import Released
from streams.values import THE_REGISTER, Language, Purpose, is_drill
from streams.why import because
from streams.words.register.entries import Register
from streams.words.register.partners import Partner
from streams.words.release import Amplify, Credit, Message, Standing, newer

WAITING_MAX = 60
"""So many posts of one partner wait for a yes in an incident, for an account that is not its owner's may send more."""


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
            return because("earlier-words-out", form, message=one.message.id)
    return body.credit.model_copy(update={"post_id": newer(body.credit.post_id, len(versions) + 1)})


def left_out(given: Credit, kept: Credit) -> tuple[str, ...]:
    """What of a post does not go out with its words."""
    if given.url and not kept.url:
        return (f"its link does not lead to {kept.partner_name} as the register knows it: the link is left out",)
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
    keeps = min(body.posted_at, now) + HOLDING_LASTS
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
        yield f"it may be unfinished: {gap}"
    for finding in findings(text, language, register=register, of_unshared=False):
        if rule_of(finding.check, register).weight(partner=True) == "warning":
            yield f"it {finding}"


def stop_of(order: Order, partner: Partner, *, account_id: str) -> str | None:
    """Why no post of this account goes out by itself; None if it may."""
    if everywhere := stopped_in_all(partner.id, account_id, register=order.register):
        return f"{everywhere}: {_resume(order, partner, where=THE_REGISTER.id)}"
    stop = order.incident.stops.stop_of(partner.id, account_id)
    if stop is None:
        return None
    whose = whose_posts(partner.name, account_id, is_whole=partner.id in order.incident.stops.partners)
    return f"{whose} are stopped since {minute_in(order.zone, stop.at)}: {_resume(order, partner)}"


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
    span = f"{partner.posts_within_seconds} seconds"
    others = f" ({elsewhere} of them for other incidents)" if elsewhere else ""
    whose = f"of {partner.name} from account {account_id}"
    return f"{count} posts {whose} came within {span}{others}, no more may: {_resume(order, partner)}"


def waiting(order: Order, partner: Partner) -> int:
    """How many posts of this partner wait for a person's yes in the incident."""
    return sum(1 for one in order.incident.drafts.values() if one.credit and one.credit.partner == partner.id)


def standing(partner: Partner) -> Standing:
    """The rule of the register that lets this partner's posts out."""
    return Standing(partner=partner.id, registered_by=partner.registered_by, approved_by=partner.approved_by)


def _resume(order: Order, partner: Partner, *, where: str | None = None) -> str:
    command = f"holdingline resume-partner {where or order.incident.id} {partner.id}"
    return f"ask {partner.name} whether the account is still theirs, then resume it ({command})"
