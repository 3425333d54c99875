"""A receiver of OpenTelemetry's metrics on this machine: what a collector would get."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import AggregationTemporality

DELTA = AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA


@dataclass(frozen=True)
class Point:
    """A value that was sent."""

    name: str
    tags: Mapping[str, str]
    value: float
    """Of a histogram: the sum of what it counts."""
    count: int
    delta: bool
    """Whether it tells what is new since the last, and not all since the process began."""


@dataclass
class Received:
    """Everything that was sent so far."""

    port: int
    bodies: list[bytes] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """What sends Airflow's metrics here, as docs/metrics.md has it."""
        return {
            "AIRFLOW__METRICS__OTEL_ON": "True",
            "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": f"http://127.0.0.1:{self.port}/v1/metrics",
            "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": "delta",
            "NO_PROXY": "127.0.0.1",
        }

    def points(self) -> list[Point]:
        """Return every value that was sent."""
        requests = [ExportMetricsServiceRequest.FromString(body) for body in list(self.bodies)]
        return [
            point
            for request in requests
            for resource in request.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            for point in _points(metric)
        ]


@contextmanager
def receiving() -> Iterator[Received]:
    """Listen on a free port for metrics in OTLP over HTTP."""
    received = Received(0)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    received.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _points(metric: Any) -> Iterator[Point]:
    kind = metric.WhichOneof("data")
    data = getattr(metric, kind)
    for point in data.data_points:
        tags = {each.key: each.value.string_value for each in point.attributes}
        counted = kind in ("histogram", "exponential_histogram")
        value = point.sum if counted else point.as_double or point.as_int
        delta = getattr(data, "aggregation_temporality", None) == DELTA
        yield Point(metric.name, tags, value, point.count if counted else 1, delta)
