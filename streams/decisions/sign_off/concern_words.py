"""Concerns in words: what a page says of what waits, which command it gives, and who settled it."""

from collections.abc import Mapping

from streams.decisions.authority.order import Order
from streams.decisions.wording.renderer import clock_time
from streams.subjects.attention import BY, OVERDUE, Waiting, waiting
from streams.subjects.incident import Incident
from streams.subjects.plan import Plan
from streams.subjects.state import State
from streams.values import sentence
from streams.words.attention import Kind
from streams.words.register.entries import Register
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


OF_ANY = frozenset[Kind]({"amiss", "by-hand", "unknown"})
"""The commands of these take a subject of any kind, and an incident's bare name."""


def told(one: Waiting, register: Register) -> str:
    """What waits, as a sentence of a page."""
    said = one.words.removesuffix(".")
    word = "since" if one.kind in OVERDUE else "by" if one.kind in BY else "until"
    moment = f" {word} {clock_time(one.until, register)}" if one.until else ""
    return sentence(f"{said[:1].upper()}{said[1:]}{moment}")


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
            return f"the next word is out: {ours[-1].id}, signed off by {register.called(yes.person)} at {at}"
    if concern.about == "reminder" and any(one.kind == "promise" for one in waiting(order.state, order.now)):
        return "the time has come, and the next word is not out"
    return "it waits no more"
