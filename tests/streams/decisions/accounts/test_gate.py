"""What waits at an account: nothing goes out on one that is shut, and nothing is lost where a budget is used."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from streams.decisions.accounts import gate
from streams.decisions.channels.budgets import AccountBudgets
from streams.decisions.channels.card import Rate
from streams.decisions.channels.kinds import KINDS, PLAYED
from streams.decisions.channels.resolution import LONGEST_LOOK
from streams.decisions.desk.judge import judge
from streams.record.second_judgement import find_misjudged
from streams.subjects.account import Spent
from streams.subjects.attention import waiting
from streams.subjects.incident import Incident
from streams.subjects.plan import Plan
from streams.telling.facts import told_delivery_state
from streams.values import LIVE, Purpose
from streams.words.delivery import (
    ClaimDelivery,
    Delivery,
    DeliveryClaimed,
    DeliveryRefused,
    DeliveryState,
    DeliveryUnknown,
    Receipt,
    RecordOutcome,
    Resolution,
)
from streams.words.facts import Fact
from streams.words.orders import Command, CommandBody, Tick
from streams.words.register.accounts import Shut
from streams.words.register.entries import Register
from streams.words.release import Amplify
from streams.words.stops import CancelRelease, Freeze, ReleaseHeld, Resume
from tests import builders
from tests.builders import COMMANDER, INCIDENT, NOW, WRITER

RATE = Rate(requests=4, within=timedelta(minutes=2), kept=1)
SEEN = Receipt(words="seen")
STOP = Shut(by=WRITER, at=NOW, reason="posts are there that are not ours")
SOCIAL = {"social": builders.channel("social", characters_max=300)}


class Night:
    """An incident on one channel whose account takes four publications in two minutes, one kept for mends."""

    def __init__(self, name: str = "cmd", spent: dict[str, Spent] | None = None) -> None:
        """`spent` is that of another incident, where both use the account."""
        self.name, self.answers = name, True
        self.now: datetime = NOW
        self.register: Register = builders.register(channels=SOCIAL, templates=self._template())
        self.incident = Incident(id=INCIDENT, mode=LIVE)
        self.spent: dict[str, Spent] = {} if spent is None else spent
        self.facts: list[Fact] = []
        self.orders: list[Command] = []
        self.give(builders.declaration())

    @staticmethod
    def _template() -> dict[str, object]:
        return {"major-incident": builders.approved(builders.template(channels=("social",)))}

    def give(self, body: CommandBody, by: str = COMMANDER) -> list[str]:
        """The kinds of the facts that this order gives, judged as the desk does it."""
        order = builders.order(
            body, self.incident, by, register=self.register, now=self.now, id=f"{self.name}-{len(self.orders)}"
        )
        ledger = AccountBudgets(self.spent.get)
        facts, after = judge(replace(order, budgets=ledger), run="run-1", register_version="v")
        assert isinstance(after, Incident)
        self.spent.update(ledger.after([one.body for one in facts], after, register=self.register, now=self.now).rows())
        self.incident = after
        self.facts += facts
        self.orders.append(order.command)
        for one in [one for one in after.deliveries.values() if one.state is DeliveryState.SENDING and self.answers]:
            done = RecordOutcome(delivery_id=one.id, attempt=one.attempt, outcome="confirmed", receipt=SEEN)
            self.give(done, by="publishing-agent")
        return builders.kinds(one.body for one in facts)

    def say(self, number: int, purpose: Purpose = Purpose.HOLDING, **changes: object) -> list[str]:
        slots = {**builders.SLOTS, "time": f"22:{number:02}"}
        return self.give(builders.holding(slots=slots, purpose=purpose, channels=("social",), **changes))

    def echo(self, number: int) -> list[str]:
        post = builders.credit(post_id=f"post-{number}")
        body = Amplify(credit=post, text=f"Crews are here, report {number}.", posted_at=self.now)
        return self.give(body, by="amplification-agent")

    def tick(self, **passed: float) -> list[str]:
        self.now += timedelta(**passed)
        return self.give(Tick(), by="clock")

    @property
    def states(self) -> Sequence[str]:
        return [one.state for one in self.incident.deliveries.values()]

    @property
    def paced(self) -> list[Delivery]:
        return [one for one in self.incident.deliveries.values() if one.paced_at]


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> Night:
    monkeypatch.setitem(KINDS, PLAYED.name, replace(PLAYED, rate=RATE))
    return Night()


def test_partners_posts_wait_before_our_own_words_and_corrections_before_neither(night: Night) -> None:
    """Four in two minutes: two echoes at most, three with our own words, and the last for a mend."""
    assert [night.echo(number)[-1] for number in (1, 2, 3)] == [
        "delivery_claimed",
        "delivery_claimed",
        "delivery_paced",
    ]
    assert night.say(1)[-1] == "delivery_claimed"
    assert night.say(2)[-1] == "delivery_paced"
    first = next(name for name, one in night.incident.messages.items() if one.purpose is Purpose.HOLDING)
    withdrawn = night.give(
        builders.holding(purpose=Purpose.WITHDRAWAL, follows=first, next_update_at=None, channels=("social",))
    )
    assert withdrawn[-1] == "delivery_claimed"
    assert len([one for one in night.facts if one.body.kind == "delivery_claimed"]) == RATE.requests


def test_what_waits_says_until_when_and_goes_out_by_itself(night: Night) -> None:
    """A person hears of it after a minute, and has nothing to do: every message goes, in its order."""
    for number in range(1, 7):
        night.say(number)
    assert len(night.paced) == 3
    for one in night.paced:
        assert one.due_at
        assert f"WAITS until {one.due_at:%H:%M:%S} UTC" in told_delivery_state(one, zone=UTC)
        assert "goes out by itself later" in told_delivery_state(one, zone=UTC)
    assert "paced" not in [one.kind for one in waiting(night.incident, night.now + timedelta(seconds=59))]
    (shown,) = [one for one in waiting(night.incident, night.now + timedelta(minutes=1)) if one.kind == "paced"]
    assert (shown.what, shown.until) == ("social", max(one.due_at for one in night.paced if one.due_at))
    night.tick(minutes=10, seconds=11)
    assert night.paced == []
    assert [*waiting(night.incident, night.now)] == []


def test_a_correction_takes_the_words_that_it_mends_with_it(night: Night) -> None:
    """They were put off: the mend would wait for them, so both use the reserve."""
    for number in range(1, 5):
        night.say(number)
    (late,) = night.paced
    follows = late.message_id
    kinds = night.give(
        builders.holding(purpose=Purpose.CORRECTION, follows=follows, next_update_at=None, channels=("social",))
    )
    assert kinds.count("delivery_claimed") == 1
    assert late.id not in {one.id for one in night.paced}


def test_many_that_wait_are_not_tried_again_and_again(night: Night) -> None:
    """Each has a time of its own: it is put off a few times, not once for each that goes before it."""
    for number in range(1, 40):
        night.say(number)
        night.tick(seconds=1)
    for _ in range(220):
        night.tick(seconds=10)
    assert night.paced == []
    assert len([one for one in night.facts if one.body.kind == "delivery_paced"]) < 3 * 40
    claimed = [one.body.dispatch.message.id for one in night.facts if isinstance(one.body, DeliveryClaimed)]
    assert claimed == [*night.incident.messages]


def test_never_more_than_the_budget_in_any_two_minutes(night: Night) -> None:
    """By the claims in the record, also where many fall due in one judgement."""
    for number in range(1, 30):
        night.say(number)
    for _ in range(180):
        night.tick(seconds=9)
    assert [one.body.reason for one in night.facts if isinstance(one.body, DeliveryRefused)] == []
    claims = [one.at for one in night.facts if one.body.kind == "delivery_claimed"]
    assert len(claims) == 29
    for first in claims:
        assert sum(first <= at < first + RATE.within for at in claims) <= RATE.requests - RATE.kept


def test_incidents_that_share_an_account_have_each_a_moment_of_their_own(night: Night) -> None:
    """Those that wait are put off once each, and a withdrawal on any of them goes at once."""
    nights = [night, *(Night(f"other-{number}", night.spent) for number in range(9))]
    for number in range(1, 4):
        for one in nights:
            one.say(number)
    due = sorted(one.due_at for each in nights for one in each.paced if one.due_at)
    assert len(due) == 27
    for moment in due:
        assert sum(moment <= one < moment + RATE.within for one in due) <= RATE.requests - RATE.kept
    follows = next(iter(nights[5].incident.messages))
    mend = builders.holding(purpose=Purpose.WITHDRAWAL, follows=follows, next_update_at=None, channels=("social",))
    assert "delivery_claimed" in nights[5].give(mend)
    for _ in range(700):
        for one in nights:
            one.tick(seconds=2)
    facts = [fact for one in nights for fact in one.facts]
    assert [one for each in nights for one in each.paced] == []
    # The withdrawal took the room of one of them, which moved those behind it.
    assert len([one for one in facts if one.body.kind == "delivery_paced"]) <= 27 + 27
    claims = [one.at for one in facts if isinstance(one.body, DeliveryClaimed)]
    for first in claims:
        assert sum(first <= at < first + RATE.within for at in claims) <= RATE.requests


def test_a_mail_server_may_have_a_budget_too_by_the_entry_of_its_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its kind has none, since each server has another; a quarter is kept for corrections and withdrawals."""
    monkeypatch.setitem(KINDS, PLAYED.name, replace(PLAYED, rate=None))
    night = Night()
    for number in range(1, 9):
        night.say(number)
    assert night.paced == []
    night = Night()
    limited = night.register.channels["social"].model_copy(update={"hourly_max": 8})
    night.register = night.register.model_copy(update={"channels": {"social": limited}})
    for number in range(1, 9):
        night.say(number)
    assert len(night.paced) == 2
    assert "social takes 8 in 60 minutes" in (night.paced[0].reason or "")
    follows = next(iter(night.incident.messages))
    mend = builders.holding(purpose=Purpose.WITHDRAWAL, follows=follows, next_update_at=None, channels=("social",))
    assert night.give(mend)[-1] == "delivery_claimed"
    night.tick(minutes=70)
    assert night.paced == []


def in_doubt(night: Night) -> Delivery:
    """Words of which nobody heard what became of them, on an account whose budget is then used up."""
    night.answers = False
    night.say(1)
    night.answers = True
    (first,) = night.incident.deliveries.values()
    lost = RecordOutcome(delivery_id=first.id, attempt=1, outcome="unknown", reason="no answer came")
    night.give(lost, by="publishing-agent")
    for number in range(2, 5):
        night.say(number)
    assert len(night.paced) == 1
    return night.incident.deliveries[first.id]


def looks(night: Night) -> list[DeliveryUnknown]:
    return [one.body for one in night.facts if isinstance(one.body, DeliveryUnknown) and one.body.look_now]


def test_what_may_be_public_is_looked_at_though_the_budget_is_used(night: Night) -> None:
    """What the look finds is public, and what it does not find waits for the budget as any word does."""
    first = in_doubt(night)
    assert night.tick(seconds=4) == ["delivery_unknown"]
    assert [one.way for one in looks(night)] == [Resolution.READ_BACK]
    other = Night("other", dict(night.spent))
    other.incident, other.now = night.incident, night.now
    seen = RecordOutcome(delivery_id=first.id, attempt=1, outcome="confirmed", receipt=SEEN, looks=1)
    assert other.give(seen, by="publishing-agent")[0] == "delivery_confirmed"
    absent = RecordOutcome(delivery_id=first.id, attempt=1, outcome="absent", reason="not there", looks=1)
    assert night.give(absent, by="publishing-agent")[0] == "delivery_unsent"
    assert night.tick(seconds=4) == ["delivery_asked", "delivery_paced"]
    night.tick(minutes=10)
    night.tick(minutes=10)
    assert {*night.states} == {DeliveryState.CONFIRMED}


def test_a_repeat_that_comes_too_late_for_the_budget_is_looked_at_within_minutes(night: Night) -> None:
    """Several may have been told to send again when there was room for one of them."""
    first = in_doubt(night)
    again = ClaimDelivery(delivery_id=first.id, attempt=2, run="run-1")
    assert night.give(again, by="publishing-agent") == ["delivery_unknown"]
    waiting_still = night.incident.deliveries[first.id]
    assert waiting_still.state is DeliveryState.UNKNOWN
    assert waiting_still.due_at
    assert waiting_still.due_at <= night.now + LONGEST_LOOK
    assert "not sent again: social takes 4 in 2 minutes" in (waiting_still.reason or "")


def test_what_may_be_public_is_looked_at_while_the_incident_is_frozen(night: Night) -> None:
    """Nothing is sent again, and a person hears what there is to stop."""
    in_doubt(night)
    night.give(Freeze(reason="not sure"))
    night.tick(minutes=10)
    assert [one.way for one in looks(night)] == [Resolution.READ_BACK]


def test_what_waited_is_judged_again_as_it_was_judged(night: Night) -> None:
    """The record alone explains it: no finding is made of what another incident had used up."""
    first = in_doubt(night)
    night.give(ClaimDelivery(delivery_id=first.id, attempt=2, run="run-1"), by="publishing-agent")
    night.tick(seconds=9)
    assert looks(night)
    for number in range(5, 10):
        night.say(number)
    night.tick(minutes=10, seconds=11)
    orders = {one.id: {one.content(): one} for one in night.orders}
    assert [*find_misjudged(night.facts, orders, registers={"v": night.register})] == []


def test_nothing_is_claimed_on_a_shut_account_and_what_waits_is_told_to_a_person(night: Night) -> None:
    """Also a correction: somebody else may have the account. On other incidents it is the same, by the register."""
    night.say(1)
    night.say(2)
    night.say(3)
    night.say(4)
    (paced,) = night.paced
    night.register = night.register.model_copy(update={"shut": {"social": STOP}})
    assert gate.is_due(night.incident, night.register)
    assert night.tick(seconds=1) == ["delivery_held"]
    assert not gate.is_due(night.incident, night.register)
    assert [one.what for one in waiting(night.incident, night.now) if one.kind == "held"] == [paced.id]
    assert night.say(5)[-1] == "delivery_held"
    kinds = night.give(
        builders.holding(
            purpose=Purpose.CORRECTION, follows=paced.message_id, next_update_at=None, channels=("social",)
        )
    )
    assert "delivery_claimed" not in kinds
    assert night.give(ReleaseHeld(delivery_id=paced.id)) == ["command_refused"]
    night.tick(minutes=20)
    assert len([one for one in night.facts if one.body.kind == "delivery_claimed"]) == 3


def test_once_it_is_open_what_it_held_goes_out_word_by_word(night: Night) -> None:
    """As after a freeze: a person looks at each; a freeze in between forgets none of them."""
    night.register = night.register.model_copy(update={"shut": {"social": STOP}})
    night.say(1)
    night.say(2)
    assert night.states == [DeliveryState.ASKED] * 2
    night.give(Freeze(reason="not sure"))
    night.register = night.register.model_copy(update={"shut": {}})
    night.give(Resume(reason="sure"))
    first, second = night.incident.deliveries.values()
    assert "delivery_claimed" not in night.tick(minutes=1)
    assert night.give(ReleaseHeld(delivery_id=first.id)) == ["held_released", "delivery_claimed"]
    assert night.give(CancelRelease(message_id=second.message_id, reason="old"))[-1] == "delivery_refused"


@pytest.mark.parametrize(
    ("state", "kind"), [(DeliveryState.ASKED, "delivery_refused"), (DeliveryState.UNKNOWN, "delivery_paced")]
)
def test_a_planned_post_does_not_go_out_on_a_shut_account(state: DeliveryState, kind: str) -> None:
    """A person plans it again; what may be public already is looked at, and not sent again."""
    doubt = state is DeliveryState.UNKNOWN
    asked = Delivery(id="dlv-1", message_id="msg-1", channel="social", state=state, may_be_public=doubt)
    register = builders.register(shut={"social": STOP})
    order = builders.order(Tick(), Plan(id="post-1", mode=LIVE), by="clock", register=register)
    (fact,) = gate.put_off(order, asked)
    assert fact.kind == kind
    assert "account social was shut by Test Comms Lead" in str(fact)
