"""Refusals of searches: whose turn it is, who was passed over and why, and what was delegated and did not go out."""

from collections.abc import Callable, Iterable
from typing import Any

from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import Act, may_order
from streams.decisions.authority.turns import AGAIN_AFTER, BEGUN_MAX
from streams.decisions.release.delegations import stands, unlike
from streams.decisions.verdict import Refused, reasons_of
from streams.values import Power, Purpose
from streams.words.orders import CommandBody
from streams.words.register.entries import Chain, Person
from streams.words.release import SignOff
from streams.words.sign_off import Acknowledge, Decline, PageOutcome, SeekSignOff
from tests import builders, keyring, searches
from tests.builders import COMMANDER, NOW, NURSE, OFFICER, SIGNER, WRITER, person
from tests.refusals.case import Case, Could, Told, told
from tests.refusals.people import FREEZE, ON
from tests.refusals.sending import dispatch
from tests.searches import CHAIR, STEPS, Asking, chain, delegating, matter_chain, step

ORDERED = chain(ordered=True)
FIRST_WORDS = chain(COMMANDER, OFFICER, id="first-words", power=Power.RELEASE_HOLDING, ordered=True)
ANOTHER = searches.register(delegating("another"))
MATTER = "A post threatens a colleague: shall the police be told?"
PUT = SeekSignOff(matter=MATTER, chain="police")
Night = Callable[[], Asking]


def drafted(*chains: Chain, **changes: Any) -> Night:
    """A line was handed in, and its chain is asked."""

    def begin() -> Asking:
        night = Asking(searches.register(*chains, **changes))
        night.give(builders.declaration(), OFFICER)
        night.draft()
        return night

    return begin


def put(*people: str) -> Night:
    """A matter was put to these people, who may decide it, along a chain."""

    def begin() -> Asking:
        everybody = searches.people()
        for name in people:
            grants = person(name, Power.REPORT_TO_POLICE).grants
            everybody[name] = everybody[name].model_copy(update={"grants": (*everybody[name].grants, *grants)})
        night = Asking(searches.register(matter_chain(), people=everybody))
        night.give(PUT)
        return night

    return begin


def on(says: str, night: Night, body: Callable[[Asking], CommandBody], **changes: Any) -> Case:
    """An order that is given in the middle of a search."""
    could = changes.pop("could", None)

    def given() -> Order:
        running = night()
        plain = {"by": WRITER, "now": running.now, "at": running.now, "id": "x", **changes}
        return builders.order(body(running), running.incident, register=running.register, **plain)

    return Case(says, given, could)


def draft_yes(night: Asking) -> SignOff:
    (draft,) = night.incident.drafts.values()
    return SignOff(message_id=draft.id, content_hash=draft.content_hash)


def matter_yes(night: Asking) -> SignOff:
    return SignOff(message_id=night.search.id, content_hash=night.search.matter_hash())


def declined(night: Asking) -> Decline:
    return Decline(search_id=night.search.id, reason="I cannot judge this")


def seek(**changes: Any) -> Callable[[Asking], SeekSignOff]:
    """For the draft of the night, where nothing else is said."""

    def body(night: Asking) -> SeekSignOff:
        plain: dict[str, Any] = {"message_id": next(iter(night.incident.drafts), None)}
        return SeekSignOff(**{**plain, **changes})

    return body


def idle() -> Asking:
    return Asking(searches.register())


def in_vain(begin: Night, outcome: PageOutcome = "sent") -> Night:
    """Nobody answered, whatever became of the pages."""

    def ended() -> Asking:
        night = begin()
        for _ in range(100):
            if night.search.ended:
                break
            if night.search.pages and night.search.pages[-1].outcome is None:
                night.reports(outcome)
            else:
                night.until_due()
        return night

    return ended


def after(begin: Night, *deeds: Callable[[Asking], Any]) -> Callable[[], Told]:
    """All that the facts of a night tell once this was done in it."""

    def whole() -> Told:
        night = begin()
        for deed in deeds:
            deed(night)
        return [fact.body for fact in night.facts]

    return whole


def changed(name: str, **update: Any) -> dict[str, Person]:
    people = searches.people()
    return {**people, name: people[name].model_copy(update=update)}


def holding(says: str, asked: Chain) -> Case:
    """A delegation that does not hold at this moment."""

    def given() -> Iterable[Refused]:
        act = Act(Power.RELEASE_HOLDING, NOW)
        verdict = stands(asked.id, act, channels=ON, register=searches.register(asked))
        return [verdict] if isinstance(verdict, Refused) else []

    return told(says, given)


def delegated(**approval: Any) -> Chain:
    whole = delegating()
    assert whole.delegated
    assert whole.delegated.approval
    yes = whole.delegated.approval.model_copy(update=approval)
    return whole.model_copy(update={"delegated": whole.delegated.model_copy(update={"approval": yes})})


def without(field: str) -> Chain:
    whole = delegating()
    if field == "delegated":
        return whole.model_copy(update={"delegated": None})
    assert whole.delegated
    return whole.model_copy(update={"delegated": whole.delegated.model_copy(update={field: None})})


def by_another(name: str) -> Chain:
    whole = delegating()
    assert whole.delegated
    return whole.model_copy(update={"delegated": whole.delegated.model_copy(update={"delegated_by": name})})


def keyless() -> Told:
    """Somebody has the power, and no key in force."""
    ended = changed(CHAIR, keys=(keyring.key(CHAIR, expires_at=NOW),))
    verdict = may_order(CHAIR, Act(Power.SIGN_OFF_LINE, NOW), channels=(), register=searches.register(people=ended))
    return [verdict] if isinstance(verdict, Refused) else []


def edits_the_chain(night: Asking) -> None:
    night.register = searches.register(delegating(title="Another title"))


def gone(name: str) -> dict[str, Person]:
    return {one: person for one, person in searches.people().items() if one != name}


def signs(night: Asking) -> None:
    night.signs(COMMANDER)


def reaches(night: Asking) -> None:
    night.reports()


def freezes(night: Asking) -> None:
    night.give(FREEZE, COMMANDER)


def releases_the_same(night: Asking) -> None:
    night.give(builders.holding(slots={"place": "Ashby General", "time": "22:31"}), COMMANDER)


def decides(night: Asking) -> None:
    night.give(matter_yes(night), COMMANDER)


def wait(seconds: float) -> Callable[[Asking], Any]:
    return lambda night: night.wait(seconds)


def corrected() -> Asking:
    """A correction waits, which no freeze keeps back; what is delegated for it is a holding message."""
    night = Asking(searches.register(delegating(power=Power.RELEASE_HOLDING)))
    night.give(searches.proposal(purpose=Purpose.CORRECTION, slots={"time": "22:05"}))
    return night


def then(begin: Night, deed: Callable[[Asking], None]) -> Night:
    def whole() -> Asking:
        night = begin()
        deed(night)
        return night

    return whole


def seeks_again(night: Asking) -> None:
    night.wait(AGAIN_AFTER.total_seconds())
    night.give(SeekSignOff(message_id=draft_yes(night).message_id))


def asks_often(night: Asking) -> None:
    """As often as one person may in a quarter of an hour."""
    for _ in range(BEGUN_MAX):
        night.draft()


def nobody_drafts() -> Asking:
    """A line waits that no chain asks about."""
    return drafted(FIRST_WORDS)()


def taken_on(night: Asking) -> Acknowledge:
    return Acknowledge(search_id=night.concerns[-1].id)


def takes_on(night: Asking) -> None:
    night.give(taken_on(night), COMMANDER)


BOTH = drafted(chain(), matter_chain())
SIGNERS = (Power.SIGN_OFF_LINE,)
REPORTERS = (Power.REPORT_TO_POLICE,)
FIRST = (COMMANDER,)
NO_ROTA = chain(steps=(step(None, rota="press"), step(COMMANDER)))
BY_ROTA = NO_ROTA.model_copy(update={"power": Power.RELEASE_HOLDING, "ordered": True})
SLOW = chain(steps=(step(COMMANDER, answer_within_seconds=6 * 3600, reminders=0),))
SEEKING = (
    on("have somebody who is look for a sign-off", drafted(), seek(), by="stranger"),
    on("either a draft or a matter is to be decided", drafted(), seek(matter=MATTER)),
    on("no draft msg-none waits for sign-off", drafted(), seek(message_id="msg-none")),
    on("is being sought already: wait for", drafted(), seek()),
    on("no chain other is made for this: the register has lines", in_vain(drafted()), seek(chain="other")),
    on("and no other chain instead", in_vain(drafted(ORDERED, chain(CHAIR, id="quick"))), seek(chain="quick")),
    on("no chain other is made for this", idle, seek(matter=MATTER, chain="other")),
    on("this is being decided already", put(*STEPS), lambda _: PUT),
    on("was asked for this just now: ring whom the status names", in_vain(drafted()), seek()),
    on("was asked for this just now", then(put(*STEPS), decides), lambda _: PUT),
    on("had people asked 10 times just now: wait until", then(in_vain(drafted()), asks_often), seek()),
    on("had people asked 10 times just now: wait until 22:46:00 GMT", then(BOTH, asks_often), lambda _: PUT),
    on("had people asked 10 times just now", then(BOTH, asks_often), lambda _: builders.line()),
    on("nobody is being asked in a search srch-none", idle, lambda _: Decline(search_id="srch-none", reason="no")),
    on("only who is asked can decline", drafted(), declined, could=Could((), also=FIRST)),
)
TAKING_ON = (
    on("asks anybody to take something on", drafted(), lambda _: Acknowledge(search_id="srch-none")),
    on("asks anybody to take something on", drafted(), lambda night: Acknowledge(search_id=night.search.id)),
    on("has taken it on", then(nobody_drafts, takes_on), taken_on, by=COMMANDER),
    on(
        "has no power to release-holding",
        nobody_drafts,
        taken_on,
        by=NURSE,
        could=Could((Power.RELEASE_HOLDING,), also=(COMMANDER, OFFICER)),
    ),
)
TURNS = (
    on("in their turn", drafted(ORDERED), draft_yes, by=CHAIR, could=Could(SIGNERS, ON, among=FIRST)),
    on("and nobody else: wait for", drafted(ORDERED), draft_yes, by=SIGNER, could=Could(SIGNERS, ON, among=FIRST)),
    on("who wrote a line cannot sign", drafted(ORDERED), draft_yes, could=Could(SIGNERS, ON, among=FIRST)),
    on("everybody was asked", in_vain(drafted(ORDERED)), draft_yes, by=SIGNER, could=Could(SIGNERS, ON, among=STEPS)),
    on(
        "asks Test Director On Call (Director On Call) first",
        lambda: Asking(searches.register(FIRST_WORDS)),
        lambda _: builders.holding(),
        by=OFFICER,
        could=Could((Power.RELEASE_HOLDING,), ON, among=FIRST),
    ),
    on(
        "asks whoever is on its rota first",
        lambda: Asking(searches.register(BY_ROTA)),
        lambda _: builders.holding(),
        by=OFFICER,
        could=Could((Power.RELEASE_HOLDING,), ON, among=()),
    ),
    on(
        "has no power to release-holding",
        lambda: Asking(searches.register(FIRST_WORDS.model_copy(update={"steps": (step(NURSE),)}))),
        lambda _: builders.holding(),
        by=NURSE,
        could=Could((Power.RELEASE_HOLDING,), ON, among=(NURSE,)),
    ),
)
MATTERS = (
    on(
        "its hash differs): read it again, then decide",
        put(*STEPS),
        lambda night: SignOff(message_id=night.search.id, content_hash="other"),
        by=COMMANDER,
    ),
    on("is over", then(put(*STEPS), decides), matter_yes, by=OFFICER),
    on("who put the matter cannot decide it", put(*STEPS), matter_yes, could=Could(REPORTERS, among=FIRST)),
    on("one after another", put(*STEPS), matter_yes, by=CHAIR, could=Could(REPORTERS, among=FIRST)),
    on(
        "has no power to report-to-police",
        put(OFFICER),
        matter_yes,
        by=COMMANDER,
        could=Could(REPORTERS, among=(COMMANDER, OFFICER)),
    ),
)
PASSED_OVER = (
    told("delegates another message by now", lambda: reasons_of(unlike(dispatch().message, "lines", register=ANOTHER))),
    told("whoever is on the rota press: nobody is", after(drafted(NO_ROTA))),
    told("is not on the register any more", after(drafted(people=gone(COMMANDER)))),
    told("is marked away", after(drafted(away=FIRST))),
    told("cannot say yes to their own words", after(drafted(chain(WRITER, SIGNER)))),
    told("has no contact on the register", after(drafted(people=changed(COMMANDER, contacts=())))),
    told("is not on the rota on-call now", after(drafted(rota=()))),
    told("no key of theirs is in force: have a new one enrolled", keyless),
    told("no report came before the claim lapsed", after(drafted(), wait(22))),
    told("did not answer in time", after(drafted(), reaches, wait(150), reaches, wait(150))),
    told("could not be reached: no page of", after(in_vain(drafted(), "failed"))),
    on("nobody is asked until the incident is resumed", then(drafted(), freezes), seek()),
    told("was signed off by", after(drafted(), signs)),
    told("the draft expired at", after(drafted(SLOW), reaches, wait(5 * 3600))),
    told("nobody of Sign-off of lines answered", after(in_vain(drafted()))),
)
DELEGATED = (
    told("nobody answered: major-incident went out", after(in_vain(drafted(delegating())))),
    told("was changed since the search began", after(in_vain(then(drafted(delegating()), edits_the_chain)))),
    told("delegated did not go out: the incident is frozen", after(in_vain(then(corrected, freezes)))),
    told(
        "delegated did not go out: these words are out",
        after(in_vain(then(drafted(delegating()), releases_the_same))),
    ),
    told(
        "delegates was let out in this incident already",
        after(in_vain(then(in_vain(drafted(delegating())), seeks_again))),
    ),
    holding("delegates nothing any more", without("delegated")),
    holding("was never approved: have a second person", without("approval")),
    holding("was edited after its delegation was approved", delegated(content_hash="other")),
    holding("was approved by the one who delegates", delegated(by=COMMANDER)),
    holding("was approved by nurse-none, who may not: ask another", delegated(by="nurse-none")),
    holding("does not hold now: have it renewed", delegated(expires_at=NOW)),
    holding("and so cannot delegate it", by_another(NURSE)),
)
ASKING: tuple[Case, ...] = (*SEEKING, *TAKING_ON, *TURNS, *MATTERS, *PASSED_OVER, *DELEGATED)
