"""Judges each expectation: did it come, in time, and which facts show it? Pure functions over what was seen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.exercise.play.answers import case_answers
from agents.exercise.play.seen import Seen
from agents.exercise.played import Outcome
from agents.exercise.script.scenario import CLAIMS, Expectation, Letters, Public, RefusedOrder
from streams.chain import faults
from streams.decisions.wording.renderer import is_marked
from streams.record.search_audit import audit
from streams.subjects.incident import Status
from streams.telling.facts import told_count
from streams.values import Subject
from streams.words.facts import CommandRefused, Fact
from streams.words.incident import SignalNoted
from streams.words.release import AmplifiedPostChanged, MessageAuthorised
from streams.words.sign_off import PersonPaged, SearchEnded


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was found for an expectation; `held` is None while it may still come."""

    held: bool | None
    words: str
    facts: Sequence[Fact] = ()

    @property
    def at(self) -> datetime | None:
        return max((fact.at for fact in self.facts), default=None)


LAST = frozenset({"unpublished", "counted", "dead_letters", "status"})
"""What can be judged at the end only."""


def judge(expectation: Expectation, seen: Seen, *, ended: bool) -> Outcome | None:
    """The outcome; None while it is open. At the end of the exercise nothing stays open."""
    claim = next(claim for claim in CLAIMS if getattr(expectation, claim) is not None)
    if claim in LAST and not ended:
        return None
    found = _FINDERS[claim](getattr(expectation, claim), expectation, seen)
    if found.held is None and not ended:
        return None
    deadline = deadline_of(expectation, seen)
    late = bool(found.held and deadline and found.at and found.at > deadline)
    return Outcome(
        says=expectation.says,
        held=bool(found.held) and not late,
        found=f"{found.words}, which is too late" if late else found.words,
        evidence=tuple(fact.id for fact in found.facts),
        at=found.at,
        deadline=deadline,
    )


def deadline_of(expectation: Expectation, seen: Seen) -> datetime | None:
    """The deadline, counted from the inject that the expectation names, else from the start."""
    if expectation.within is None:
        return None
    given = seen.given.get(expectation.of or "")
    return (given.at if given else seen.play.scenario.start) + expectation.within


def _public(claim: Public, expectation: Expectation, seen: Seen) -> Sighting:
    words = f"no {claim.purpose} message is confirmed everywhere"
    for fact, body in seen.authorised():
        if body.message.purpose is claim.purpose and fact.subject.id == seen.play.scenario.incident:
            if not _follows(fact, expectation, seen):
                continue
            found = _everywhere(fact, body, claim.channels, seen)
            if found.held:
                return found
            words = found.words
    return Sighting(None, words)


def _follows(fact: Fact, expectation: Expectation, seen: Seen) -> bool:
    """Whether the inject that the expectation names caused this fact, or came before it."""
    given = seen.given.get(expectation.of or "")
    if given is None:
        return expectation.of is None
    caused = any(one.cause in given.ids for one, _ in seen.authorised())
    return fact.cause in given.ids if caused else fact.at >= given.at


def _everywhere(fact: Fact, body: MessageAuthorised, channels: Sequence[str], seen: Seen) -> Sighting:
    wanted = channels or body.message.channels
    confirmed = seen.confirmed(body.message.id)
    missing = [channel for channel in wanted if channel not in confirmed]
    if missing:
        return Sighting(None, f"{body.message.purpose} {body.message.id} is not confirmed on {', '.join(missing)}")
    facts = [fact, *(confirmed[channel] for channel in wanted)]
    return Sighting(held=True, words=f"confirmed on {', '.join(wanted)}", facts=facts)


def _find_amplification(name: str, expectation: Expectation, seen: Seen) -> Sighting:
    del expectation
    for fact, body in seen.of_post(name):
        return _everywhere(fact, body, (), seen)
    return Sighting(None, "the post was not sent out again")


def _find_refusal(claim: RefusedOrder, expectation: Expectation, seen: Seen) -> Sighting:
    del expectation
    given = seen.given.get(claim.inject)
    answers = [fact for fact in seen.facts if given and fact.cause in given.ids]
    for fact in answers:
        if isinstance(fact.body, CommandRefused):
            said = "; ".join(fact.body.reasons)
            held = claim.because.casefold() in said.casefold()
            return Sighting(held, f"refused: {said}" if held else f"refused for another reason: {said}", [fact])
    if answers:
        return Sighting(held=False, words=f"it was not refused: {answers[0].body.kind}", facts=answers)
    return Sighting(None, "no answer to this order")


def _find_note(claim: str, expectation: Expectation, seen: Seen) -> Sighting:
    del expectation
    for fact in seen.facts:
        if claim == "surge" and isinstance(fact.body, SignalNoted):
            return Sighting(held=True, words=told_count(fact.body), facts=[fact])
        if claim == "post-changed" and isinstance(fact.body, AmplifiedPostChanged):
            return Sighting(
                held=True, words=f"{fact.body.credit.partner_name} {fact.body.change} its post", facts=[fact]
            )
    return Sighting(None, "nothing of the kind was noted")


def _find_nothing_public(name: str, expectation: Expectation, seen: Seen) -> Sighting:
    del expectation
    given = seen.given.get(name)
    caused = [fact for fact, _ in seen.authorised() if given and fact.cause in given.ids]
    facts = [*caused, *(fact for fact, _ in seen.of_post(name))]
    return Sighting(given is not None and not facts, "a message was authorised" if facts else "nothing went out", facts)


def _find_count(claim: int | str, expectation: Expectation, seen: Seen) -> Sighting:
    del expectation
    wanted = seen.recounted if isinstance(claim, str) else claim
    return Sighting(seen.counts.total == wanted, f"{seen.counts.total} counted, {wanted} expected")


def _letters(claim: Letters, expectation: Expectation, seen: Seen) -> Sighting:
    del expectation
    because = (claim.because or "").casefold()
    fitting = [letter for letter in seen.letters if because in letter.reason.casefold()]
    return Sighting(len(fitting) == claim.count, f"{len(fitting)} such dead letters, {claim.count} expected")


def _status(claim: Status, expectation: Expectation, seen: Seen) -> Sighting:
    del expectation
    incident = seen.incidents.get(seen.play.scenario.incident)
    status = incident.status if incident else Status.NONE
    return Sighting(status is claim, f"the incident is {status}")


def _find_page(claim: str, expectation: Expectation, seen: Seen) -> Sighting:
    del expectation
    paged = [fact for fact in seen.facts if isinstance(fact.body, PersonPaged) and fact.body.call.person == claim]
    return Sighting(bool(paged) or None, f"{claim} was asked {len(paged)} times", paged[:1])


def _find_search_end(claim: str, expectation: Expectation, seen: Seen) -> Sighting:
    del expectation
    ended = [fact for fact in seen.facts if isinstance(fact.body, SearchEnded)]
    fitting = [fact for fact in ended if isinstance(fact.body, SearchEnded) and fact.body.outcome == claim]
    return Sighting(bool(fitting) or None, f"{len(fitting)} of {len(ended)} searches ended so", fitting[:1])


_FINDERS: Mapping[str, Callable[[Any, Expectation, Seen], Sighting]] = {
    "asked": _find_page,
    "search": _find_search_end,
    "public": _public,
    "amplified": _find_amplification,
    "refused": _find_refusal,
    "noted": _find_note,
    "unpublished": _find_nothing_public,
    "counted": _find_count,
    "dead_letters": _letters,
    "status": _status,
}


def house_rules(seen: Seen) -> Iterator[Outcome]:
    """Rules that every exercise must keep, whatever its scenario expects."""
    posts = [(channel, dispatch) for channel, held in seen.on_channels.items() for dispatch in held]
    unmarked = [one.key for _, one in posts if not all(map(is_marked, one.message.texts.values()))]
    said = f"{len(posts)} posts, {len(unmarked)} without the mark"
    yield Outcome(says="Every text on a channel carries the exercise mark", held=not unmarked, found=said)
    keys = [one.key for _, one in posts]
    twice = len(keys) - len(set(keys))
    said = f"{len(keys)} posts, {twice} of them a second time"
    yield Outcome(says="Nothing went out twice on a channel", held=not twice, found=said)
    confirmed = {(one.channel, one.message_id) for one in seen.publications()}
    real = {(channel, one.message.id) for channel, one in posts}
    said = f"{len(confirmed)} confirmed, {len(real)} on the channels"
    yield Outcome(says="What the record says is public is what the channels hold", held=confirmed == real, found=said)
    if answers := [*case_answers(seen, now=seen.play.scenario.start)]:
        public = [one.name for one in answers if one.public]
        said = f"{len(answers)} cases, {', '.join(public) or 'none'} of them in a public message"
        yield Outcome(says="No public message holds anything of a case", held=not public, found=said)
    searches = sum(len(incident.searches) for incident in seen.incidents.values())
    if searches:
        jumped = audit(seen.facts)
        said = "; ".join(jumped[:3]) or f"{searches} searches"
        yield Outcome(says="Every step of every search for a sign-off ran, in its order", held=not jumped, found=said)
    broken = [fault for name in seen.incidents for fault in faults(_store(seen, name))]
    said = "; ".join(broken[:3]) or f"{len(seen.facts)} facts in {len(seen.incidents)} chains"
    yield Outcome(says="The record is whole: no fact was changed, dropped or moved", held=not broken, found=said)


def _store(seen: Seen, incident_id: str) -> list[dict[str, Any]]:
    return [fact.model_dump(mode="json") for fact in seen.facts if fact.subject == Subject.incident(incident_id)]
