"""From the order to each receipt as one trace: a collector of the test takes what OTLP over HTTP describes."""

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from agents.adapters.clocks import SystemClock
from agents.adapters.memory.channel import MemoryChannel
from agents.adapters.registers import data_folder, load
from agents.entrypoints.cli.options import Misused
from agents.entrypoints.worker.channels import channels_of
from agents.entrypoints.worker.monitor.span_exporter import traces_url
from agents.entrypoints.worker.monitor.traces import TraceSpan, trace_of, traced
from agents.ports import KeepsRecord, Rejected
from tests import builders
from tests.adapters.channels.dispatches import dispatch as dispatch_of
from tests.entrypoints.commanding import DECLARE, INCIDENT, METHANE, soon
from tests.examples import CHIEF
from tests.scenarios.kill_bench import Service, free_port, service, wait_until

PLACE = "Ysbyty Ardudwy"


@dataclass
class Collector:
    """What was sent, as it was sent, and read by the description of the protocol."""

    port: int
    bodies: list[bytes] = field(default_factory=list)

    def spans(self) -> list[Span]:
        found = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        scopes = [scope for one in found for resource in one.resource_spans for scope in resource.scope_spans]
        return [span for scope in scopes for span in scope.spans]


@pytest.fixture
def collector() -> Iterator[Collector]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            right = (self.path, self.headers["Content-Type"]) == ("/v1/traces", "application/x-protobuf")
            if right:
                found.bodies.append(body)
            self.send_response(200 if right else 400)
            self.send_header("Content-Type", "application/x-protobuf")
            self.end_headers()
            self.wfile.write(ExportTraceServiceResponse().SerializeToString())

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Collector(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def begun(folder: Path, running: Service, url: str) -> None:
    running.worker("serve.log", "--traces", url, log_url=running.log_url)
    running.start()
    running.wait_until_ready()
    assert running.order("declare", INCIDENT, by=CHIEF, file=DECLARE).returncode == 0
    assert folder.is_dir()


def released(running: Service, *more: str) -> None:
    slots = ("--slot", f"place={PLACE}", "--slot", "time=22:30", "--next-update", soon())
    given = more or slots
    done = running.order("release", INCIDENT, "fire", *given, by=CHIEF)
    assert done.returncode == 0, done.stderr


def attributes(span: Span) -> dict[str, str | int]:
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


def named(spans: Sequence[Span], name: str) -> list[Span]:
    return [span for span in spans if span.name == name]


def messages(running: Service) -> list[str]:
    (incident,) = json.loads(running.run("status", INCIDENT, "--json", "--log", running.log_url).stdout)
    return [*incident["messages"]]


def test_a_release_is_one_trace_from_the_order_to_each_receipt(tmp_path: Path, collector: Collector) -> None:
    """Desk, publishing and channel, each inside the one before, with kinds and places and no word of anybody."""
    with service(tmp_path) as running:
        begun(tmp_path, running, f"http://127.0.0.1:{collector.port}/v1/traces")
        released(running)
        wait_until(lambda: len(collector.spans()) >= 5, "the trace has come")
        spans = collector.spans()
        (desk,) = named(spans, "desk")
        published, asked = named(spans, "publishing"), named(spans, "channel")
        (message,) = messages(running)
        assert {span.trace_id for span in spans} == {trace_of("live", message).to_bytes(16)}
        assert desk.parent_span_id == b""
        assert {span.parent_span_id for span in published} == {desk.span_id}
        assert {span.parent_span_id for span in asked} == {span.span_id for span in published}
        assert {attributes(span)["channel"] for span in published} == {"site", "email"}
        assert {attributes(span)["outcome"] for span in published} == {"confirmed"}
        assert {attributes(span)["outcome"] for span in asked} == {"receipt"}
        assert attributes(desk) == {"mode": "live", "purpose": "holding", "channels": 2, "order": "release"}
        around = {span.span_id: span for span in published}
        for span in asked:
            outer = around[span.parent_span_id]
            assert desk.start_time_unix_nano <= outer.start_time_unix_nano <= span.start_time_unix_nano
            assert span.end_time_unix_nano <= outer.end_time_unix_nano
        people = [name for one in load(data_folder()).people.values() for name in (one.id, one.name)]
        said = [INCIDENT, DECLARE["name"], PLACE, *METHANE.values(), *people]
        sent = b"".join(collector.bodies)
        assert [word for word in said if str(word).encode() in sent] == []
        assert running.stop() == 0


def test_each_release_is_a_trace_of_its_own_also_after_a_restart(tmp_path: Path, collector: Collector) -> None:
    with service(tmp_path) as running:
        begun(tmp_path, running, f"http://127.0.0.1:{collector.port}/v1/traces")
        released(running)
        wait_until(lambda: len(collector.spans()) >= 5, "the trace has come")
        running.kill()
        running.start()
        wait_until(lambda: running.workers[0].lines.read_bytes().count(b'"event": "serving"') >= 2, "it serves again")
        released(running, "--slot", f"place={PLACE}", "--purpose", "withdrawal")
        wait_until(lambda: len(collector.spans()) >= 10, "the second trace has come")
        wanted = {trace_of("live", one).to_bytes(16) for one in messages(running)}
        assert {span.trace_id for span in collector.spans()} == wanted
        assert len(wanted) == 2
        assert len({span.span_id for span in collector.spans()}) == len(collector.spans()) == 10


def test_without_a_collector_words_go_out_all_the_same_and_the_worker_ends(tmp_path: Path) -> None:
    with service(tmp_path) as running:
        begun(tmp_path, running, f"http://127.0.0.1:{free_port()}/v1/traces")
        released(running)
        running.wait_until_settled()
        assert set(running.published_on_site().values()) == {1}
        assert running.stop() == 0
        assert running.problems == []


@pytest.mark.parametrize("text", ["127.0.0.1:4318", "ftp://127.0.0.1/v1", "http://", "http://me:word@host/v1/traces"])
def test_an_address_that_is_none_of_a_collector_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(Misused, match=r"as http://127\.0\.0\.1:4318/v1/traces"):
        traces_url(text)


class Refusing(MemoryChannel):
    async def publish(self, *_: object) -> None:  # type: ignore[override] # It never answers.
        raise Rejected("it never takes any")


async def test_a_trace_that_cannot_be_kept_changes_no_outcome(tmp_path: Path) -> None:
    """A receipt stays one, a refusal too, and a channel that keeps a record is still one."""
    heard: list[TraceSpan] = []

    def fails(span: TraceSpan) -> None:
        heard.append(span)
        raise RuntimeError("the queue is broken")

    plain = {
        "site": MemoryChannel(builders.LIVE, pretends_live=True),
        "no": Refusing(builders.LIVE, pretends_live=True),
    }
    found = traced(plain, fails, clock=SystemClock())
    dispatch = dispatch_of("first")
    assert (await found["site"].publish(dispatch)) == await plain["site"].publish(dispatch)
    with pytest.raises(Rejected):
        await found["no"].publish(dispatch)
    assert [span.attributes["outcome"] for span in heard] == ["receipt", "rejected"]
    assert heard[0].span != heard[1].span
    register = load(data_folder(), datetime(2026, 1, 14, tzinfo=UTC))
    live = channels_of(register, mode="live", data=tmp_path, practice=tmp_path / "practice")
    assert {name: isinstance(one, KeepsRecord) for name, one in traced(live, fails, clock=SystemClock()).items()} == {
        name: isinstance(one, KeepsRecord) for name, one in live.items()
    }
