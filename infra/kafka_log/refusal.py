"""Why no broker lets us in: asked once more of one of them, since aiokafka only says that none answered."""

import ssl
from typing import Any

from aiokafka import errors
from aiokafka.conn import create_conn

from infra.kafka_log.settings import KafkaLogSettings
from infra.log import LogError, LogUnusable


async def reason_of(settings: KafkaLogSettings) -> LogError | None:
    """What keeps us out, in a sentence; None if no broker listens or answers: then our settings are not the cause."""
    for broker in settings.bootstrap:
        try:
            connection = await _connect(broker, settings)
        except (errors.KafkaError, OSError, TimeoutError) as error:
            found = _reason(error, broker, settings)
            if found is not None:
                return found
        else:
            connection.close()
    return None


async def _connect(broker: str, settings: KafkaLogSettings) -> Any:
    host, _, port = broker.rpartition(":")
    known = settings.client("log")
    return await create_conn(
        host, int(port), request_timeout_ms=known["request_timeout_ms"], **settings.access.options()
    )


def _reason(error: BaseException, broker: str, settings: KafkaLogSettings) -> LogError | None:
    access = settings.access
    # aiokafka wraps what the socket said.
    causes = [error, error.__cause__, error.__context__]
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in causes):
        said = next(one for one in causes if isinstance(one, ssl.SSLCertVerificationError))
        return LogUnusable(f"The certificate of {broker} is not to be trusted: {said.verify_message}.")
    if any(isinstance(one, ssl.SSLError) for one in causes):
        return LogUnusable(f"{broker} does not speak TLS as this side does: look at its listener and its port.")
    if isinstance(error, errors.SaslAuthenticationFailed):
        return LogUnusable(
            f"The cluster does not let {access.username} in: the password or the user is wrong, or {access.mechanism} "
            "is not how it was made."
        )
    if isinstance(error, errors.UnsupportedSaslMechanismError):
        return LogUnusable(f"The cluster does not speak {access.mechanism}: name the mechanism that it offers.")
    return None
