"""What people want to read of an incident: pure folds of facts, and what waits for whom as the rules would judge it."""

from datetime import UTC, datetime, timedelta

from agents.runtime.views.tables import Tables
from streams.projections.inbox import answers, inbox
from streams.projections.promises import left_open
from streams.projections.public import PublicWords
from streams.projections.timeline import KEPT, Timeline
from streams.projections.words_out import not_out
from streams.subjects.attention import waiting
from streams.subjects.case import Case
from streams.subjects.fold import begun
from streams.subjects.incident import Incident
from streams.subjects.promises import promises
from streams.subjects.state import State
from streams.telling.attention import told_content
from streams.telling.cases import case_line
from streams.telling.facts import apart
from streams.values import LIVE, Purpose, Subject, SubjectKind
from streams.words.cases import AnswerCase, CaseSort, CloseCase, HandOnCase, OpenCase
from streams.words.delivery import DeliveryConfirmed, DeliveryRefused, DeliveryState, Receipt
from streams.words.incident import StandDown
from streams.words.stops import CancelRelease
from tests import builders
from tests.builders import COMMANDER, NEXT_UPDATE, NOW, NURSE, SIGNER, WRITER

RECEIPT = Receipt(url="https://alerts.example.org/#m-1", words="shown")


def confirmed(incident: Incident) -> Incident:
    """The incident once every delivery that was asked for is public."""
    asked = [one.id for one in incident.deliveries.values() if one.state is not DeliveryState.CONFIRMED]
    return builders.after(incident, [DeliveryConfirmed(delivery_id=name) for name in asked])


def states(incident: Incident, minutes: float) -> list[str]:
    return [one.state for one in promises(incident, NOW + timedelta(minutes=minutes))]


def test_public_words_say_for_each_channel_where_they_are_to_be_seen() -> None:
    """Words of another message change nothing, and the message is settled once each channel has answered."""
    begun = builders.declared()

    order = builders.order(builders.holding(), begun)
    given, after = builders.judged(order)
    facts = [*given]
    first, second = after.deliveries
    facts += builders.facts_of(
        after,
        [DeliveryConfirmed(delivery_id=first, receipt=RECEIPT), DeliveryRefused(delivery_id=second, reason="too long")],
    )
    (message,) = after.messages
    words = PublicWords(message_id=message)
    for fact in facts[:-1]:
        words = words.after(fact)
        assert not words.is_settled
    words = words.after(facts[-1])
    assert words.is_settled
    assert [one.state for one in words.on.values()] == [DeliveryState.CONFIRMED, DeliveryState.REFUSED]
    assert words.on[first].where == "shown: https://alerts.example.org/#m-1"
    other = PublicWords(message_id="msg-other")
    for fact in facts:
        other = other.after(fact)
    assert other == PublicWords(message_id="msg-other")


def test_a_promise_is_kept_broken_overdue_or_closed() -> None:
    """What is public nowhere promised nothing, and no word that is public nowhere keeps a promise."""
    asked = builders.released()
    assert states(asked, 0) == []
    said = confirmed(asked)
    assert (states(said, 0), states(said, 60)) == (["open"], ["overdue"])
    again = builders.holding(slots={**builders.SLOTS, "time": "22:20"}, next_update_at=NEXT_UPDATE + timedelta(hours=1))
    kept = confirmed(builders.carried_out(said, again, now=NOW + timedelta(minutes=30)))
    assert states(kept, 60) == ["kept", "open"]
    late = NOW + timedelta(minutes=61)
    broken = confirmed(builders.carried_out(said, again, now=late))
    assert states(broken, 62) == ["broken", "open"]
    assert states(builders.carried_out(said, StandDown(reason="It is over.")), 60) == ["closed"]


def test_a_correction_that_names_no_time_leaves_the_promise_open() -> None:
    """It says itself that the next word comes when it was promised; a withdrawal takes the promise back."""
    said = confirmed(builders.released())
    (wrong,) = said.messages
    slots = {**builders.SLOTS, "time": "22:20"}
    mends = builders.holding(slots=slots, purpose=Purpose.CORRECTION, follows=wrong, next_update_at=None)
    mended = confirmed(builders.carried_out(said, mends))
    assert len(mended.messages) == 2
    assert (states(mended, 0), states(mended, 60)) == (["open"], ["overdue"])
    later = NEXT_UPDATE + timedelta(hours=1)
    again = builders.holding(slots={**slots, "time": "22:25"}, next_update_at=later)
    assert states(confirmed(builders.carried_out(mended, again)), 60) == ["kept", "open"]
    back = builders.holding(purpose=Purpose.WITHDRAWAL, follows=wrong, next_update_at=None)
    assert states(confirmed(builders.carried_out(said, back)), 60) == ["kept"]


def test_a_line_waits_for_those_whose_yes_would_count_and_for_nobody_else() -> None:
    drafted = builders.carried_out(builders.declared(), builders.line(), by=WRITER)
    (draft,) = drafted.drafts
    assert [(one.kind, one.what) for one in waiting(drafted, NOW)] == [("draft", draft)]
    register = builders.register()
    theirs = {name: [one.what for one in inbox(name, drafted, register=register, now=NOW)] for name in register.people}
    assert theirs[SIGNER] == [draft]
    assert theirs[COMMANDER] == [draft]
    assert theirs[WRITER] == theirs[NURSE] == []
    assert list(inbox("nobody-known", drafted, register=register, now=NOW)) == []


def test_what_nobody_can_tell_waits_for_whoever_may_look() -> None:
    asked = builders.released()
    sending = builders.carried_out(asked, builders.claim(asked))
    unknown = builders.carried_out(sending, builders.outcome(sending, "unknown", reason="no answer"))
    delivery = unknown.deliveries[builders.first_delivery(unknown)]
    left = unknown.model_copy(
        update={"deliveries": {**unknown.deliveries, delivery.id: delivery.model_copy(update={"due_at": None})}}
    )
    assert [(one.kind, one.what) for one in waiting(left, NOW)] == [("unknown", delivery.id)]
    mine = list(inbox(COMMANDER, left, register=builders.register(), now=NOW))
    assert [one.what for one in mine] == [delivery.id]


def test_a_case_waits_from_the_moment_by_which_it_was_to_be_answered_until_somebody_answers_it() -> None:
    case = Case(id="paper-1", mode=LIVE)
    opened = OpenCase(sort=CaseSort.MEDIA_ENQUIRY, about="A paper asks.", answer_by=NOW + timedelta(hours=1))
    case = builders.carried_out(case, opened)
    late = NOW + timedelta(hours=2)
    assert [*waiting(case, NOW)] == []
    assert [(one.kind, one.what, one.until) for one in waiting(case, late)] == [("case", case.id, opened.answer_by)]
    handed_on = builders.carried_out(case, HandOnCase(to=WRITER, reason="on call for the press"), id="hand-on")
    assert [one.kind for one in waiting(handed_on, late)] == ["case"]
    for done in (AnswerCase(done="sent the link"), CloseCase(reason="settled")):
        assert [*waiting(builders.carried_out(case, done, id="done"), late)] == []


def test_an_overdue_case_is_in_the_inbox_of_the_person_who_has_it_and_of_no_other() -> None:
    """Whoever opened it has it until it is handed on; the answer that the inbox offers takes it out."""
    case = begun(Subject(kind=SubjectKind.CASE, id="paper-1"), LIVE)
    opened = OpenCase(sort=CaseSort.MEDIA_ENQUIRY, about="A paper asks.", answer_by=NOW + timedelta(hours=1))
    case, late = builders.carried_out(case, opened), NOW + timedelta(hours=2)
    register = builders.register()

    def holders(state: State, at: datetime = late) -> list[str]:
        return [name for name in register.people if [*inbox(name, state, register=register, now=at)]]

    assert holders(case, NOW) == []
    assert holders(case) == [COMMANDER]
    handed_on = builders.carried_out(case, HandOnCase(to=WRITER, reason="on call for the press"), id="hand-on")
    assert holders(handed_on) == [WRITER]
    (mine,) = inbox(WRITER, handed_on, register=register, now=late)
    (answer,) = answers(mine, handed_on)
    assert isinstance(handed_on, Case)
    assert [*told_content(mine, handed_on, zone=UTC)] == [apart(case_line(handed_on, zone=UTC))]
    assert holders(builders.carried_out(handed_on, answer, by=WRITER, id="answer")) == []


def test_a_timeline_keeps_the_last_moments_and_counts_those_before() -> None:
    begun = builders.declared()
    timeline = Timeline()
    bodies = [DeliveryConfirmed(delivery_id="dlv-1")] * (KEPT + 3)
    facts = builders.facts_of(begun, bodies)
    for fact in [*facts, *facts]:
        timeline = timeline.after(fact)
    assert (len(timeline.moments), timeline.earlier) == (KEPT, 3)
    assert timeline.moments[-1].sequence == facts[-1].sequence


def test_a_stand_down_is_told_what_it_leaves_behind() -> None:
    """An open promise, no all-clear, a case of this incident that nobody closed; nothing if all is done."""
    assert list(left_open(builders.declared(), [], now=NOW, zone=UTC)) == []
    out = confirmed(builders.released())
    case = Case(id="paper-1", mode=LIVE)
    order = OpenCase(sort=CaseSort.MEDIA_ENQUIRY, about="asks about the crash", incident=out.id)
    case = builders.carried_out(case, order)
    elsewhere = case.model_copy(update={"id": "paper-2", "incident": "inc-other"})
    told = "; ".join(left_open(out, [case, elsewhere], now=NOW, zone=UTC))
    assert "the public was promised the next update" in told
    assert "no all-clear" in told
    assert "case paper-1" in told
    assert "paper-2" not in told
    closed = builders.carried_out(case, CloseCase(reason="answered"))
    assert "case" not in "; ".join(left_open(out, [closed], now=NOW, zone=UTC))


def test_a_stand_down_asks_for_an_all_clear_on_every_channel_that_had_a_word() -> None:
    """One that went to the website alone leaves the other readers without; a withdrawal ends only its own message."""
    register = builders.register()
    out = confirmed(builders.released())
    (first,) = out.messages
    assert "on social, website heard" in "; ".join(left_open(out, [], now=NOW, zone=UTC))
    assert "on the Social, the Website heard" in "; ".join(
        left_open(out, [], now=NOW, place=lambda one: f"the {one.title()}", zone=UTC)
    )
    narrow = builders.holding(purpose=Purpose.ALL_CLEAR, next_update_at=None, channels=("website",))
    told = confirmed(builders.carried_out(out, narrow, register=register))
    assert "on social heard" in "; ".join(left_open(told, [], now=NOW, zone=UTC))
    whole = builders.holding(purpose=Purpose.ALL_CLEAR, next_update_at=None)
    told = confirmed(builders.carried_out(out, whole, register=register))
    assert "all-clear" not in "; ".join(left_open(told, [], now=NOW, zone=UTC))
    gone = builders.holding(purpose=Purpose.WITHDRAWAL, next_update_at=None, follows=first)
    told = confirmed(builders.carried_out(out, gone, register=register))
    assert "all-clear" not in "; ".join(left_open(told, [], now=NOW, zone=UTC))


def test_an_order_that_was_refused_begins_no_subject() -> None:
    """A typing error in an identifier shows no incident in the status; a report, a declaration and a drill do."""
    typo = Incident(id="inc-typo", mode=LIVE)
    refused = builders.carried_out(typo, StandDown(reason="over"), builders.holding())
    assert refused.sequence == 2
    assert not refused.is_begun
    assert builders.declared().is_begun
    written = {one.subject.key: one.model_dump_json().encode() for one in (refused, builders.declared())}
    assert [one.id for one in Tables(written, {}).overview().incidents] == [builders.INCIDENT]


def test_what_a_channel_refused_is_told_until_later_words_came_through_there() -> None:
    """Else a person who released words reads that nothing is public, and not why."""
    out = builders.released()
    on = {one.channel: one.id for one in out.deliveries.values()}
    refused = DeliveryRefused(delivery_id=on["website"], reason="its certificate has lapsed")
    missing = builders.after(out, [refused, DeliveryConfirmed(delivery_id=on["social"])])
    assert [(one.delivery.channel, one.delivery.reason) for one in not_out(missing)] == [
        ("website", "its certificate has lapsed")
    ]
    again = builders.holding(slots={**builders.SLOTS, "time": "22:40"}, channels=("website",))
    later = builders.carried_out(missing, again, id="cmd-again")
    assert not [*not_out(later)], "it is on its way"
    assert not [*not_out(confirmed(later))]
    cancelled = builders.carried_out(
        out, CancelRelease(message_id=next(iter(out.messages)), reason="It is out of date.")
    )
    assert {one.state for one in cancelled.deliveries.values()} == {DeliveryState.REFUSED}
    assert not [*not_out(cancelled)], "a person did not want it out"
