"""Invented kinds of channels: one for each way in which a network may count, fail and keep an order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from streams.decisions.channels.card import ChannelKind
from streams.decisions.channels.kinds import KINDS, PLAYED
from streams.words.delivery import Resolution

SETTLES_AFTER = timedelta(seconds=30)
KEY_LASTS = timedelta(minutes=1)

SENT_AGAIN = replace(PLAYED, name=Resolution.SEND_AGAIN.value, settles_after=SETTLES_AFTER)
READ_BACK = replace(
    PLAYED, name=Resolution.READ_BACK.value, resolution=Resolution.READ_BACK, settles_after=SETTLES_AFTER
)
LOOKED_AT = replace(
    PLAYED,
    name=Resolution.ASK_A_PERSON.value,
    resolution=Resolution.ASK_A_PERSON,
    reads_back=False,
    settles_after=SETTLES_AFTER,
)
FORGETFUL = replace(READ_BACK, name="forgetful", resolution=Resolution.SEND_AGAIN, key_lasts=KEY_LASTS)
"""It knows a key again for a while only."""
ORDERLY = replace(PLAYED, name="orderly", in_order=True)
BY_RESOLUTION = {one.resolution: one for one in (SENT_AGAIN, READ_BACK, LOOKED_AT)}
NETWORKS: tuple[ChannelKind, ...] = (*BY_RESOLUTION.values(), FORGETFUL, ORDERLY)


@pytest.fixture(scope="module")
def networks() -> Iterator[None]:
    """While a module's tests run, the table has these kinds too."""
    with pytest.MonkeyPatch.context() as patch:
        for one in NETWORKS:
            patch.setitem(KINDS, one.name, one)
        yield
