"""What was measured of the endpoint, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from tests.benchmarks.sparql_bench import Asked, Profile, Sparql
from tests.benchmarks.sparql_load import CLIENTS, DEADLINE, SHARE
from tests.benchmarks.sparql_queries import BARE, CONTENDERS, OURS, RDFLIB, VIRTUOSO

_HEADS = {
    OURS: "ours, over HTTP",
    BARE: "bare pyoxigraph, in process",
    VIRTUOSO: "Virtuoso, over HTTP",
    RDFLIB: "rdflib, in process",
}


def lines(s: Sparql) -> list[str]:
    """The section."""
    found = [
        "",
        "## SPARQL endpoint",
        "",
        "Made profiles of communities (`sparql_data.py`), asked by the queries of `queries/`; no",
        "contender keeps results, and all gave the same answers. Times are ms, medians of rounds;",
        "ratios are medians of the ratio within each round. Ours holds what follows from the",
        "statements besides, and reads standing indicators from it; the others count anew.",
        "rdflib is asked once.",
        "",
        "Why ad-hoc queries differ: pyoxigraph's memory store finds a statement by following those",
        "of its subject or object one by one, so that what follows, which ours also holds, makes",
        "them twice as slow as bare; Virtuoso 7 reads sorted columns by vectors, and counts and",
        "averages without making rows.",
        "",
        "Why lookups differ: of about 1 ms, what a refused request takes is the client's and the",
        "web server's (below), 0.3 pyoxigraph's to read and answer a query in a worker that had",
        "been idle (a quarter of that in one that never is), 0.1 and more goes by as two processes",
        "wake; the rest is the protocol, who asks, limits, and headers. Virtuoso does all in one",
        "process, in C. Whether anything was published is looked at while the worker runs.",
    ]
    for peer, why in s.left_out.items():
        found += ["", f"Left out: {peer}, because {why}."]
    for profile in s.profiles:
        found += _profile(profile)
    return found


def _profile(p: Profile) -> list[str]:
    names = [name for name in CONTENDERS if name in p.loaded]
    peers = [name for name in names if name != OURS]
    heads = ("", "rows", *(_HEADS[n] for n in names), *(f"ours / {n}" for n in peers))
    ready = [
        (_HEADS[name], f"{p.loaded[name].seconds:.1f}", f"{p.loaded[name].memory / 2**20:.0f}")
        for name in names
    ]
    return [
        "",
        f"### {p.statements:,} statements",
        "",
        f"{p.communities:,} communities and {p.provisions:,} provisions; {p.derived:,} statements",
        "follow. Ready after, from the start of the process to the first answer (ours) or the end",
        "of loading; memory then, of ours all processes, with shared pages counted once:",
        "",
        *_table(("", "s", "MiB"), ready),
        "",
        *_table(heads, (_asked(a, names, peers) for a in p.asked)),
        "",
        *(f"- `{a.name}` {a.kind}: {a.asks}" for a in p.asked),
        "",
        *_load(p),
    ]


def _load(p: Profile) -> list[str]:
    kills = ", ".join(
        f"{name} {median(late):.0f} in the median and {max(late):.0f} at most of {len(late)}"
        for name, late in p.load.late.items()
    )
    apart = ", ".join(
        f"{w / 1e3:.1f} and {b / 1e3:.1f}"
        for w, b in zip(p.load.without, p.load.beside, strict=True)
    )
    grown = ", ".join(f"{kind} {size / 2**20:.1f}" for kind, size in p.growth.items())
    return [
        "A request without a query, refused before the graph is asked, takes",
        f"{p.refused * 1e3:.2f} ms: so much is the web server's, and no lookup can be quicker.",
        f"Kills after the deadline of {DEADLINE} s, ms until the client sees the end: {kills}.",
        f"{CLIENTS} clients are answered {p.load.capacity:.0f} times a second; at {SHARE:.0%} of",
        f"that, their p95 without and with a runaway query beside them, ms by round: {apart}.",
        f"Three exports in a row made a process grow by at most, MiB: {grown}.",
    ]


def _asked(a: Asked, names: Sequence[str], peers: Sequence[str]) -> tuple[str, ...]:
    times = [
        ("> " if name in a.over else "") + _figures(a.timed.micros(name) / 1e3) for name in names
    ]
    ratios = [_figures(a.timed.ratio(OURS, name)) for name in peers]
    return (f"`{a.name}`", f"{a.rows:,}", *times, *ratios)


def _figures(value: float) -> str:
    """Three figures or so."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.4f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    rule = ["---", *("---:" for _ in head[1:])]
    return ["| " + " | ".join(cells) + " |" for cells in (head, rule, *rows)]
