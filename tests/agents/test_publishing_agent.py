"""The publishing agent claims, checks once more, sends, and reports what it knows: no more, no less."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agents.adapters.memory.channel import MemoryChannel
from agents.adapters.memory.played_faults import Trouble, in_turn
from agents.ports import NotSent
from agents.publishing import Needs, handle
from streams.chain import seal
from streams.decisions.channels.kinds import KINDS, PLAYS
from streams.decisions.desk.order_table import answer
from streams.decisions.wording.listed_names import name_print
from streams.errors import Forged
from streams.subjects.fold import fold
from streams.subjects.incident import Incident
from streams.subjects.state import State
from streams.values import Purpose, Subject
from streams.words.delivery import (
    ClaimDelivery,
    DeliveryClaimed,
    DeliveryConfirmed,
    DeliveryUnknown,
    Look,
    Receipt,
    RecordOutcome,
    Resolution,
    Sight,
)
from streams.words.facts import Fact, FactBody
from streams.words.holds import HoldLifted, HoldPlaced
from streams.words.incident import IncidentCancelled, IncidentStoodDown
from streams.words.orders import Command, Tick
from streams.words.release import AmplifiedPostChanged, MessageAuthorised
from streams.words.stops import HeldReleased, IncidentFrozen, IncidentResumed, ReleaseCancelled
from tests import builders
from tests.agents.doubles import HeldBackground, MemoryStore, clock_at, clock_for
from tests.builders import LIVE, NOW
from tests.networks import BY_RESOLUTION, READ_BACK, SETTLES_AFTER

AGENT = "publishing-agent"


def channel(resolution: Resolution = Resolution.SEND_AGAIN, *faults: Trouble | None, mode: str = LIVE) -> MemoryChannel:
    return MemoryChannel(mode, BY_RESOLUTION[resolution], plan=in_turn(*faults), pretends_live=True)


def needs(website: MemoryChannel | None = None, **changes: Any) -> Needs:
    register = changes.pop("register", None) or builders.register()
    channels = {"website": website or channel()}
    records = MemoryStore[State]({builders.SUBJECT.key: claimed()[0]})
    told = Needs("run-1", clock_at(), lambda: register, channels, HeldBackground(), records)
    return replace(told, **changes)


def doubting(fact: Fact, website: MemoryChannel | None = None, **changes: Any) -> Needs:
    """The needs of a worker whose desk wrote this fact last."""
    return needs(website, records=MemoryStore[State]({builders.SUBJECT.key: fold(claimed()[0], fact)}), **changes)


def came_since(told: Needs, *bodies: FactBody) -> None:
    """The desk judged this since: it is in its table."""
    assert isinstance(told.records, MemoryStore)
    record = told.records.get(builders.SUBJECT.key)
    assert isinstance(record, Incident)
    told.records.put(builders.SUBJECT.key, builders.after(record, bodies))


def facts(incident: Incident, body: Any, at: Any = NOW) -> tuple[Incident, Fact]:
    """The one fact that an order about the first delivery gives, and the incident after it."""
    order = builders.order(body, incident, AGENT, now=at)
    found = builders.facts_of(incident, answer(order), order.command, at)
    return builders.after(incident, [fact.body for fact in found], order.command, at), found[0]


def claimed(run: str = "run-1") -> tuple[Incident, Fact]:
    incident = builders.released()
    return facts(incident, builders.claim(incident, run=run))


def looked_at(way: Resolution = Resolution.SEND_AGAIN) -> Fact:
    """The fact that a claim lapsed: the moment to look has come."""
    incident, fact = claimed()
    until = fact.body.model_dump()["until"]
    _, unknown = facts(incident, Tick(), until + timedelta(seconds=2))
    assert isinstance(unknown.body, DeliveryUnknown)
    return seal(unknown.model_copy(update={"body": unknown.body.model_copy(update={"way": way})}))


VERIFIED = replace(READ_BACK, is_verified=True)


class Unsteady(MemoryChannel):
    """It takes words, and what a look shows of them is given."""

    sees: Look | Exception

    async def look(self, dispatch: Any) -> Look:
        del dispatch
        if isinstance(self.sees, Exception):
            raise self.sees
        return self.sees


SOMEWHERE = Receipt(reference="p", url="https://n.example/p", words="post p")


@pytest.mark.parametrize(
    ("seen", "word"),
    [
        (Look(sight=Sight.SHOWN, receipt=SOMEWHERE), "confirmed"),
        (Look(sight=Sight.HIDDEN, receipt=SOMEWHERE, why="their moderators did it"), "hidden"),
        (Look(sight=Sight.DIFFERENT, receipt=SOMEWHERE, why="it ends after 20 characters"), "different"),
        (Look(sight=Sight.ABSENT), "unknown"),
        (NotSent("not now"), "confirmed"),
        (ConnectionError(), "confirmed"),
    ],
)
async def test_a_receipt_is_looked_at_where_the_row_says_so(
    monkeypatch: pytest.MonkeyPatch, seen: Look | Exception, word: str
) -> None:
    """What the public cannot read is not called public; if nothing can be seen, the channel's own word counts."""
    monkeypatch.setitem(KINDS, VERIFIED.name, VERIFIED)
    website = Unsteady(LIVE, VERIFIED, pretends_live=True)
    website.sees = seen
    entries = {"website": builders.channel("website", options={PLAYS: VERIFIED.name})}
    reported = await outcome(needs(website, register=builders.register(channels=entries)))
    assert reported.outcome == word
    assert bool(reported.receipt) is (word != "unknown")
    assert bool(reported.reason) is (word != "confirmed")


@pytest.mark.parametrize("stop", ["frozen", "cancelled", "held", "over", "never was", "withdrawn"])
async def test_what_is_stopped_while_it_waits_for_its_turn_is_not_sent(stop: str) -> None:
    """The claim was granted, the work had not begun: it ends as surely not sent."""
    website, (incident, claim) = channel(), claimed()
    told = needs(website)
    await handle(claim, told)
    came_since(told, *stopping_facts(stop, incident))
    (report,) = await finished(told)
    assert isinstance(report.body, RecordOutcome)
    assert report.body.outcome == "unsent"
    assert website.posts == []


async def test_what_a_person_let_go_again_after_a_freeze_is_sent() -> None:
    """A freeze that is over holds what somebody released no more."""
    website, (incident, claim) = channel(), claimed()
    told = needs(website)
    held = builders.first_delivery(incident)
    came_since(told, *stopping_facts("held", incident), HeldReleased(delivery_id=held, rule="r"))
    await handle(claim, told)
    (report,) = await finished(told)
    assert isinstance(report.body, RecordOutcome)
    assert report.body.outcome == "confirmed"


@pytest.mark.parametrize("how", ["settled", "gone from the record", "of another attempt", "elsewhere"])
async def test_a_claim_that_the_record_knows_no_more_is_not_sent(how: str) -> None:
    """A person settled it, the delivery left the record, it was tried again, or another worker has the incident."""
    website, (incident, claim) = channel(), claimed()
    told, name = needs(website), builders.first_delivery(incident)
    assert isinstance(told.records, MemoryStore)
    if how == "settled":
        came_since(told, DeliveryConfirmed(delivery_id=name))
    elif how == "elsewhere":
        told.records.remove(builders.SUBJECT.key)
    else:
        again = {name: incident.deliveries[name].model_copy(update={"attempt": 2})}
        deliveries = again if how == "of another attempt" else {}
        told.records.put(builders.SUBJECT.key, incident.model_copy(update={"deliveries": deliveries}))
    assert (await outcome(told, claim)).outcome == "unsent"
    assert website.posts == []


def holding_back(*names: str) -> dict[str, FactBody]:
    """What can happen to a hold that keeps the claimed words back."""
    salt = "s"
    hold = builders.hold(id="late", field="names", names=[name_print(name, salt) for name in names], salt=salt)
    lifted = HoldLifted(hold="late", reason="they agreed", evidence="post-1", rule="r")
    changed = AmplifiedPostChanged(credit=builders.credit(), change="deleted")
    return {"placed": HoldPlaced(hold=hold, rule="r"), "lifted": lifted, "changed": changed}


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (["placed"], "refused"),
        (["placed", "lifted"], "confirmed"),
        (["placed", "lifted", "changed"], "refused"),
    ],
)
async def test_what_was_held_back_after_the_claim_is_looked_for_at_the_last_moment(
    came: list[str], expected: str
) -> None:
    """A hold that is placed, or holds again, while the work waits for its turn keeps these words back."""
    website, (_, claim) = channel(), claimed()
    told = needs(website)
    await handle(claim, told)
    came_since(told, *(holding_back("Ashby General")[step] for step in came))
    (report,) = await finished(told)
    assert isinstance(report.body, RecordOutcome)
    assert report.body.outcome == expected
    assert bool(website.posts) is (expected == "confirmed")


async def test_a_hold_counts_however_much_of_it_the_claim_knew() -> None:
    """Lifted since is lifted, and what was lifted on a post that is lost since holds."""
    placed, lifted, changed = holding_back("Ashby General").values()
    for since, expected in ((lifted, "confirmed"), (changed, "refused")):
        known = [placed] if since is lifted else [placed, lifted]
        incident, claim = claimed()
        assert isinstance(claim.body, DeliveryClaimed)
        dispatch = claim.body.dispatch.model_copy(update={"holds": builders.after(incident, known).holds})
        claim = seal(claim.model_copy(update={"body": claim.body.model_copy(update={"dispatch": dispatch})}))
        told = needs(website := channel())
        assert isinstance(told.records, MemoryStore)
        told.records.put(builders.SUBJECT.key, fold(builders.released(), claim))
        came_since(told, *known, since)
        report = await outcome(told, claim)
        assert report.outcome == expected
        assert bool(website.posts) is (expected == "confirmed")


def stopping_facts(stop: str, incident: Incident) -> Sequence[FactBody]:
    frozen = IncidentFrozen(reason="no", rule="r")
    if stop == "withdrawn":
        later = builders.carried_out(incident, builders.holding(purpose=Purpose.WITHDRAWAL), id="cmd-later")
        message = next(reversed([*later.messages.values()]))
        assert message.follows in incident.messages
        return [MessageAuthorised(message=message, authorisation=later.authorisations[message.id])]
    if stop in {"over", "never was"}:
        return [(IncidentStoodDown if stop == "over" else IncidentCancelled)(reason="no", rule="r")]
    if stop == "cancelled":
        return [ReleaseCancelled(message_id=next(iter(incident.messages)), reason="no", rule="r")]
    held = IncidentResumed(reason="yes", rule="r", held=(builders.first_delivery(incident),))
    return [frozen] if stop == "frozen" else [frozen, held]


async def finished(told: Needs) -> Sequence[Command]:
    assert isinstance(told.background, HeldBackground)
    return await told.background.finish()


async def outcome(told: Needs, fact: Fact | None = None) -> RecordOutcome:
    """What the agent reports of the sending, or looking, that a fact starts."""
    assert await handle(fact or claimed()[1], told) == []
    [command] = await finished(told)
    assert isinstance(command.body, RecordOutcome)
    return command.body


async def test_nothing_is_sent_on_the_asking_alone() -> None:
    """A delivery that nobody has claimed is nobody's to send."""
    incident = builders.declared()
    order = builders.order(builders.holding(), incident)
    asked = builders.facts_of(incident, answer(order))[1]
    told = needs(channel())
    assert await handle(asked, told) == []
    assert await finished(told) == []


async def test_a_granted_claim_is_sent_once_and_confirmed_with_its_receipt() -> None:
    """However often the fact is read in one life."""
    website = channel()
    told = needs(website)
    fact = claimed()[1]
    assert await handle(fact, told) == []
    reported = await outcome(told, fact)
    seen = Receipt(reference="post 1", at=NOW, words="post 1")
    assert (reported.outcome, reported.receipt, reported.reason) == ("confirmed", seen, None)
    assert len(website.posts) == 1


async def test_a_claim_of_another_run_is_not_sent_from_here() -> None:
    """It may be under way there; it will lapse if it is not."""
    website = channel()
    told = needs(website)
    assert await handle(claimed("run-0")[1], told) == []
    assert await finished(told) == []
    assert website.posts == []


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        (Trouble.REFUSED, "refused"),
        (Trouble.NOT_SENT, "unsent"),
        (Trouble.BROKEN_BEFORE, "unknown"),
        (Trouble.ANSWER_LOST, "unknown"),
        (Trouble.HANGS_BEFORE, "unknown"),
        (Trouble.HANGS_AFTER, "unknown"),
    ],
)
async def test_what_is_not_known_is_reported_as_unknown(fault: Trouble, word: str) -> None:
    """Only a clear no is a no; silence and a broken line prove nothing."""
    reported = await outcome(needs(channel(Resolution.ASK_A_PERSON, fault), clock=clock_for(fault)))
    assert reported.outcome == word
    assert reported.reason


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"register": builders.register(people={})}, "refused"),
        ({"register": builders.register(templates={})}, "refused"),
        ({"register": builders.register(rota=())}, "refused"),
        ({"clock": clock_at(NOW + timedelta(minutes=30))}, "refused"),
        ({"clock": clock_at(NOW + timedelta(seconds=10))}, "unsent"),
        ({"channels": {}}, "unsent"),
        ({"channels": {"website": channel(mode="exercise-1")}}, "refused"),
    ],
)
async def test_it_is_checked_once_more_at_the_moment_of_sending(changes: dict[str, Any], word: str) -> None:
    """Person, template, rota, expiry, claim, wiring and mode: whatever changed since stops it, and nothing is sent."""
    website = channel()
    told = needs(website, **changes)
    reported = await outcome(told)
    assert reported.outcome == word
    assert reported.reason
    assert website.posts == []


async def test_an_idempotent_channel_is_sent_to_again_only_by_a_new_claim() -> None:
    """The way out of the unknown there; nothing is sent on the fact itself."""
    fact = looked_at()
    [again] = await handle(fact, doubting(fact))
    assert isinstance(again.body, ClaimDelivery)
    assert again.body.attempt == 2


@pytest.mark.parametrize(("shown", "word"), [(True, "confirmed"), (False, "absent")])
async def test_a_channel_that_can_be_read_is_read(shown: bool, word: str) -> None:  # noqa: FBT001 - a table of examples
    """And nothing is sent."""
    website = channel(Resolution.READ_BACK)
    fact = looked_at(Resolution.READ_BACK)
    assert isinstance(fact.body, DeliveryUnknown)
    if shown:
        await website.publish(fact.body.dispatch)
    assert (await outcome(doubting(fact, website), fact)).outcome == word
    assert len(website.posts) == shown


@pytest.mark.parametrize(("seconds", "words"), [(-1, []), (0, ["absent"])])
async def test_a_look_that_shows_nothing_says_so_only_once_no_copy_can_land(seconds: int, words: list[str]) -> None:
    """Too early it reports nothing, however late the report would come; the next look is due by itself."""
    fact = looked_at(Resolution.READ_BACK)
    lands_until = NOW + SETTLES_AFTER
    fact = seal(fact.model_copy(update={"body": fact.body.model_copy(update={"absent_from": lands_until})}))
    told = doubting(fact, channel(Resolution.READ_BACK), clock=clock_at(lands_until + timedelta(seconds=seconds)))
    assert await handle(fact, told) == []
    assert [one.body.model_dump()["outcome"] for one in await finished(told)] == words


async def test_where_reading_back_fails_the_outcome_stays_unknown() -> None:
    """Nothing is reported; time will bring the next look. Not even a channel that left the register breaks that."""

    class Unreadable(MemoryChannel):
        async def look(self, dispatch: Any) -> Look:
            raise ConnectionError(str(dispatch.key))

    website = Unreadable(LIVE, BY_RESOLUTION[Resolution.READ_BACK], pretends_live=True)
    fact = looked_at(Resolution.READ_BACK)
    for told in (doubting(fact, website), doubting(fact, website, register=builders.register(channels={}))):
        assert await handle(fact, told) == []
        assert await finished(told) == []


async def test_where_only_a_person_can_tell_nothing_is_done() -> None:
    """No blind retry, ever."""
    fact = looked_at(Resolution.ASK_A_PERSON)
    told = doubting(fact, channel(Resolution.ASK_A_PERSON))
    assert await handle(fact, told) == []
    assert await finished(told) == []


async def test_an_outcome_just_reported_unknown_is_not_acted_on_at_once() -> None:
    """What was sent a moment ago may still show; the time to look comes with a fact of its own."""
    incident, _ = claimed()
    _, unknown = facts(incident, builders.outcome(incident, "unknown"))
    for resolution in Resolution:
        told = needs(channel(resolution))
        assert await handle(unknown, told) == []
        assert await finished(told) == []


@pytest.mark.parametrize("forged", ["hash", "sequence", "words", "attempt ahead", "unsealed"])
async def test_a_claim_that_does_not_stand_in_the_record_sends_nothing(forged: str) -> None:
    """Somebody wrote it beside the desk: with a wrong hash or place, other words, or well sealed and of this run."""
    website, (incident, claim) = channel(), claimed()
    assert isinstance(claim.body, DeliveryClaimed)
    dispatch = claim.body.dispatch
    words = dispatch.model_copy(update={"message": dispatch.message.model_copy(update={"hashtags": ("Forged",)})})
    told = needs(website)
    fact = {
        "hash": claim.model_copy(update={"hash": "0" * 64}),
        "sequence": seal(claim.model_copy(update={"sequence": incident.sequence + 9})),
        "words": seal(claim.model_copy(update={"body": claim.body.model_copy(update={"dispatch": words})})),
        "attempt ahead": seal(claim.model_copy(update={"body": claim.body.model_copy(update={"attempt": 2})})),
        "unsealed": claim.model_copy(update={"body": claim.body.model_copy(update={"dispatch": words})}),
    }[forged]
    with suppress(Forged):
        await handle(fact, told)
    reports = [one.body for one in await finished(told)]
    assert [one.outcome for one in reports if isinstance(one, RecordOutcome) and one.outcome != "unsent"] == []
    assert website.posts == []


@pytest.mark.parametrize("forged", ["unsealed", "channel", "sequence", "incident", "looks"])
async def test_a_look_that_the_record_does_not_ask_for_reports_nothing(forged: str) -> None:
    """Else a forged doubt about another channel would find nothing there, and have the words sent a second time."""
    fact = looked_at(Resolution.READ_BACK)
    assert isinstance(fact.body, DeliveryUnknown)
    other = fact.body.model_copy(update={"dispatch": fact.body.dispatch.model_copy(update={"key": "dlv-forged"})})
    changed: dict[str, dict[str, Any]] = {
        "channel": {"body": other},
        "sequence": {"sequence": fact.sequence + 9},
        "incident": {"subject": Subject.incident("inc-forged")},
        "looks": {"body": other.model_copy(update={"looks": 9})},
    }
    unsealed = fact.model_copy(update={"body": other})
    told = doubting(fact, channel(Resolution.READ_BACK))
    with pytest.raises(Forged):
        await handle(unsealed if forged == "unsealed" else seal(fact.model_copy(update=changed[forged])), told)
    assert await finished(told) == []


@pytest.mark.parametrize("known", ["found out", "without a hash"])
async def test_a_look_that_came_too_late_reports_nothing_and_is_no_forgery(known: str) -> None:
    """It was found out before, or an older version kept no hash of the look: then the next look is made."""
    fact = looked_at(Resolution.READ_BACK)
    assert isinstance(fact.body, DeliveryUnknown)
    told = doubting(fact, channel(Resolution.READ_BACK))
    if known == "found out":
        came_since(told, DeliveryConfirmed(delivery_id=fact.body.delivery_id))
    else:
        came_since(told, fact.body.model_copy(update={"look_now": False}))
    assert await handle(fact, told) == []
    assert await finished(told) == []


async def test_other_facts_do_not_concern_it() -> None:
    """A declaration publishes nothing."""
    empty = Incident(id=builders.INCIDENT, mode=LIVE)
    [declared] = builders.facts_of(empty, answer(builders.order(builders.declaration())))
    assert await handle(declared, needs()) == []
