"""Look-alikes in the register's log: each is noted once, people are told once, and one person settles them."""

from datetime import UTC
from typing import Any

from streams.decisions.desk.order_table import answer
from streams.decisions.sign_off.concerns import rule_for
from streams.projections.inbox import answers
from streams.subjects.attention import waiting
from streams.subjects.register_log import LOOK_ALIKES_KEPT, RegisterLog
from streams.telling.attention import told_content
from streams.telling.facts import told
from streams.values import LIVE
from streams.words.facts import CommandRefused
from streams.words.register.partners import LookAlikeNoted, LookAlikesSettled, NoteLookAlike, SettleLookAlikes
from tests import builders
from tests.builders import NOW, NURSE, WRITER

AGENT = "amplification-agent"
SETTLE = SettleLookAlikes(imitates="ambulance", reason="I told its network.")


def look_alike(number: int = 1, **changes: Any) -> NoteLookAlike:
    plain: dict[str, Any] = {"account_id": f"did:fake:{number}", "domain": "va1e.example", "post_id": "post-1"}
    return NoteLookAlike(**{**plain, "imitates": "ambulance", "evidence": "its domain looks the same", **changes})


def noted(*given: NoteLookAlike) -> RegisterLog:
    log = RegisterLog(mode=LIVE)
    for number, one in enumerate(given):
        log = builders.carried_out(log, one, by=AGENT, id=f"cmd-{number}")
    return log


def test_an_account_is_noted_once_and_people_are_told_once_of_all_that_imitate_one_partner() -> None:
    """Fifty look-alikes wake somebody once; each is shown with its evidence."""
    log = noted(*map(look_alike, range(50)), look_alike(3))
    [one] = waiting(log, NOW)
    assert (one.kind, one.what, rule_for(one.kind, builders.register()).pages) == ("look-alike", "ambulance", "now")
    lines = list(told_content(one, log, zone=UTC))
    assert len(lines) == len(log.look_alikes["ambulance"]) == 50
    assert lines[0].startswith("LOOK-ALIKE of ambulance: did:fake:0 at va1e.example: ")
    assert [*waiting(noted(look_alike(), look_alike(2, imitates="ourselves")), NOW)][1].what == "ourselves"


def test_however_many_there_are_the_newest_are_known_and_the_state_does_not_grow() -> None:
    log = noted(*map(look_alike, range(LOOK_ALIKES_KEPT + 5)))
    known = log.look_alikes["ambulance"]
    assert len(known) == LOOK_ALIKES_KEPT
    assert known[-1].account_id == f"did:fake:{LOOK_ALIKES_KEPT + 4}"


def test_one_person_settles_them_and_what_comes_later_is_told_again() -> None:
    log = noted(look_alike())
    [first] = waiting(log, NOW)
    (offered,) = answers(first, log)
    assert offered.kind == SETTLE.kind
    log = builders.carried_out(log, SETTLE, by=WRITER)
    assert list(waiting(log, NOW)) == []
    log = builders.carried_out(log, look_alike(2), by=AGENT)
    assert [one.key for one in waiting(log, NOW)] != [first.key]


def test_the_facts_say_what_was_seen_and_what_was_done() -> None:
    [seen] = answer(builders.order(look_alike(handle="vale"), RegisterLog(mode=LIVE), AGENT))
    assert isinstance(seen, LookAlikeNoted)
    assert told(seen) == (
        "LOOK-ALIKE of ambulance: did:fake:1 at va1e.example, called “vale”: its domain looks the same"
    )
    [done] = answer(builders.order(SETTLE, noted(look_alike()), WRITER))
    assert isinstance(done, LookAlikesSettled)
    assert told(done) == "the accounts that look like ambulance are settled: I told its network."


def test_who_may_stop_no_partner_settles_none() -> None:
    [refused] = answer(builders.order(SETTLE, noted(look_alike()), NURSE))
    assert isinstance(refused, CommandRefused)
    assert refused.who_could
