"""Kafka's errors as errors of the log, each with a sentence for the operator."""

from collections.abc import Iterator
from contextlib import contextmanager

from aiokafka import errors

from infra.log import Fenced, LogBusy, LogError, LogUnusable, RecordTooLarge, TopicMismatch

_FENCED = (
    errors.ProducerFenced,
    errors.InvalidProducerEpoch,
    errors.InvalidProducerIdMapping,
    errors.InvalidTxnState,
    errors.IllegalGenerationError,
    errors.UnknownMemberIdError,
    errors.RebalanceInProgressError,
)
_FORBIDDEN = (
    errors.TopicAuthorizationFailedError,
    errors.GroupAuthorizationFailedError,
    errors.ClusterAuthorizationFailedError,
    errors.TransactionalIdAuthorizationFailed,
    errors.SaslAuthenticationFailed,
    errors.IllegalSaslStateError,
    errors.UnsupportedSaslMechanismError,
)
_TOO_LARGE = (errors.MessageSizeTooLargeError, errors.RecordListTooLargeError, errors.RecordTooLargeError)


class NoBroker(LogBusy):
    """No broker answers: nothing is lost, the worker goes on when the cluster is back."""


class TooSlow(LogError):
    """The cluster did not answer in time; what was asked may still have happened."""


def translate(error: BaseException) -> LogError:
    """Say in a sentence what Kafka has answered."""
    if isinstance(error, LogError):
        return error
    if isinstance(error, _FENCED):
        return Fenced()
    if isinstance(error, _FORBIDDEN):
        return LogUnusable(f"The cluster does not let this worker in, look at its user and its rights: {error!r}.")
    if isinstance(error, errors.UnsupportedCodecError):
        return LogUnusable(f"{error}: have the brokers undo it, by compression.type=uncompressed on the topic.")
    if isinstance(error, _TOO_LARGE):
        return RecordTooLarge(f"The cluster refused a record for its size: {error}.")
    if isinstance(error, errors.InvalidPartitionsError):
        return TopicMismatch()
    if isinstance(error, errors.NotEnoughReplicasError | errors.NotEnoughReplicasAfterAppendError):
        return LogBusy("Too few brokers have the newest records: nothing is written until more of them are back.")
    if isinstance(error, TimeoutError | errors.RequestTimedOutError | errors.KafkaTimeoutError):
        return TooSlow()
    if isinstance(error, errors.KafkaConnectionError | OSError):
        return NoBroker()
    return LogError(f"The cluster refused: {error!r}.")


@contextmanager
def translated() -> Iterator[None]:
    """Raise whatever aiokafka raises as an error of the log."""
    try:
        yield
    except LogError:
        raise
    except (errors.KafkaError, OSError, TimeoutError, NotImplementedError, AssertionError) as error:
        # An assertion: aiokafka's state machines assert although its docstrings promise an error.
        raise translate(error) from error
