"""The results as a page and as JSON."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks import http_bench, sparql_report
from tests.benchmarks.bars import Bar
from tests.benchmarks.decisions import Decisions
from tests.benchmarks.engines import OURS, Engines
from tests.benchmarks.http_bench import Http
from tests.benchmarks.sparql_bench import Sparql

_LIBRARIES = (
    "durable_rules",
    "clipspy",
    "cedarpy",
    "zen-engine",
    "fastapi",
    "uvicorn",
    "pyoxigraph",
    "rdflib",
)


@dataclass(frozen=True)
class Machine:
    """Where and when it ran."""

    date: str
    cpu: str
    cores: int
    load: float
    python: str
    revision: str
    libraries: str


@dataclass(frozen=True)
class Start:
    """Seconds from process start to the first decision."""

    command_line: float
    service: float


@dataclass(frozen=True)
class Results:
    """All that was measured; parts that were left out are None."""

    machine: Machine
    engines: Engines | None
    decisions: Decisions | None
    start: Start | None
    http: Http | None
    sparql: Sparql | None = None

    def bars(self) -> list[Bar]:
        """All bars that were measured."""
        engines = self.engines.bars() if self.engines else []
        http = self.http.bars() if self.http else []
        return engines + http + (self.sparql.bars() if self.sparql else [])


def machine() -> Machine:
    """This machine, now."""
    return Machine(
        date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        cpu=_cpu(),
        cores=os.cpu_count() or 0,
        load=round(os.getloadavg()[0], 1),
        python=platform.python_version(),
        revision=_revision(),
        libraries=", ".join(f"{name} {version(name)}" for name in _LIBRARIES),
    )


def write(results: Results, folder: Path) -> None:
    """RESULTS.md and results.json."""
    folder.joinpath("RESULTS.md").write_text(page(results), "utf-8")
    text = json.dumps(_json(results), ensure_ascii=False, indent=1, sort_keys=True)
    folder.joinpath("results.json").write_text(text + "\n", "utf-8")


def page(results: Results) -> str:
    """The results in Markdown."""
    m = results.machine
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench` (`tests/benchmarks/run.py`); what is compared, and how, is said",
        "in the modules there. Contenders take turns in rounds; times are medians of rounds,",
        "ratios are medians of the ratio within each round, so that what else the machine does",
        "weighs on all alike. Ratios are what counts; times depend on the machine.",
        "",
        f"{m.date}, revision {m.revision}; {m.cpu}, {m.cores} cores, load {m.load} at the start;",
        f"Python {m.python}; {m.libraries}.",
        "",
        "## Bars",
        "",
        *_table(("", "measured", "bar", ""), (_bar(bar) for bar in results.bars())),
    ]
    if results.engines:
        lines += _engines(results.engines)
    if results.decisions:
        lines += _decisions(results.decisions)
    if results.start:
        seconds = results.start
        lines += [
            "",
            "## First decision",
            "",
            "From the start of the process, seconds: command line (to its end)"
            f" {seconds.command_line:.2f}, service (first answer over HTTP, new store)"
            f" {seconds.service:.2f}.",
        ]
    if results.http:
        lines += _http(results.http)
    if results.sparql:
        lines += sparql_report.lines(results.sparql)
    return "\n".join(lines) + "\n"


def _engines(e: Engines) -> list[str]:
    rows = [
        (name, f"{e.timed.micros(name):.1f}", f"{e.timed.ratio(name, OURS):.2f}")
        for name in e.timed.rounds
    ]
    return [
        "",
        "## Engines",
        "",
        f"{e.rules} rules, {e.bits} bits, {e.conjunctions} conjunctions; {e.vectors} distinct",
        f"states, {e.unknown:.0%} of them with something unknown. All contenders gave the same two",
        "masks for every state. Each is timed from its own prepared input (the adapter from the",
        "state, peers from facts coded as small integers) to the two masks.",
        "",
        *_table(("", "µs a question", "times the adapter"), rows),
        "",
        "The bar for zen-engine is against the faster of its forms that hold rules, a row or an",
        "expression each. One formula for all bits is faster still, but holds no rule any more",
        "that could be added, found or traced; it shows how far the engine can be driven.",
    ]


def _decisions(d: Decisions) -> list[str]:
    rows = [(name, f"{d.verdicts.micros(name):.0f}") for name in d.verdicts.rounds]
    f = d.full
    return [
        "",
        "## Whole decisions",
        "",
        "From facts as they come (checked, places resolved, parts split), one process:",
        "",
        *_table(("", "µs"), rows),
        "",
        f"Full answers to the practice cases, ms: p50 {f.p50 / 1e3:.1f}, p95 {f.p95 / 1e3:.1f},"
        f" p99 {f.p99 / 1e3:.1f}, slowest {f.most / 1e3:.1f}.",
    ]


def _http(h: Http) -> list[str]:
    rows = [
        (
            name,
            *(f"{value:.0f}" for value in (e.alone.p50, e.alone.p95, e.alone.p99)),
            f"{e.rate:.0f}",
            *(f"{value / 1e3:.1f}" for value in (e.together.p50, e.together.p99)),
        )
        for name, e in h.endpoints.items()
    ]
    full = h.ratio(http_bench.FULL_RECEIPT, http_bench.FULL_INSERT)
    return [
        "",
        "## HTTP",
        "",
        "`zhunru serve` and the peers are processes of their own, requests come from a third, all",
        f"on the loopback address. A receipt of a verdict takes {h.row} bytes, of a full answer",
        f"{h.full_row}; the peers store rows of that size by the same writer.",
        "",
        *_table(
            (
                "",
                "p50 µs",
                "p95 µs",
                "p99 µs",
                f"answers a second, {http_bench.CONNECTIONS} connections",
                "p50 ms",
                "p99 ms",
            ),
            rows,
        ),
        "",
        f"Full answer with receipt beside the insert of a row as large: {full:.1f} times.",
    ]


def _bar(bar: Bar) -> tuple[str, str, str, str]:
    sign = "≤" if bar.at_most else "≥"
    return bar.name, f"{bar.value:.2f}", f"{sign} {bar.bound:g}", "" if bar.met else "**missed**"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    rule = ["---", *("---:" for _ in head[1:])]
    return ["| " + " | ".join(cells) + " |" for cells in (head, rule, *rows)]


def _json(results: Results) -> dict[str, Any]:
    return {**asdict(results), "bars": [{**asdict(b), "met": b.met} for b in results.bars()]}


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _revision() -> str:
    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    changed = " with changes" if git("status", "--porcelain", "--untracked-files=no") else ""
    return (git("rev-parse", "--short=12", "HEAD") or "unknown") + changed
