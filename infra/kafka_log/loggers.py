"""aiokafka logs thousands of lines while brokers are away: here each of its sentences passes only now and then."""

import logging
import time

SECONDS_BETWEEN = 30.0
LOGGERS = (
    "aiokafka",
    "aiokafka.cluster",
    "aiokafka.conn",
    "aiokafka.consumer.group_coordinator",
    "aiokafka.producer.producer",
    "aiokafka.producer.sender",
)


class OnceInAWhile(logging.Filter):
    """Lets a warning pass if its sentence has not been logged for a while, whatever its arguments."""

    def __init__(self, seconds_between: float = SECONDS_BETWEEN) -> None:
        super().__init__()
        self._seconds_between = seconds_between
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return True
        now = time.monotonic()
        if now - self._said.get(str(record.msg), -self._seconds_between) < self._seconds_between:
            return False
        self._said[str(record.msg)] = now
        return True


def limit_loggers() -> None:
    """Limit aiokafka's loggers; calling it again changes nothing."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(found, OnceInAWhile) for found in logger.filters):
            logger.addFilter(OnceInAWhile())
