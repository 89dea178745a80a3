"""The rules once more, from their text: what may follow an order. Written without the decisions that it judges.

It reads the register, the facts and who gave which order, and answers with a sentence for each rule that was broken.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import singledispatchmethod
from typing import Any

from streams.decisions.authority.powers import Act
from streams.values import Power, Purpose
from streams.words.delivery import DeliveryClaimed
from streams.words.facts import CommandRefused
from streams.words.holds import HoldLifted, HoldPlaced
from streams.words.incident import IncidentCancelled, IncidentStoodDown
from streams.words.register.entries import Chain, Template
from streams.words.release import Authorisation, DraftLine, LineDrafted, Message, MessageAuthorised, Release, SignOff
from streams.words.sign_off import Decline, PageRecorded, PersonPaged, PersonPassedOver
from streams.words.stops import (
    CancelRelease,
    DraftReturned,
    DraftWithdrawn,
    Freeze,
    HeldReleased,
    IncidentFrozen,
    IncidentResumed,
    ReleaseCancelled,
    StopFact,
    WithdrawDraft,
)
from tests import oracle
from tests.model.moves import HELD_NAME, HOLDERS, Step
from tests.model.record import Record

LETS_OUT: Mapping[Purpose, Power] = {
    Purpose.HOLDING: Power.RELEASE_HOLDING,
    Purpose.CORRECTION: Power.RELEASE_HOLDING,
    Purpose.ALL_CLEAR: Power.RELEASE_HOLDING,
    Purpose.WITHDRAWAL: Power.WITHDRAW,
    Purpose.LINE: Power.SIGN_OFF_LINE,
}
STOPS = (Power.WITHDRAW, Power.RELEASE_HOLDING, Power.SIGN_OFF_LINE)
MENDS = (Purpose.CORRECTION, Purpose.WITHDRAWAL)
ENDS = (*MENDS, Purpose.ALL_CLEAR)
COVERED = ("texts", "hashtags", "slots", "channels", "audience", "expires_at", "credit", "purpose")
"""What a yes to a message is a yes to."""
ABOUT = ("follows", "form")
"""The same, where it mends another message or has anything of `BESIDE`."""
BESIDE = ("short_texts", "titles", "doubts")
"""The same, where it has any of these."""


COUNTS = LineDrafted | MessageAuthorised | CommandRefused | StopFact | IncidentStoodDown | HoldPlaced | HoldLifted
"""What comes of an order; what a search or a delivery does next comes of time."""


def broken(step: Step) -> list[str]:
    """Every rule that this step broke."""
    found, seen = list(Law(step, Record(step.before.facts)).about_the_order()), list(step.before.facts)
    for fact in step.facts:
        found += Law(step, Record(seen)).about(fact.body)
        seen.append(fact)
    return [*found, *_at_most_once(Record(seen))]


def _at_most_once(record: Record) -> Iterator[str]:
    names = [one.message.id for one in record.all(MessageAuthorised)]
    if len(names) != len(set(names)):
        yield "two yeses gave two releases of one draft"
    shown = [(one.channel, what_it_does(record.authorised[one.message_id].message)) for one in record.alive.values()]
    if len(shown) != len(set(shown)):
        yield "the same words were asked for twice on one channel"
    claims = [(one.delivery_id, one.attempt) for one in record.all(DeliveryClaimed)]
    if len(claims) != len(set(claims)):
        yield "one attempt was claimed twice"


def what_it_does(message: Message) -> str:
    """The act, what it is about, and the words: two that differ in any of them are not the same."""
    mended = [message.purpose, message.follows] if message.purpose in MENDS else []
    return json.dumps([*mended, dict(message.texts)], sort_keys=True)


def _hash(covered: Any) -> str:
    """SHA-256 of JSON with sorted keys and no spaces."""
    written = json.dumps(covered, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def content_hash(message: Message) -> str:
    has = message.model_dump(mode="json", include=set(BESIDE))
    about = ABOUT if has or message.follows or message.purpose in MENDS else ()
    return _hash(message.model_dump(mode="json", include={*COVERED, *about}) | has)


class Law:
    """What may come of one order, after the facts that were recorded before."""

    def __init__(self, step: Step, record: Record) -> None:
        self.step, self.record = step, record
        self.body, self.by, self.now = step.order.command.body, step.order.command.by, step.order.now
        self.register, self.authors = step.order.register, step.after.authors

    def rules(self, name: str, power: Power, *channels: str | None) -> list[str]:
        """The rules by which this person may, now, on every one of these channels; empty where they may not."""
        told = self.step.order.incident.declaration
        act = Act(power, self.now, told.type if told else None, told.level if told else None)
        each = [oracle.rules(name, replace(act, channel=one), self.register) for one in channels or (None,)]
        return [rule for found in each for rule in found] if all(each) else []

    def proven(self) -> bool:
        """Whether an order of this person counts: signed with a key in force by whoever ever had one."""
        person, proof = self.register.people.get(self.by), self.step.order.command.proof
        if person is None or not any(key.enrolled_at <= self.now for key in person.keys):
            return proof is None
        return proof is not None and proof.key in oracle.proves(self.by, self.now, self.register)

    def about_the_order(self) -> Iterator[str]:
        """Who signs is not heard unsigned; who may stop, stops; who may say yes is not refused."""
        refused = [fact for fact in self.step.facts if isinstance(fact.body, CommandRefused)]
        if refused and self.proven() and (right := self.has_a_right()):
            yield f"{self.by} was refused, who {right}: {refused[0].body}"
        if self.step.order.command in self.step.before.given:
            again = [fact.body.kind for fact in self.step.facts if isinstance(fact.body, COUNTS)]
            yield from (f"the same order counted twice: {kind}" for kind in again)
        acted = [fact for fact in self.step.facts if not isinstance(fact.body, CommandRefused)]
        if acted and not self.proven():
            yield f"{self.by} was heard without a proof"

    def has_a_right(self) -> str | None:
        match self.body:
            case Freeze() if not self.record.frozen and any(self.rules(self.by, one) for one in STOPS):
                return "may freeze"
            case CancelRelease(message_id=name) if self.may_cancel(name):
                return "may cancel"
            case WithdrawDraft(message_id=name) if self.record.declared and name in self.record.waiting:
                ours = self.authors[name] == self.by or self.rules(self.by, Power.WITHDRAW)
                return "may withdraw the draft" if ours else None
            case SignOff() if self.may_sign_off(self.body):
                return "may sign off"
            case Release() if self.may_release(self.body):
                return "may release"
            case _:
                return None

    def may_cancel(self, name: str) -> bool:
        authorised = self.record.authorised.get(name)
        waits = any(one.message_id == name for one in self.record.alive.values())
        return (
            authorised is not None
            and waits
            and name not in self.record.cancelled
            and any(self.rules(self.by, one, channel) for one in STOPS for channel in authorised.message.channels)
        )

    def may_sign_off(self, body: SignOff) -> bool:
        draft = self.record.waiting.get(body.message_id)
        if draft is None or not self.record.declared or self.record.frozen:
            return False
        told = any(one.message.texts == draft.texts for one in self.record.authorised.values())
        return (
            body.content_hash == content_hash(draft)
            and self.authors[draft.id] != self.by
            and bool(self.rules(self.by, LETS_OUT[draft.purpose], *draft.channels))
            and self.now < draft.expires_at
            and not told
            and not any(self.template_faults(draft))
            and not any(self.stopped(draft))
            and not any(self.out_of_turn(draft, LETS_OUT[draft.purpose]))
        )

    def may_release(self, body: Release) -> bool:
        """Where these words were not out before; in an ordered chain only its first says yes without being asked."""
        power, chain = LETS_OUT[body.purpose], self.ordered_for(LETS_OUT[body.purpose])
        told = any(one.message.template == body.template for one in self.record.authorised.values())
        return (
            self.record.declared
            and not self.record.frozen
            and not told
            and not any(self.unapproved(self.register.templates[body.template]))
            and bool(self.rules(self.by, power, *self.register.templates[body.template].channels))
            and (chain is None or not chain.ordered or chain.steps[0].person == self.by)
        )

    @singledispatchmethod
    def about(self, body: object) -> Iterator[str]:
        """What is wrong with a fact; nothing where it is about nobody's power."""
        del body
        yield from ()

    @about.register
    def _(self, body: MessageAuthorised) -> Iterator[str]:
        message, yes = body.message, body.authorisation
        if not content_hash(message) == message.content_hash == yes.content_hash:
            yield "the yes is to another content"
        if yes.power is not LETS_OUT[message.purpose]:
            yield f"{yes.power} let a {message.purpose} out"
        if not self.now < yes.until or not self.now < message.expires_at:
            yield "a yes was given to what had expired, or by an authority that had"
        yield from self.stopped(message)
        yield from self.template_faults(message)
        if yes.delegation:
            yield from self.delegated(message, yes)
        else:
            yield from self.said_yes(message, yes)

    def said_yes(self, message: Message, yes: Authorisation) -> Iterator[str]:
        """A person did, now."""
        if yes.person != self.by:
            yield f"{yes.person} did not give this order"
        if yes.rule not in self.rules(self.by, yes.power, *message.channels):
            yield f"{self.by} had no authority by {yes.rule}"
        yield from self.out_of_turn(message, yes.power)
        match self.body:
            case SignOff(message_id=name, content_hash=read):
                draft = self.record.waiting.get(name)
                if draft is None or name != message.id:
                    yield "what was signed off waited no more"
                elif not content_hash(draft) == read == content_hash(message):
                    yield "what was released is not what was read"
                if self.authors.get(name) in {None, self.by} or yes.drafted_by != self.authors.get(name):
                    yield f"{self.by} said yes to their own words"
            case Release():
                pass
            case other:
                yield f"{other.kind} released something"

    def stopped(self, message: Message) -> Iterator[str]:
        """Whatever keeps words of this kind in."""
        if not self.record.declared and message.purpose not in ENDS:
            yield "it went out after the end"
        if self.record.frozen and message.purpose not in MENDS:
            yield "it went out in a freeze"
        if self.record.holds and any(HELD_NAME in text for text in message.texts.values()):
            yield "it says what is held back"

    def template_faults(self, message: Message) -> Iterator[str]:
        """What is pre-approved says the words of its template, which is approved as it stands."""
        if message.template is None:
            return
        template = self.register.templates[message.template]
        yield from self.unapproved(template)
        if dict(message.texts) != self.rendered(template, message):
            yield "the words are not the template's"

    def unapproved(self, template: Template) -> Iterator[str]:
        """A second person's yes, now, to exactly this template."""
        approval = template.approval
        if approval is None or approval.content_hash != _hash(template.model_dump(mode="json", exclude={"approval"})):
            yield "the template is not as it was approved"
            return
        grants = self.register.people[approval.by].grants
        second = approval.by != template.owner and any(one.power is Power.APPROVE_TEMPLATE for one in grants)
        if not second or not approval.at <= self.now < approval.expires_at or template.review_on < self.now.date():
            yield "the template is not pre-approved"

    def rendered(self, template: Template, message: Message) -> dict[str, str]:
        """The template's words with the gaps filled; what is given for a place is its name in every language here."""
        gaps = {name: str(words) for name, words in message.slots.items()}
        return {language: text.format_map(gaps) for language, text in template.texts[message.purpose].items()}

    def out_of_turn(self, message: Message, power: Power) -> Iterator[str]:
        """In an ordered chain each counts only once those before were passed over."""
        search = self.record.search_for(message.id)
        chain = search.chain if search else self.ordered_for(power)
        if chain is None or not chain.ordered:
            return
        people = [one.person for one in chain.steps]
        reached = len(self.record.passed(search.search_id)) if search else 0
        if self.by not in people[: reached + 1]:
            yield f"{self.by} jumped the chain {chain.id} at step {reached + 1}"

    def ordered_for(self, power: Power) -> Chain | None:
        return next((one for one in self.register.chains.values() if one.power is power), None)

    def delegated(self, message: Message, yes: Authorisation) -> Iterator[str]:
        """Everybody was passed over, and what goes out is what a second person approved beforehand, unchanged."""
        chain = self.register.chains[yes.delegation or ""]
        searches = [one for one in self.record.bodies if getattr(one, "chain", None) == chain]
        in_vain = [
            one for one in searches if len(self.record.passed(getattr(one, "search_id", ""))) == len(chain.steps)
        ]
        if not in_vain:
            yield "somebody of the chain was not asked, or the chain was changed"
        given = chain.delegated
        if given is None or given.approval is None:
            yield "nothing was delegated"
            return
        whole = chain.model_dump(mode="json", exclude={"delegated": {"approval"}})
        second = given.approval.by != given.delegated_by and self.now < given.approval.expires_at
        if not second or given.approval.content_hash != _hash(whole):
            yield "the delegation was not approved as it stands"
        held = self.register.people[given.delegated_by].grants
        if yes.person != given.delegated_by or all(one.power is not yes.power for one in held):
            yield "who delegated could not have said yes"
        if (message.template, message.purpose) != (given.template, given.purpose):
            yield "something else was delegated"

    @about.register
    def _(self, body: DeliveryClaimed) -> Iterator[str]:
        """Everything is looked at again before it is sent."""
        name, dispatch = body.dispatch.message.id, body.dispatch
        authorised = self.record.authorised.get(name)
        if authorised is None or (dispatch.message, dispatch.authorisation) != (
            authorised.message,
            authorised.authorisation,
        ):
            yield "what is sent is not what was authorised"
            return
        message, yes = authorised.message, authorised.authorisation
        if not self.now < body.until <= min(message.expires_at, yes.until):
            yield "it may be sent after it expired"
        if name in self.record.cancelled:
            yield "a cancelled release is sent"
        if self.record.is_held(body.delivery_id) and message.purpose not in MENDS:
            yield "what a freeze held back is sent, and nobody let it go"
        yield from self.stopped(message)
        yield from self.template_faults(message)
        if yes.delegation:
            yield from self.delegated(message, yes)
        elif not self.rules(yes.person, yes.power, dispatch.channel):
            yield f"{yes.person} has no authority any more"
        if yes.key and yes.key not in oracle.proves(yes.person, self.now, self.register):
            yield "the key of the yes is not in force any more"

    @about.register
    def _(self, body: PersonPassedOver) -> Iterator[str]:
        search = next(one for one in self.record.bodies if getattr(one, "search_id", None) == body.search_id)
        chain: Chain = search.chain  # type: ignore[union-attr] # the first fact of a search is its beginning
        pages = [
            one for one in self.record.all(PersonPaged) if (one.search_id, one.step) == (body.search_id, body.step)
        ]
        came = {one.number for one in self.record.all(PageRecorded) if one.outcome == "sent"}
        reached = any(page.number in came for page in pages)
        name = chain.steps[body.step].person or ""
        message = self.record.waiting.get(getattr(search, "message_id", None) or "")
        if body.step != len(self.record.passed(body.search_id)) or body.person != name:
            yield "a step of the chain was left out"
        good = {
            "away": lambda: oracle.away(name, self.now, self.register),
            "own-words": lambda: message is not None and self.authors[message.id] == name,
            "no-power": lambda: (
                message is not None
                and not (
                    self.rules(name, chain.power, *message.channels) and oracle.heard(name, self.now, self.register)
                )
            ),
            "silent": lambda: reached and pages[-1].answer_by <= self.now,
            "unreachable": lambda: bool(pages) and not reached,
            "declined": lambda: isinstance(self.body, Decline) and self.by == name,
        }
        if body.why not in good or not good[body.why]():
            yield f"{name} was passed over as {body.why}"

    @about.register
    def _(self, body: DraftReturned) -> Iterator[str]:
        draft = self.record.waiting[body.message_id]
        if self.authors[draft.id] == self.by or not self.rules(self.by, LETS_OUT[draft.purpose], *draft.channels):
            yield f"{self.by} may not return this draft"

    @about.register
    def _(self, body: DraftWithdrawn) -> Iterator[str]:
        if self.authors[body.message_id] != self.by and not self.rules(self.by, Power.WITHDRAW):
            yield f"{self.by} may not withdraw this draft"

    @about.register
    def _(self, body: ReleaseCancelled) -> Iterator[str]:
        if not self.may_cancel(body.message_id):
            yield f"{self.by} may not cancel this release"

    @about.register
    def _(self, body: IncidentFrozen) -> Iterator[str]:
        del body
        if not any(self.rules(self.by, one) for one in STOPS):
            yield f"{self.by} may not freeze"

    @about.register
    def _(self, body: IncidentResumed) -> Iterator[str]:
        del body
        if not self.rules(self.by, Power.RELEASE_HOLDING):
            yield f"{self.by} may not resume"

    @about.register
    def _(self, body: HeldReleased) -> Iterator[str]:
        message = self.record.authorised[self.record.alive[body.delivery_id].message_id].message
        if not self.rules(self.by, LETS_OUT[message.purpose], self.record.alive[body.delivery_id].channel):
            yield f"{self.by} may not let this go on"

    @about.register
    def _(self, body: HoldPlaced) -> Iterator[str]:
        del body
        if not any(self.rules(self.by, one) for one in (Power.WITHDRAW, Power.LIFT_HOLD)):
            yield f"{self.by} may not hold anything back"

    @about.register
    def _(self, body: HoldLifted) -> Iterator[str]:
        if self.by not in HOLDERS or not self.rules(self.by, Power.LIFT_HOLD) or body.hold not in self.record.holds:
            yield f"{self.by} may not lift this hold"

    @about.register(IncidentStoodDown)
    @about.register(IncidentCancelled)
    def _(self, body: object) -> Iterator[str]:
        del body
        if not self.rules(self.by, Power.STAND_DOWN):
            yield f"{self.by} may not end the incident"

    @about.register
    def _(self, body: LineDrafted) -> Iterator[str]:
        if isinstance(self.body, DraftLine) and not self.rules(self.by, Power.DRAFT_LINE, *body.message.channels):
            yield f"{self.by} may not draft a line"
