"""How often people are asked: one search for one thing at a time, and nobody can have others woken without end."""

from streams.decisions.authority.turns import AGAIN_AFTER, BEGUN_MAX, BEGUN_WITHIN
from streams.words.sign_off import SeekSignOff
from streams.words.stops import WithdrawDraft
from tests import builders
from tests.builders import COMMANDER, SIGNER
from tests.searches import CHAIR, WAIT_SECONDS, Asking, chain, matter_chain, register


def nobody_answers(night: Asking) -> None:
    """The only one who is asked got the page, and stays silent."""
    night.reports()
    night.wait(WAIT_SECONDS)
    assert night.search.ended


def test_a_sign_off_can_be_sought_again_after_nobody_answered() -> None:
    """Not at once: whoever was just asked is left alone for some minutes."""
    night = Asking(register(chain(COMMANDER)))
    night.draft()
    draft = next(iter(night.incident.drafts))
    again = SeekSignOff(message_id=draft)
    assert "is being sought already" in builders.reasons(night.give(again))
    nobody_answers(night)
    assert "or seek again after 22:41:00 GMT" in builders.reasons(night.give(again))
    night.wait(AGAIN_AFTER.total_seconds() - 1)
    assert builders.kinds(night.give(again)) == ["command_refused"]
    night.wait(1)
    assert builders.kinds(night.give(again)) == ["sign_off_sought", "person_paged"]


def test_another_chain_can_be_asked_at_once_when_the_first_was_in_vain() -> None:
    """They are other people, whom nobody has woken yet."""
    night = Asking(register(chain(COMMANDER), chain(CHAIR, id="quick")))
    night.draft()
    draft = next(iter(night.incident.drafts))
    nobody_answers(night)
    assert builders.kinds(night.give(SeekSignOff(message_id=draft, chain="quick")))[0] == "sign_off_sought"


def test_one_person_cannot_have_people_asked_again_and_again() -> None:
    """Also not by taking each draft back, or in other words; anybody else still can, and they later."""
    night = Asking(register(chain(COMMANDER), matter_chain()))
    for number in range(BEGUN_MAX):
        assert night.draft()[1].kind == "sign_off_sought", number
        night.give(WithdrawDraft(message_id=[*night.incident.drafts][-1], reason="not needed"))
        night.wait(60)
    assert "wait until 22:46:00 GMT" in builders.reasons(night.draft())
    put = SeekSignOff(matter="May we?", chain="police")
    assert "had people asked 10 times just now" in builders.reasons(night.give(put))
    assert night.give(put, by=SIGNER)[0].kind == "sign_off_sought"
    night.wait(BEGUN_WITHIN.total_seconds() - BEGUN_MAX * 60)
    assert night.draft()[1].kind == "sign_off_sought"
    assert "wait until 22:47:00 GMT" in builders.reasons(night.draft())


def test_what_no_chain_is_asked_for_is_handed_in_as_often_as_it_comes() -> None:
    """It wakes nobody."""
    night = Asking(register(matter_chain()))
    for _ in range(BEGUN_MAX * 2):
        assert builders.kinds(night.draft()) == ["line_drafted"]
