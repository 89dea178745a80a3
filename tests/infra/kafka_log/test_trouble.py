"""Every error of Kafka becomes one of the log's, with a sentence."""

import pytest
from aiokafka import errors

from infra.kafka_log.trouble import NoBroker, TooSlow, translate, translated
from infra.log import Fenced, LogBusy, LogError, LogUnusable, RecordTooLarge

MEANINGS = [
    (errors.ProducerFenced(), Fenced),
    (errors.IllegalGenerationError(), Fenced),
    (errors.UnknownMemberIdError(), Fenced),
    (errors.MessageSizeTooLargeError(), RecordTooLarge),
    (errors.TopicAuthorizationFailedError("t"), LogUnusable),
    (errors.NotEnoughReplicasError(), LogBusy),
    (errors.KafkaConnectionError(), NoBroker),
    (ConnectionRefusedError(), NoBroker),
    (TimeoutError(), TooSlow),
    (errors.UnsupportedCodecError("no zstd here"), LogUnusable),
    (errors.UnknownError(), LogError),
    (AssertionError("a state nobody expected"), LogError),
    (Fenced("as it was"), Fenced),
]


@pytest.mark.parametrize(("error", "meaning"), MEANINGS)
def test_an_error_has_a_meaning_and_a_sentence(error: Exception, meaning: type[LogError]) -> None:
    found = translate(error)
    assert type(found) is meaning
    assert str(found)


def test_only_errors_of_the_log_leave() -> None:
    with pytest.raises(LogError), translated():
        raise errors.KafkaError("something new")


def test_errors_of_our_own_are_not_hidden() -> None:
    with pytest.raises(KeyError), translated():
        raise KeyError("a mistake")
