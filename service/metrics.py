"""What is counted, in the Prometheus text format (https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counters of one app; its own registry, so that two apps in a process do not share them."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._decisions = Counter(
            "zhunru_decisions",
            "Decisions by kind and verdict.",
            ["kind", "verdict"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "zhunru_decision_seconds",
            "Time to decide one request, without storing it.",
            ["kind", "detail"],
            buckets=(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5),
            registry=self._registry,
        )
        self._responses = Counter(
            "zhunru_http_responses",
            "Responses by method and status.",
            ["method", "status"],
            registry=self._registry,
        )

    def decided(self, kind: str, verdict: str, detail: str, seconds: float) -> None:
        """Count one decision."""
        self._decisions.labels(kind, verdict).inc()
        self._seconds.labels(kind, detail).observe(seconds)

    def responded(self, method: str, status: int) -> None:
        """Count one response."""
        self._responses.labels(method, status).inc()

    def text(self) -> bytes:
        """All counters as text."""
        return generate_latest(self._registry)
