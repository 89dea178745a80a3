"""The exporter of spans: by OTLP over HTTP, with the libraries of OpenTelemetry, which only this module imports."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from agents.entrypoints.cli.options import Misused
from agents.entrypoints.worker.monitor.traces import TraceSpan

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.id_generator import IdGenerator

SERVICE = "holdingline"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
QUEUE_MAX = 2_048
EXPORT_SECONDS = 1.0
ANSWER_SECONDS_MAX = 3.0


def traces_url(text: str) -> str:
    """The address of a collector; `Misused` if it is none."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        do = "write the address that takes OTLP over HTTP, as http://127.0.0.1:4318/v1/traces"
        raise Misused(f"{text} is no address of a collector of traces: {do}")
    return text


class SpanExporter:
    """Sends spans from a thread of its own; what a collector does not take in time is dropped, and nothing waits."""

    def __init__(self, url: str) -> None:
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - an extra
            from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - as above
            from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - as above
            from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - as above
            from opentelemetry.sdk.trace.sampling import ALWAYS_ON  # noqa: PLC0415 - as above
        except ImportError:
            do = "install `holdingline[traces]`, whose pins are in constraints.txt"
            raise Misused(f"traces need libraries that are not installed: {do}") from None
        self._names = _Names()
        resource = Resource({"service.name": SERVICE})
        names = cast("IdGenerator", self._names)
        self._provider = TracerProvider(ALWAYS_ON, resource, shutdown_on_exit=False, id_generator=names)
        out = OTLPSpanExporter(endpoint=url, timeout=ANSWER_SECONDS_MAX)
        pause = EXPORT_SECONDS * 1000
        self._provider.add_span_processor(BatchSpanProcessor(out, QUEUE_MAX, schedule_delay_millis=pause))
        self._tracer = self._provider.get_tracer(SERVICE)

    def __call__(self, span: TraceSpan) -> None:
        """Queue a span that has ended."""
        from opentelemetry import trace  # noqa: PLC0415 - as above

        self._names.trace, self._names.span = span.trace, span.span
        context = None
        if span.parent is not None:
            sampled = trace.TraceFlags(trace.TraceFlags.SAMPLED)
            parent = trace.SpanContext(span.trace, span.parent, is_remote=True, trace_flags=sampled)
            context = trace.set_span_in_context(trace.NonRecordingSpan(parent))
        made = self._tracer.start_span(
            span.name, context=context, attributes=dict(span.attributes), start_time=_nanoseconds(span.begins)
        )
        made.end(end_time=_nanoseconds(span.ends))

    def close(self) -> None:
        """Send what is queued, or give it up after some seconds; it blocks its thread."""
        self._provider.shutdown()


def _nanoseconds(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND * 1_000


class _Names:
    """Gives a span the names that were set for it, where OpenTelemetry would draw some."""

    trace = span = 1

    def generate_trace_id(self) -> int:
        return self.trace

    def generate_span_id(self) -> int:
        return self.span

    def is_trace_id_random(self) -> bool:
        return False
