"""What is counted, in the text format of Prometheus.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

import os
from functools import cache
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

MULTIPROCESS: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder in which several processes count together, where there are several."""

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

# Methods are the client's words: any other is counted as one, so that no client can add series.
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS: Final = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5)


class Metrics:
    """Counters of one app; its own registry, so that two apps in a process do not share them."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        decisions = Counter(
            "zhunru_decisions",
            "Decisions by kind and verdict.",
            ["kind", "verdict"],
            registry=self._registry,
        )
        seconds = Histogram(
            "zhunru_decision_seconds",
            "Time to decide one request, without storing it.",
            ["kind", "detail"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        responses = Counter(
            "zhunru_http_responses",
            "Responses by method and status.",
            ["method", "status"],
            registry=self._registry,
        )
        queries = Counter(
            "zhunru_queries",
            "SPARQL queries by how they began: answered, or the kind of problem.",
            ["outcome"],
            registry=self._registry,
        )
        # Looking a series up by its labels costs more than counting in it.
        self._decisions = cache(decisions.labels)
        self._seconds = cache(seconds.labels)
        self._responses = cache(responses.labels)
        self._queries = cache(queries.labels)

    def decided(self, kind: str, verdict: str, detail: str, seconds: float) -> None:
        """Count one decision."""
        self._decisions(kind, verdict).inc()
        self._seconds(kind, detail).observe(seconds)

    def responded(self, method: str, status: int) -> None:
        """Count one response."""
        self._responses(method if method in _METHODS else "OTHER", status).inc()

    def queried(self, outcome: str) -> None:
        """Count one query."""
        self._queries(outcome).inc()

    def text(self) -> bytes:
        """All counters as text, those of all processes together."""
        registry = self._registry
        if MULTIPROCESS in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return bytes(generate_latest(registry))
