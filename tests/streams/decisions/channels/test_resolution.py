"""The way out of the unknown, by the row of a kind; and when a look that shows nothing proves something."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from streams.decisions.channels.card import ChannelKind
from streams.decisions.channels.kinds import EMAIL, PLAYED, SITE
from streams.decisions.channels.resolution import LONGEST_LOOK, LOOKS_MAX, absent_from, key_ends, next_look, way_out
from streams.words.delivery import Delivery, DeliveryState, Resolution
from tests.builders import NOW
from tests.networks import FORGETFUL, KEY_LASTS, LOOKED_AT, READ_BACK, SETTLES_AFTER

UNTIL = NOW + timedelta(seconds=10)
A_MOMENT = timedelta(microseconds=1)
SEND, READ, ASK = Resolution.SEND_AGAIN, Resolution.READ_BACK, Resolution.ASK_A_PERSON
BLIND = replace(FORGETFUL, reads_back=False)


def unknown(tried_at: datetime | None = NOW) -> Delivery:
    return Delivery(
        id="dlv-1",
        message_id="msg-1",
        channel="social",
        state=DeliveryState.UNKNOWN,
        may_be_public=True,
        tried_at=tried_at,
        tried_until=UNTIL if tried_at else None,
    )


@pytest.mark.parametrize(
    ("kind", "after", "is_over", "way"),
    [
        (None, timedelta(), False, ASK),
        (SITE, timedelta(days=9), False, SEND),
        (SITE, timedelta(), True, READ),
        (EMAIL, timedelta(), False, ASK),
        (EMAIL, timedelta(), True, ASK),
        (READ_BACK, timedelta(), False, READ),
        (LOOKED_AT, timedelta(), False, ASK),
        (FORGETFUL, KEY_LASTS - A_MOMENT, False, SEND),
        (FORGETFUL, KEY_LASTS, False, READ),
        (FORGETFUL, timedelta(), True, READ),
        (BLIND, KEY_LASTS - A_MOMENT, False, SEND),
        (BLIND, KEY_LASTS, False, ASK),
    ],
)
def test_the_way_out_is_that_of_the_row(
    kind: ChannelKind | None,
    after: timedelta,
    is_over: bool,  # noqa: FBT001 - a table of examples
    way: Resolution,
) -> None:
    """A key holds as long as the channel keeps it, and not for what nobody may send any more."""
    assert way_out(kind, unknown(), now=NOW + after, is_over=is_over) is way


@pytest.mark.parametrize(
    ("kind", "tried_at", "proves"),
    [
        (READ_BACK, NOW, UNTIL + SETTLES_AFTER),
        (LOOKED_AT, NOW, UNTIL + SETTLES_AFTER),
        (READ_BACK, None, None),
        (PLAYED, NOW, None),
        (EMAIL, NOW, None),
        (None, NOW, None),
    ],
)
def test_a_look_proves_absence_once_a_request_has_settled(
    kind: ChannelKind | None, tried_at: datetime | None, proves: datetime | None
) -> None:
    """Counted from the end of the claim: as late as that a worker may have sent it."""
    assert absent_from(kind, unknown(tried_at)) == proves


def test_a_key_ends_for_ever_counted_from_the_first_try() -> None:
    """A row without an end has none, and neither has what was never tried."""
    assert key_ends(FORGETFUL, unknown()) == NOW + KEY_LASTS
    assert (key_ends(SITE, unknown()), key_ends(FORGETFUL, unknown(None)), key_ends(None, unknown())) == (None,) * 3


@pytest.mark.parametrize("looks", range(3))
def test_where_only_a_person_can_tell_they_are_asked_as_soon_as_their_look_proves_something(looks: int) -> None:
    """At once if no time is known, else when nothing can land any more; no look of the service is waited for."""
    assert next_look(looks, now=NOW, absent_from=None, way=ASK) is None
    assert next_look(looks, now=NOW, absent_from=NOW + SETTLES_AFTER, way=ASK) == NOW + SETTLES_AFTER
    assert next_look(looks, now=NOW + SETTLES_AFTER, absent_from=NOW + SETTLES_AFTER, way=ASK) is None


@pytest.mark.parametrize("settles_after", [timedelta(seconds=1), timedelta(seconds=47), timedelta(hours=3), None])
def test_looks_come_further_apart_and_one_of_them_proves_absence(settles_after: timedelta | None) -> None:
    """However long a request may take to settle: the last look is not before that."""
    proves = NOW + settles_after if settles_after else None
    now, looks, seen = NOW, 0, list[datetime]()
    while due := next_look(looks, now=now, absent_from=proves, way=READ):
        assert now < due <= now + max(LONGEST_LOOK, settles_after or LONGEST_LOOK)
        now, looks = due, looks + 1
        seen.append(now)
    assert LOOKS_MAX <= looks <= LOOKS_MAX + 1
    assert proves is None or proves in seen
