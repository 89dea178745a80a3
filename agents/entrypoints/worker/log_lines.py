"""Log lines of a worker: one JSON object each on the error stream, and no line again and again."""

import logging
import sys
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer

SECONDS_BETWEEN = 10.0
KEPT = 1_000
LEVELS = ("info", "warning", "error")
"""There is none for less: libraries write at `debug` what they send and get, and that is somebody's words."""
CHATTY = ("faust", "mode", "infra.driver")
"""They say at `info` what only somebody who works on the driver reads."""


@dataclass(slots=True)
class _Line:
    passed_at: float
    left_out: int = 0


class NotAgain(logging.Filter):
    """Leaves out a warning or error that was written within `seconds_between`, alike; the next says how many were.

    What is tried again and again while a log or a channel is away says so now and then, and not at every try.
    What happened, at `info`, is written each time: it may well happen twice.
    """

    def __init__(self, seconds_between: float = SECONDS_BETWEEN, *, seconds: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._seconds_between, self._seconds = seconds_between, seconds
        self._lines: OrderedDict[tuple[str, ...], _Line] = OrderedDict()
        self._alone = Lock()  # A log writes from a thread of its own.

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line passes; `record.left_out` counts those before it that did not."""
        if record.levelno < logging.WARNING:
            return True
        now, key = self._seconds(), _same(record)
        with self._alone:
            known = self._lines.get(key)
            if known and now - known.passed_at < self._seconds_between:
                known.left_out += 1
                return False
            record.left_out = known.left_out if known else 0
            self._lines[key] = _Line(now)
            self._lines.move_to_end(key)
            if len(self._lines) > KEPT:
                self._lines.popitem(last=False)
        return True


def _same(record: logging.LogRecord) -> tuple[str, ...]:
    """What two lines share that say the same, whenever they do."""
    error = repr(record.exc_info[1]) if record.exc_info else ""
    if isinstance(record.msg, dict):
        if record.msg.get("exc_info") is True:  # As structlog writes it, within the handler of the error.
            error = repr(sys.exc_info()[1])
        fields = [f"{name}={value!r}" for name, value in sorted(record.msg.items()) if name != "timestamp"]
        return (record.name, record.levelname, error, *fields)
    return (record.name, record.levelname, error, record.getMessage())


def _count_left_out(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:  # noqa: ANN401 - structlog's own
    """Say in a line how many like it were left out."""
    if left_out := getattr(event.get("_record"), "left_out", 0):
        event["left_out"] = left_out
    return event


def log_lines_as_json(level: str = "info") -> None:
    """Send every log line of one of `LEVELS` or above, the libraries' too, to the error stream as one JSON object."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(NotAgain())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                _count_left_out,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                # Without the values of variables: they may hold somebody's words.
                structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLogger().level))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
