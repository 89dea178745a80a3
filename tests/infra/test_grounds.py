"""The table of promises is complete and says something."""

import pytest

from infra.grounds import PROMISES


@pytest.mark.parametrize("name", PROMISES)
def test_every_promise_says_for_each_ground_what_it_means(name: str) -> None:
    promise = PROMISES[name]
    for sentence in (promise.what, promise.sqlite[1], promise.kafka[1]):
        assert sentence.endswith(".")
    assert promise.holds("sqlite") is promise.sqlite[0]
    assert promise.holds("kafka") is promise.kafka[0]


def test_an_unknown_ground_promises_nothing() -> None:
    with pytest.raises(KeyError):
        PROMISES["backup"].holds("paper")
