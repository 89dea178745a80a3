"""Searches: what begins one, by which chain, whose turn it is, and what the person who is asked may answer."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

from streams.decisions.authority.order import Order
from streams.decisions.authority.power_for import POWER_FOR, power_for
from streams.decisions.authority.powers import may_on_all, may_order, who_could
from streams.decisions.verdict import Refused, Verdict
from streams.moments import second_in
from streams.subjects.incident import Incident
from streams.values import Power, derive_id, sentence
from streams.why import Because, because
from streams.words.facts import FactBody
from streams.words.register.entries import Chain, ChainStep, Register
from streams.words.release import Credit, Message
from streams.words.sign_off import (
    Asked,
    Concern,
    Decline,
    PageRecorded,
    PassedOver,
    PersonPassedOver,
    RecordPage,
    Search,
    SearchEnded,
    SeekSignOff,
    SignOffSought,
)

AGAIN_AFTER = timedelta(minutes=5)
"""After a search ends, the same chain is not asked for the same thing for this long."""
BEGUN_MAX, BEGUN_WITHIN = 10, timedelta(minutes=15)
"""One person may begin so many searches in an incident in that time, because each of them wakes people."""


def begin(order: Order, message: Message) -> Sequence[FactBody]:
    """Begin a search at once for a draft that a chain fits; for the posts of a stopped account one is enough."""
    chain = None if _is_one_of_many(order, message) else chain_for(order, message)
    return [] if chain is None else [sought(order, chain, message=message, cause=message.id)]


def _is_one_of_many(order: Order, message: Message) -> bool:
    """Whether another post of the same stopped partner waits already: people would be asked for each of a burst."""
    if message.credit is None or not is_of_stopped(message.credit, order.incident, register=order.register):
        return False
    others = [one.credit for one in order.incident.drafts.values() if one.id != message.id]
    of_same = [one for one in others if one and one.partner == message.credit.partner]
    return any(is_of_stopped(one, order.incident, register=order.register) for one in of_same)


def is_of_stopped(credit: Credit | None, incident: Incident, *, register: Register) -> bool:
    """Whether a post is of an account whose posts do not go out by themselves, here or in all incidents."""
    if credit is None:
        return False
    came = (credit.partner, credit.account_id)
    return bool(incident.stops.stop_of(*came) or register.stop_of(*came))


def seek(order: Order, body: SeekSignOff) -> Sequence[FactBody]:
    """Begin a search for a draft or a matter; anybody on the register may."""
    if order.command.by not in order.register.people:
        form = "{person} is not on the register: have somebody who is look for a sign-off"
        return order.refused(because("seek-by-register", form, person=order.command.by))
    if (body.message_id is None) is (body.matter is None):
        return order.refused(
            because("draft-or-matter", "either a draft or a matter is to be decided: name one of them")
        )
    if body.message_id is None:
        return _seek_for_matter(order, body)
    message = order.incident.drafts.get(body.message_id)
    if message is None:
        form = "no draft {draft} waits for sign-off: look at the incident's status"
        return order.refused(because("no-draft", form, draft=body.message_id))
    if running := running_for(order, message.id):
        form = "sign-off of {draft} is being sought already: {asking}"
        return order.refused(
            because("sought-already", form, draft=message.id, asking=_asking(running, zone=order.zone))
        )
    if often := too_often(order):
        return [often.fact(body.kind)]
    chain, orderly = chain_for(order, message, name=body.chain), chain_for(order, message)
    if chain is None:
        return order.refused(_no_chain(body.chain, order.register))
    if orderly and orderly.ordered and orderly is not chain:
        form = "{chain} is asked in its order, and no other chain instead: leave the chain out"
        return order.refused(because("chain-ordered", form, chain=orderly.title))
    if soon := _too_soon(order, chain, message.id):
        return [soon.fact(body.kind)]
    return [sought(order, chain, message=message, cause=order.command.id)]


def _seek_for_matter(order: Order, body: SeekSignOff) -> Sequence[FactBody]:
    chain = order.register.chains.get(body.chain or "")
    if chain is None or chain.power in POWER_FOR.values():
        return order.refused(_no_chain(body.chain, order.register))
    running = (one for one in order.incident.searches.values() if one.ended is None)
    if same := next((one for one in running if (one.matter, one.chain.id) == (body.matter, chain.id)), None):
        return order.refused(
            because("decided-now", "this is being decided already: {asking}", asking=_asking(same, zone=order.zone))
        )
    if early := too_often(order) or _too_soon(order, chain, body.matter):
        return [early.fact(body.kind)]
    return [sought(order, chain, matter=body.matter, cause=order.command.id)]


def too_often(order: Order) -> Refused | None:
    """Why this person may not begin a search now; None if they may."""
    mine = [one.began_at for one in order.incident.searches.values() if one.sought_by == order.command.by]
    newest = sorted(began for began in mine if began)[-BEGUN_MAX:]
    if len(newest) < BEGUN_MAX or order.now >= newest[0] + BEGUN_WITHIN:
        return None
    until = second_in(order.zone, newest[0] + BEGUN_WITHIN)
    who = order.register.called(order.command.by)
    form = "{person} had people asked {count} times just now: wait until {time}"
    return Refused([because("asked-often", form, person=who, count=BEGUN_MAX, time=until)])


def _too_soon(order: Order, chain: Chain, subject: str | None) -> Refused | None:
    """Why this chain is not asked for the same thing again yet; None if it may be."""
    ends = [
        one.ended_at
        for one in order.incident.searches.values()
        if one.ended_at and one.chain.id == chain.id and subject in {one.message_id, one.matter}
    ]
    if not ends or order.now >= max(ends) + AGAIN_AFTER:
        return None
    until = second_in(order.zone, max(ends) + AGAIN_AFTER)
    form = "{chain} was asked for this just now: ring whom the status names, or seek again after {time}"
    return Refused([because("asked-just-now", form, chain=chain.title, time=until)])


def decline(order: Order, body: Decline) -> Sequence[FactBody]:
    """Record that the person who is asked cannot judge it now; the next person is asked at once."""
    search = order.search(body.search_id)
    if search is None or search.asks is None:
        form = "nobody is being asked in a search {search}: look at the incident's status"
        return order.refused(because("nobody-asked", form, search=body.search_id))
    if search.paused or search.asks.person != order.command.by:
        able = None if search.paused else (search.asks.name,)
        form = "only who is asked can decline: {asking}"
        return order.refused(because("decline-asked", form, asking=_asking(search, zone=order.zone)), who_could=able)
    return [passed_over(search, "declined", reason=f"{search.asks.name} declined: {body.reason}")]


def record(order: Order, body: RecordPage) -> Sequence[FactBody]:
    """Record what became of a page; a report about a settled page or an earlier person changes nothing."""
    search = order.search(body.search_id)
    if search is None or body.number not in {page.number for page in search.unreported}:
        return []
    return [PageRecorded(search_id=body.search_id, number=body.number, outcome=body.outcome, words=body.words)]


def decide_matter(order: Order, search: Search, *, content_hash: str) -> Sequence[FactBody]:
    """End the search for a matter with a yes: who said it and by which rule. People do what follows."""
    if search.ended:
        return order.refused(search_over(search.id, search.ended))
    if content_hash != search.matter_hash():
        form = "the matter is not what was read (its hash differs): read it again, then decide"
        return order.refused(because("matter-otherwise", form))
    able = could_decide(order, search)
    if search.sought_by == order.command.by:
        return order.refused(
            because("own-matter", "who put the matter cannot decide it: ask another person"), who_could=able
        )
    if early := out_of_turn(order, search.id, chain=search.chain):
        return order.refused(*early.reasons, who_could=able)
    verdict = may_on_all(order.command.by, order.act(search.chain.power), channels=(), register=order.register)
    if isinstance(verdict, Refused):
        return order.refused(*verdict.reasons, who_could=able)
    reason = f"{order.register.called(order.command.by)} said yes"
    return [
        SearchEnded(search_id=search.id, outcome="answered", person=verdict.person, rule=verdict.rule, reason=reason)
    ]


def out_of_turn(order: Order, subject: str, *, chain: Chain | None) -> Refused | None:
    """Why this person's yes does not count yet; None if it does, or if no ordered chain applies.

    A person's yes counts once everybody before them was asked without an answer or is not there, and from then on.
    Before anybody was asked, only the first person's counts.
    """
    turn = _turn(order, subject, chain)
    if turn is None or order.command.by in turn:
        return None
    search = latest_for(order, subject)
    if search is None:
        first = order.register.called(turn[0]) if turn else because("on-its-rota", "whoever is on its rota")
        title = chain.title if chain else subject
        form = "{chain} asks {first} first: propose it, or seek its sign-off, so that they are asked"
        return Refused([because("chain-first", form, chain=title, first=first)])
    asked = [one.person for one in search.asked]
    place = because("turn-nobody", "and nobody else")
    if order.command.by in asked:
        place = because("turn-others", "and the others in their turn")
    form, asking = "{chain} asks one after another, {place}: {asking}", _asking(search, zone=order.zone)
    return Refused([because("chain-in-turn", form, chain=search.chain.title, place=place, asking=asking)])


def could_say_yes(order: Order, message: Message, *, but: str | None) -> Sequence[str]:
    """The people who could sign this message off now: with the power and, in an ordered chain, in turn."""
    able = who_could(order.act(power_for(message)), order.register, channels=message.channels, but=but)
    return _in_turn(able, _turn(order, message.id, chain_for(order, message)), order.register)


def could_decide(order: Order, search: Search) -> Sequence[str]:
    """The people who could say yes to the matter of a search now."""
    able = who_could(order.act(search.chain.power), order.register, but=search.sought_by)
    return _in_turn(able, _turn(order, search.id, search.chain), order.register)


def writer(order: Order, search: Search) -> str:
    """The author of the words to be decided, who cannot say yes to them."""
    drafted_by = order.state.drafted_by if isinstance(order.state, Incident) else {}
    return drafted_by.get(search.message_id or "", search.sought_by)


def chain_for(order: Order, message: Message, *, name: str | None = None) -> Chain | None:
    """The first chain of the register that fits this message in this incident; if one is named, that one if it fits."""
    fitting = (chain for chain in order.register.chains.values() if name in {None, chain.id})
    return next((chain for chain in fitting if _fits(chain, order, message)), None)


def running_for(order: Order, subject: str) -> Search | None:
    """The running search for a draft."""
    search = latest_for(order, subject)
    return search if search and search.ended is None else None


def latest_for(order: Order, subject: str) -> Search | None:
    """The latest search for a draft or a matter."""
    found = [one for one in order.state.searches.values() if one.subject == subject]
    return found[-1] if found else order.past.search_for(subject)


def draft_of(order: Order, search: Search) -> Message | None:
    """The draft that a search is about, while it waits."""
    drafts = order.state.drafts if isinstance(order.state, Incident) else {}
    return drafts.get(search.message_id or "")


def may_answer(person: str, order: Order, *, search: Search) -> Verdict:
    """Whether this person's yes would count now, by power, hour, rota and keys."""
    message = draft_of(order, search)
    channels = message.channels if message else ()
    return may_order(person, order.act(power_of(search, message)), channels=channels, register=order.register)


def power_of(search: Search, message: Message | None) -> Power:
    """The power that a yes needs: for a draft that of its purpose, for a matter that of its chain."""
    return power_for(message) if message else search.chain.power


def passed_over(search: Search, why: PassedOver, *, reason: str) -> PersonPassedOver:
    """The fact that the search goes on from the step it is at."""
    person = search.asked[search.step].person
    return PersonPassedOver(search_id=search.id, step=search.step, person=person, why=why, reason=sentence(reason))


def _fits(chain: Chain, order: Order, message: Message) -> bool:
    act = order.act(chain.power)
    return (
        chain.power is power_for(message)
        and (not chain.types or act.type in chain.types)
        and (not chain.levels or act.level in chain.levels)
        and (not chain.purposes or message.purpose in chain.purposes)
    )


def sought(  # budget: the three things that a search can be about, one of them given
    order: Order,
    chain: Chain,
    *,
    cause: str,
    message: Message | None = None,
    matter: str | None = None,
    concern: Concern | None = None,
) -> SignOffSought:
    """The fact that begins a search along this chain; its identifier derives from its cause."""
    return SignOffSought(
        search_id=derive_id("srch", cause, chain.id),
        message_id=message.id if message else None,
        matter=matter,
        chain=chain,
        asked=_ask(chain, order.register, order.now),
        sought_by=order.command.by,
        lapses_at=message.expires_at if message else None,
        register_version=order.register.version(),
        concern=concern,
    )


def _ask(chain: Chain, register: Register, now: datetime) -> tuple[Asked, ...]:
    return tuple(_person_of(step, register, now) for step in chain.steps)


def _person_of(step: ChainStep, register: Register, now: datetime) -> Asked:
    """The person of a step; for a rota the person on it now."""
    name = step.person or next(on_rota(step.rota, register, now=now), None)
    person = register.people.get(name or "")
    if person is None:
        return Asked(person=name, name=name or f"whoever is on the rota {step.rota}")
    return Asked(person=person.id, name=person.called[:200], contacts=person.contacts)


def on_rota(rota: str | None, register: Register, *, now: datetime) -> Iterator[str]:
    """The people on this rota now; a chain asks the first."""
    return (one.person for one in register.rota if one.rota == rota and one.starts_at <= now < one.ends_at)


def _asking(search: Search, *, zone: tzinfo) -> str:
    """Whose turn it is, as the end of a sentence that says what to do."""
    if search.asks is None:
        return because("asked-all", "everybody was asked, look at the incident's status")
    if search.paused:
        return because("asked-paused", "nobody is asked until the incident is resumed")
    if search.answer_by is None:
        return because("asks-now", "wait for {person}, who is asked now", person=search.asks.name)
    form, until = "wait for {person}, who is asked now until {time}", second_in(zone, search.answer_by)
    return because("asks-until", form, person=search.asks.name, time=until)


def _turn(order: Order, subject: str, chain: Chain | None) -> Sequence[str] | None:
    """The people of an ordered chain whose yes counts by now; None if the chain has no order."""
    search = latest_for(order, subject)
    chain = search.chain if search else chain
    # Stopping is easier than starting: a withdrawal does not wait for a turn.
    if chain is None or not chain.ordered or chain.power is Power.WITHDRAW:
        return None
    asked, reached = (search.asked, search.step) if search else (_ask(chain, order.register, order.now), 0)
    return [one.person for one in asked[: reached + 1] if one.person]


def _in_turn(able: Sequence[str], turn: Sequence[str] | None, register: Register) -> Sequence[str]:
    return able if turn is None else [name for name in able if name in map(register.called, turn)]


def search_over(name: str, ended: SearchEnded) -> str:
    """Why nobody can answer this search any more."""
    form = "the search {search} is over: {ended}"
    told = because("search-over", form, search=name, ended=ended.outcome)
    # The record says more in English than what became of it.
    return Because.made(form.format(search=name, ended=ended.reason), kind=told.kind, gaps=told.gaps)


def _no_chain(name: str | None, register: Register) -> str:
    form, known = "no chain {chain} is made for this: the register has {known}", ", ".join(register.chains) or "none"
    return because("no-chain", form, chain=name or "at all", known=known)
