"""Concerns in words: what a page says of what waits, which command it gives, and who settled it."""

from collections.abc import Mapping

from streams.decisions.authority.order import Order
from streams.decisions.wording.renderer import beginnings, clock_time
from streams.subjects.attention import BY, OVERDUE, Waiting, waiting
from streams.subjects.case import Case
from streams.subjects.incident import Incident
from streams.subjects.plan import Plan
from streams.subjects.state import State
from streams.values import sentence
from streams.words.attention import Kind
from streams.words.register.entries import Register
from streams.words.register.partners import OURSELVES
from streams.words.release import Message
from streams.words.sign_off import Concern

COMMANDS: Mapping[Kind, str] = {
    "promise": "holdingline release {about} TEMPLATE, or holdingline draft {about}",
    "reminder": "holdingline release {about} TEMPLATE, or holdingline draft {about}",
    "amiss": "holdingline resolve {about} {what} {time} --public 'what you saw', or --no-public",
    "by-hand": "holdingline inbox shows what to do; then holdingline done-by-hand {about} {what} --url LINK",
    "route": "holdingline doctor",
    "feed": "holdingline feeds test {what}",
    "unknown": "holdingline resolve {about} {what} {time} --public 'what you saw', or --no-public",
    "changed-post": "holdingline withdraw {about} {what}",
    "stopped-partner": "holdingline resume-partner {about} {what} 'why'",
    "stopped-account": "holdingline resume-partner {about} {what} 'why'",
    "look-alike": "holdingline inbox shows them; holdingline settle-look-alikes {about} {what} 'why'",
    "reclassified": "holdingline status {about}",
    "draft": "holdingline status {about}, then sign-off, return-draft or withdraw-draft",
    "post": "holdingline approve-post {about} shows it and asks, or holdingline unplan {about}",
    "post-correction": "holdingline approve-post {about} shows it and asks",
    "held-post": "holdingline replan {about} --at TIME, or holdingline unplan {about} 'why'",
    "unanswered": "holdingline status {about}",
    "held": "holdingline release-held {about} {what}, or holdingline cancel-release",
    "case": "holdingline answer-case {about} 'what was done', or holdingline hand-on-case",
    "untaken": "holdingline cases {about}; then acknowledge-case, answer-case or hand-on-case",
    "files": "holdingline check",
    "page": "holdingline check",
    "pack": "holdingline pack --telephones --out pack.html, and print it",
    "paced": "holdingline status {about}; holdingline cancel-release if it is not needed any more",
    "shut": "holdingline change-secret {about} 'how', then holdingline open-account {about} 'why'",
    "secret": "holdingline change-secret {about} 'how', once the worker has the new one",
    "change": "holdingline register confirm {what}",
    "unconfirmed": "holdingline register propose partners/{what} --reason 'why'",
    "risk": "holdingline risks shows it; look whether it is still right, then set a new day in risks.yaml",
    "matter": "holdingline status {about}",
    "watch": "holdingline declare INCIDENT, holdingline watch closer, or holdingline watch not-ours --reason 'why'",
    "listed": "holdingline watch",
    "step": "holdingline tick {about} {what}",
    "scheduler": "holdingline tick {about} {what}, once it is paused",
    "resume-scheduler": "holdingline tick {about} {what}, once that is done",
    "story": "holdingline propose-rebuttal {about} {what} --evidence 'how we know' --template T, or not-answered",
    "briefing": "holdingline briefing {about}, and tell them by telephone; holdingline doctor tries the mail",
}
"""What is to be done about each kind of thing that waits, as it is typed."""


PLAIN: Mapping[Kind, str] = {
    "amiss": "the public does not read our message on {channel}, though the channel took it: look there, "
    "then say what you see",
    "unknown": "our message may be public or not on {channel}: look there, then say what you see",
    "by-hand": "words are to be put on {channel} by hand: do it, then say that it is done",
    "held": "words for {channel} are held back: let them out, or cancel them",
    "promise": "the next update that the public was promised is OVERDUE",
    "reminder": "no next word is on its way, and the update that the public was promised is due",
    "changed-post": "{partner} changed or deleted a post that we sent out again{begins}: decide what ours becomes",
    "stopped-partner": "the posts of {partner} are stopped: ask whether the account is still theirs, "
    "then let them go on",
    "stopped-account": "an account of {partner} is stopped, its others go on: ask whether it is still theirs, "
    "then let it go on",
    "step": "the step “{step}” of the crisis process is OVERDUE",
    "look-alike": "accounts look like {partner} and are not: look at each, and tell its network",
    "draft": "words wait for sign-off{begins}",
    "post": "a planned post waits for another person's yes",
    "post-correction": "the correction of a planned post that is out waits for another person's yes",
    "held-post": "a planned post was held by an incident that is over: plan it again, or drop it",
    "unanswered": "people were asked, and nobody answered: ask somebody yourself",
    "shut": "our account {channel} is SHUT since a breach: change its secret, then open it",
    "secret": "the secret of our account {channel} is to be changed",
    "route": "nothing can go out on {channel}",
    "paced": "words wait, since {channel} has had so many: they go out by themselves",
    "change": "a change of the register waits for another person's yes",
}
"""What waits as a person reads it on a telephone: by names, for the identifiers are in the command; else as it is."""
OF_ANY = frozenset[Kind]({"amiss", "by-hand", "unknown"})
"""The commands of these take a subject of any kind, and an incident's bare name."""


def told(one: Waiting, state: State, *, register: Register) -> str:
    """What waits in this subject, as a sentence of a page."""
    said = _plainly(one, state, register).removesuffix(".")
    word = "since" if one.kind in OVERDUE else "by" if one.kind in BY else "until"
    moment = f" {word} {clock_time(one.until, register)}" if one.until else ""
    return sentence(f"{said[:1].upper()}{said[1:]}{moment}")


def words_of(one: Waiting, state: State) -> Message | None:
    """The message that waits, or that something is to be done about, where people know it by its words."""
    if not isinstance(state, Incident):
        return None
    if delivery := state.deliveries.get(one.what):
        return state.messages.get(delivery.message_id)
    search = state.searches.get(one.what)
    draft = state.drafts.get((search.message_id if search else None) or one.what)
    return state.messages.get(one.what) if one.kind == "changed-post" else draft


def _plainly(one: Waiting, state: State, register: Register) -> str:
    """What waits, with the names that people know things by."""
    if one.figures or one.kind not in PLAIN:
        return one.words
    step, message = register.steps.get(one.what), words_of(one, state)
    begins = next(iter(beginnings(message).values()), "") if message else ""
    names = {
        "channel": register.place(one.channel or one.what),
        "partner": message.credit.partner_name if message and message.credit else _partner(one.what, register),
        "step": step.title_in("en") if step else one.what,
        "begins": f" (“{begins}”)" if begins else "",
    }
    said = PLAIN[one.kind].format(**names)
    return f"{said}: {one.beside}" if one.beside else said


def _partner(name: str, register: Register) -> str:
    """What people call a partner, or whoever an account imitates."""
    return "our own" if name == OURSELVES else register.partner(name)


def called(state: State) -> str:
    """What a page is about, as people call it: an incident by its name, a case by what sort it is."""
    if isinstance(state, Incident) and state.declaration:
        return sentence(state.declaration.name)
    if isinstance(state, Case) and state.sort:
        return state.sort.replace("-", " ")
    return state.subject.called


def to_do(concern: Concern, state: State) -> str:
    """The command to give, as a page says it."""
    about = state.subject.key if isinstance(state, Plan) and concern.about in OF_ANY else state.id
    return COMMANDS[concern.about].format(about=about, what=concern.what, time=concern.time)


def settled_by(concern: Concern, order: Order) -> str:
    """Who settled what waited, as a clause; a machine reports what a person did before."""
    by, incident, register = order.command.by, order.state, order.register
    if by in register.people:
        return f"by {register.called(by)}"
    if concern.about in {"promise", "reminder"} and isinstance(incident, Incident):
        ours = [one for one in incident.messages.values() if one.id != concern.what and one.credit is None]
        if ours and (yes := incident.authorisations.get(ours[-1].id)):
            at = clock_time(yes.at, register)
            return f"the next word is out, signed off by {register.called(yes.person)} at {at}"
    if concern.about == "reminder" and any(one.kind == "promise" for one in waiting(order.state, order.now)):
        return "the time has come, and the next word is not out"
    return "it waits no more"
