"""One account of a partner is stopped alone: its others go on, and the same one action lets it go on again."""

import json
from datetime import UTC, timedelta

import pytest

from streams.chain import hash_of
from streams.codec import decode
from streams.decisions.desk.order_table import answer
from streams.projections.inbox import YES
from streams.subjects.attention import waiting
from streams.subjects.fold import fold_all
from streams.subjects.incident import Incident
from streams.subjects.register_log import RegisterLog
from streams.telling.attention import told_content
from streams.telling.facts import picture, told
from streams.topics import FACTS
from streams.values import LIVE
from streams.words.facts import CommandRefused, Fact
from streams.words.register.accounts import PartnerStopped
from streams.words.register.changes import in_force
from streams.words.register.entries import Register
from streams.words.register.partners import PartnerAccount
from streams.words.release import Amplify, LineDrafted, MessageAuthorised
from streams.words.sign_off import SignOffSought
from streams.words.stops import ResumePartner, StopPartner
from tests import builders, searches
from tests.builders import COMMANDER, NOW, WRITER

AGENT = "amplification-agent"
FIRST, SECOND = "did:vale:1", "urn:vale:cap"
LATER = NOW + timedelta(minutes=1)


def two_accounts(*, posts_max: int = 6) -> Register:
    further = PartnerAccount(
        kind="cap",
        account_id=SECOND,
        domain="alerts.vale.example",
        address="https://alerts.vale.example/",
        evidence="They read it out on the telephone.",
    )
    partner = builders.partner(accounts=(further,), posts_max=posts_max)
    chains = {"any": searches.chain(COMMANDER)}
    return builders.register(partners={"ambulance": partner}, chains=chains)


def post(number: int, account: str, text: str = "Crew {} is here.") -> Amplify:
    return Amplify(
        credit=builders.credit(post_id=f"post-{number}", account_id=account), text=text.format(number), posted_at=NOW
    )


def stop(account: str | None) -> StopPartner:
    return StopPartner(partner="ambulance", account_id=account, reason="it was taken over")


def goes_out(account: str, incident: Incident, register: Register) -> bool:
    [first, *_] = answer(builders.order(post(99, account), incident, AGENT, register=register))
    assert isinstance(first, MessageAuthorised | LineDrafted)
    return isinstance(first, MessageAuthorised)


@pytest.mark.parametrize("everywhere", [False, True])
def test_the_other_accounts_of_the_partner_go_on(everywhere: bool) -> None:  # noqa: FBT001 - a case of the table
    """Stopped in this incident, or in all of them."""
    register, incident = two_accounts(), builders.declared()
    if everywhere:
        log = builders.carried_out(RegisterLog(mode=LIVE), stop(FIRST), by=WRITER, register=register)
        register = in_force(register, log.changes)
    else:
        incident = builders.carried_out(incident, stop(FIRST), by=WRITER, register=register)
    assert not goes_out(FIRST, incident, register)
    assert goes_out(SECOND, incident, register)


def test_a_fact_from_before_accounts_were_told_apart_still_stops_the_whole_partner() -> None:
    """Read as it was stored by the release before."""
    incident = builders.declared()
    old = PartnerStopped(partner="ambulance", partner_name="Vale Ambulance", reason="too many posts")
    [fact] = builders.facts_of(incident, [old])
    stored = json.loads(fact.model_dump_json())
    assert "account_id" not in stored["body"]
    read = decode(FACTS, json.dumps({**stored, "hash": hash_of(stored)}).encode())
    assert isinstance(read, Fact)
    incident = fold_all(incident, [read])
    assert not goes_out(FIRST, incident, two_accounts())
    assert not goes_out(SECOND, incident, two_accounts())


def test_a_burst_of_one_account_stops_that_account_and_no_other() -> None:
    """At most its rate goes out; the others have theirs; people are asked once."""
    register, incident, bodies = two_accounts(posts_max=2), builders.declared(), []
    for number in range(9):
        facts, incident = builders.judged(builders.order(post(number, FIRST), incident, AGENT, register=register))
        bodies += [fact.body for fact in facts]
    assert [type(one) for one in bodies].count(MessageAuthorised) == 2
    assert [one.account_id for one in bodies if isinstance(one, PartnerStopped)] == [FIRST]
    assert [type(one) for one in bodies].count(SignOffSought) <= 1
    assert goes_out(SECOND, incident, register)


def test_odd_posts_stop_the_account_that_sent_them() -> None:
    """What another account of the partner sent does not count against it."""
    register, incident, bodies = two_accounts(), builders.declared(), []
    for number, account in enumerate([FIRST, SECOND, FIRST, SECOND, SECOND]):
        body = post(number, account, "Only today {} % off.")
        facts, incident = builders.judged(builders.order(body, incident, AGENT, register=register))
        bodies += [fact.body for fact in facts]
    assert [one.account_id for one in bodies if isinstance(one, PartnerStopped)] == [SECOND]
    assert goes_out(FIRST, incident, register)


def test_it_waits_as_an_account_and_the_one_action_that_is_offered_ends_it() -> None:
    """Where it is stopped everywhere, and where it is stopped in one incident."""
    register = two_accounts()
    for state in (RegisterLog(mode=LIVE), builders.declared()):
        stopped = builders.carried_out(state, stop(FIRST), stop(SECOND), by=WRITER, register=register)
        [one] = waiting(stopped, NOW)
        assert (one.kind, one.what) == ("stopped-account", "ambulance")
        said = "\n".join(told_content(one, stopped, zone=UTC))
        assert FIRST in said
        assert SECOND in said
        [offered] = YES["stopped-account"](stopped, "ambulance")
        assert list(waiting(builders.carried_out(stopped, offered, by=WRITER, id="on"), LATER)) == []
        plain = ResumePartner(partner="ambulance", reason="they are theirs")
        assert list(waiting(builders.carried_out(stopped, plain, by=WRITER, id="on"), LATER)) == []


def test_a_yes_to_one_account_resumes_no_other_that_was_stopped_meanwhile() -> None:
    register = two_accounts()
    seen = builders.carried_out(builders.declared(), stop(FIRST), by=WRITER, register=register)
    [offered] = YES["stopped-account"](seen, "ambulance")
    then = builders.carried_out(seen, stop(SECOND), by=WRITER, register=register, id="meanwhile")
    on = builders.carried_out(then, offered, by=WRITER, register=register, id="on")
    assert goes_out(FIRST, on, register)
    assert not goes_out(SECOND, on, register)
    assert "stopped: account urn:vale:cap of ambulance" in "\n".join(picture(on, zone=UTC))


def test_a_yes_to_one_account_leaves_the_partner_stopped() -> None:
    register = two_accounts()
    both = builders.carried_out(builders.declared(), stop(FIRST), by=WRITER, register=register)
    both = builders.carried_out(both, stop(None), by=WRITER, register=register, id="whole")
    assert [one.kind for one in waiting(both, NOW)] == ["stopped-partner"]
    one = ResumePartner(partner="ambulance", reason="it is theirs", accounts=(FIRST,))
    assert not goes_out(FIRST, builders.carried_out(both, one, by=WRITER, id="on"), register)


def test_an_account_of_another_is_not_stopped_and_the_facts_name_the_account() -> None:
    [refused] = answer(builders.order(stop("did:other:1"), builders.declared(), WRITER, register=two_accounts()))
    assert isinstance(refused, CommandRefused)
    [fact] = answer(builders.order(stop(SECOND), builders.declared(), WRITER, register=two_accounts()))
    assert told(fact).startswith("STOPPED, no post of Vale Ambulance from account urn:vale:cap goes out by itself")
