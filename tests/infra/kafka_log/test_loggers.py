"""An outage is logged once in a while, not at every try."""

import logging

import pytest

from infra.kafka_log.loggers import LOGGERS, OnceInAWhile, limit_loggers


def test_a_sentence_is_said_once_in_a_while(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever it is about; another sentence is said at once."""
    logger = logging.getLogger("test-quiet")
    logger.addFilter(OnceInAWhile())
    with caplog.at_level(logging.WARNING):
        for node in range(100):
            logger.warning("Node %s is away", node)
        logger.warning("All nodes are back")
    assert caplog.messages == ["Node 0 is away", "All nodes are back"]


def test_a_sentence_is_said_again_later(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("test-quiet-later")
    logger.addFilter(OnceInAWhile(seconds_between=0))
    with caplog.at_level(logging.WARNING):
        logger.warning("Away")
        logger.warning("Away")
    assert caplog.messages == ["Away", "Away"]


def test_limiting_twice_is_limiting_once() -> None:
    limit_loggers()
    limit_loggers()
    for name in LOGGERS:
        assert len([found for found in logging.getLogger(name).filters if isinstance(found, OnceInAWhile)]) == 1
