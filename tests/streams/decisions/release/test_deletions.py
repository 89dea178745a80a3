"""A message is taken back without a word where its channel can delete: stopping needs no approved text."""

import pytest

from streams.decisions.channels.card import Mend
from streams.decisions.channels.kinds import KINDS
from streams.decisions.desk.order_table import answer
from streams.subjects.incident import Incident
from streams.values import Power, Purpose
from streams.words.delivery import DeliveryAsked, DeliveryState, Verb
from streams.words.incident import StandDown
from streams.words.register.entries import Register
from streams.words.release import DeleteMessage, MessageAuthorised, Release, SignOff
from streams.words.stops import Freeze
from tests import builders
from tests.builders import COMMANDER, NOW, SIGNER, WRITER
from tests.refusals.case import with_people
from tests.refusals.deleting import FIRST, ON_SOCIAL, REGISTER, RELEASED


def given(body: DeleteMessage, incident: Incident, register: Register = REGISTER, by: str = COMMANDER) -> list[object]:
    return [*answer(builders.order(body, incident, by, register=register, id="cmd-delete"))]


def asked(bodies: list[object]) -> dict[str, Verb | None]:
    return {one.channel: one.verb for one in bodies if isinstance(one, DeliveryAsked)}


def test_it_asks_the_channel_that_can_delete_and_no_other() -> None:
    bodies = given(ON_SOCIAL, RELEASED)
    assert asked(bodies) == {"social": Verb.WITHDRAW}
    (yes,) = [one for one in bodies if isinstance(one, MessageAuthorised)]
    assert (yes.message.purpose, yes.message.follows, yes.message.template) == (Purpose.WITHDRAWAL, FIRST, None)
    assert yes.authorisation.power is Power.WITHDRAW


def test_no_word_of_a_template_is_needed_nor_its_approval() -> None:
    """A line, or words whose template is gone since, is deleted all the same."""
    bare = REGISTER.model_copy(update={"templates": {}})
    assert asked(given(ON_SOCIAL, RELEASED, bare)) == {"social": Verb.WITHDRAW}
    drafted = builders.carried_out(RELEASED, builders.line(channels=("social",)), by=WRITER, register=REGISTER)
    (draft,) = drafted.drafts.values()
    yes = SignOff(message_id=draft.id, content_hash=draft.content_hash)
    out = builders.carried_out(drafted, yes, by=SIGNER, register=REGISTER)
    assert asked(given(DeleteMessage(message_id=draft.id), out, bare)) == {"social": Verb.WITHDRAW}


@pytest.mark.parametrize("first", [Freeze(reason="wait"), StandDown(reason="over")], ids=["frozen", "stood-down"])
def test_neither_a_freeze_nor_the_end_keeps_a_person_from_it(first: Freeze | StandDown) -> None:
    incident = builders.carried_out(RELEASED, first, register=REGISTER)
    assert asked(given(ON_SOCIAL, incident)) == {"social": Verb.WITHDRAW}


def test_a_person_who_may_only_withdraw_may_do_it() -> None:
    watcher = builders.person("watcher", Power.WITHDRAW)
    register = with_people(watcher, channels=REGISTER.channels)
    assert asked(given(ON_SOCIAL, RELEASED, register, by="watcher")) == {"social": Verb.WITHDRAW}


def test_the_other_channels_can_still_be_withdrawn_with_words() -> None:
    once = builders.carried_out(RELEASED, ON_SOCIAL, register=REGISTER)
    body = builders.holding(purpose=Purpose.WITHDRAWAL, follows=FIRST, next_update_at=None, channels=("website",))
    assert isinstance(body, Release)
    later = answer(builders.order(body, once, register=REGISTER, id="cmd-later", now=NOW))
    assert asked([*later]) == {"website": Verb.WITHDRAW}


def test_what_was_not_sent_yet_never_is() -> None:
    """As with a withdrawal that has words: what waits for its channel ends there."""
    once, _ = builders.judged(builders.order(ON_SOCIAL, RELEASED, register=REGISTER, id="cmd-1"))[::-1]
    waited = next(one for one in once.deliveries.values() if (one.message_id, one.channel) == (FIRST, "social"))
    assert waited.state is DeliveryState.REFUSED


def test_there_are_kinds_that_delete_and_kinds_that_do_not() -> None:
    """Else the order would be refused everywhere, or nowhere."""
    assert {one.withdraws is Mend.DELETE for one in KINDS.values()} == {True, False}
