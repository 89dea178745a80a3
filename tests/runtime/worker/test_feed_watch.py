"""A feed that is not heard for long is noted once, and once more when it is heard again."""

from datetime import UTC, datetime, timedelta

import pytest

from agents.runtime.worker.feed_watch import NO_PROCESS, feed_news
from streams.subjects import attention
from streams.subjects.register_log import RegisterLog
from streams.telling.attention import told_content
from streams.words.feeds import SILENT_AFTER, TOLD_AFTER, FeedNoted, FeedState, NoteFeed
from tests import builders
from tests.adapters.feeds.sources import ACCOUNT_ID, account
from tests.builders import LIVE, NOW

MINUTE = timedelta(minutes=1)
REGISTER = builders.register(
    partners={"police": builders.partner(id="police", accounts=(account("https://police.example/feed"),))}
)
FAULT = FeedNoted(account=ACCOUNT_ID, partner="police", fault="no answer")


def state(failing: timedelta | None = None, silent: timedelta = timedelta()) -> FeedState:
    since = None if failing is None else NOW - failing
    failure = "no answer" if since else None
    return FeedState(
        mode=LIVE,
        partner="police",
        account_id=ACCOUNT_ID,
        kind="listing",
        at=NOW - silent,
        failing_since=since,
        failure=failure,
    )


def news(
    one: FeedState | None, *known: FeedNoted, begun: datetime = NOW - timedelta(days=1), mode: str = LIVE
) -> list[NoteFeed]:
    states = {one.account_id: one} if one else {}
    return [*feed_news(REGISTER, states, {noted.account: noted for noted in known}, mode=mode, span=(begun, NOW))]


@pytest.mark.parametrize(
    ("one", "fault"),
    [
        (state(), None),
        (state(failing=TOLD_AFTER), None),
        (state(failing=TOLD_AFTER + MINUTE), "no answer"),
        (state(silent=SILENT_AFTER), None),
        (state(silent=SILENT_AFTER + MINUTE), NO_PROCESS),
        (None, NO_PROCESS),
    ],
)
def test_what_is_not_heard_for_long_is_noted_and_what_is_known_is_not_noted_again(
    one: FeedState | None, fault: str | None
) -> None:
    assert [noted.fault for noted in news(one)] == ([fault] if fault else [])
    assert [noted.fault for noted in news(one, FAULT)] == ([] if fault else [None])


def test_a_worker_that_has_just_begun_waits_for_the_process_that_hears() -> None:
    assert news(None, begun=NOW - SILENT_AFTER) == []


def test_an_account_that_the_register_names_no_more_has_no_fault() -> None:
    gone = FAULT.model_copy(update={"account": "did:web:gone.example"})
    assert news(state(), gone) == [NoteFeed(account="did:web:gone.example", partner="police")]


def test_what_was_noted_waits_for_a_person_with_its_reason_until_it_is_heard_again() -> None:
    log, noted = (
        RegisterLog(mode=LIVE),
        NoteFeed(account=ACCOUNT_ID, partner="police", fault="it has moved: register that"),
    )
    log = builders.carried_out(log, noted, by="clock")
    (one,) = attention.waiting(log, NOW)
    assert (one.kind, one.what) == ("feed", ACCOUNT_ID)
    assert [*told_content(one, log, zone=UTC)] == [
        f"account {ACCOUNT_ID} of partner police cannot be heard: it has moved: register that"
    ]
    assert [
        *attention.waiting(builders.carried_out(log, noted.model_copy(update={"fault": None}), by="clock"), NOW)
    ] == []
