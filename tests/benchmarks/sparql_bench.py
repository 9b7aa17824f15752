"""The analysts' endpoint beside bare pyoxigraph, Virtuoso and rdflib, over the same statements.

Ours and Virtuoso are asked over HTTP, the others in a process of their own without any HTTP. No
contender keeps results, though ours knows search patterns again that it has read of late; each is
asked in its own best way (`queries/`), and all answers are compared before anything is timed. Ours
holds what follows from the statements besides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from statistics import fmean, median
from tempfile import TemporaryDirectory
from typing import Final

import psutil

from kb.inference import GRAPHS
from tests.benchmarks import sparql_load, sparql_service, sparql_virtuoso
from tests.benchmarks.bars import Bar
from tests.benchmarks.rounds import Timed
from tests.benchmarks.sparql_asking import CSV, JSON, Rows, Store, Unanswered, rows_of
from tests.benchmarks.sparql_data import make
from tests.benchmarks.sparql_load import Load
from tests.benchmarks.sparql_queries import (
    AD_HOC,
    BARE,
    EXPORT,
    OURS,
    RDFLIB,
    VIRTUOSO,
    Question,
    questions,
)

Ask = Callable[[str, str], tuple[float, bytes]]

SECONDS_A_TURN: Final = 0.15
"""A contender's turn at a query: as many questions as fit, at least one and at most 30."""
MOST_A_TURN: Final = 30
REFUSED: Final = 200


@dataclass(frozen=True)
class Loaded:
    """What a contender took to be ready, seconds, and the memory it then has, bytes."""

    seconds: float
    memory: int


@dataclass(frozen=True)
class Asked:
    """One query: how many rows, and the times of each contender by round."""

    name: str
    kind: str
    asks: str
    rows: int
    timed: Timed
    over: Mapping[str, float]
    """Those that had no answer within so many seconds: their times are at least that."""


@dataclass(frozen=True)
class Profile:
    """All that was measured at one size."""

    statements: int
    derived: int
    communities: int
    provisions: int
    loaded: Mapping[str, Loaded]
    asked: tuple[Asked, ...]
    growth: Mapping[str, int]
    """Bytes that the largest process of a kind grew by while rows were exported."""
    refused: float
    """Seconds that a request takes which is refused before the graph is asked."""
    load: Load

    def bars(self) -> list[Bar]:
        """The bars of issue 5."""
        size = f"{self.statements / 1e6:.2f} M"
        found = []
        for asked in self.asked:
            if not asked.kind.startswith(AD_HOC) and VIRTUOSO in asked.timed.rounds:
                ratio = asked.timed.ratio(OURS, VIRTUOSO)
                found.append(Bar(f"SPARQL {size}, {asked.name} beside Virtuoso", ratio, 1.0, True))
            if asked.name == EXPORT and BARE in asked.timed.rounds:
                ratio = asked.timed.ratio(OURS, BARE)
                found.append(
                    Bar(f"SPARQL {size}, {asked.name} beside bare store", ratio, 2.0, True)
                )
        if ratios := [a.timed.ratio(RDFLIB, OURS) for a in self.asked if RDFLIB in a.timed.rounds]:
            mean = geometric_mean(ratios)
            found.append(Bar(f"SPARQL {size}, rdflib beside ours, geometric mean", mean, 50.0))
        for kind, grown in self.growth.items():
            name = f"SPARQL {size}, MiB that a {kind} process grows by in an export"
            found.append(Bar(name, grown / 2**20, 16.0, True))
        return [*found, *self.load.bars(size)]


@dataclass(frozen=True)
class Sparql:
    """The profiles by size, and why a peer was left out."""

    profiles: tuple[Profile, ...]
    left_out: Mapping[str, str]

    def bars(self) -> list[Bar]:
        """All bars."""
        return [bar for profile in self.profiles for bar in profile.bars()]


def geometric_mean(ratios: Sequence[float]) -> float:
    """The mean of ratios: of 2 and 1/2 it is 1."""
    return exp(fmean(map(log, ratios)))


@dataclass(frozen=True)
class Effort:
    """How often to ask; `cap` is the seconds that rdflib may take for a query.

    `kills` queries without end of each shape, `crowds` pairs of crowds that ask for `seconds`.
    """

    rounds: int
    cap: float
    kills: int
    crowds: int
    seconds: float


def run(sizes: Sequence[int], effort: Effort) -> Sparql:
    """Measure at each size."""
    left_out = {}
    if not sparql_virtuoso.installed():
        left_out[VIRTUOSO] = f"it is not installed here (Debian: {sparql_virtuoso.PACKAGE})"
    return Sparql(tuple(_profile(size, effort) for size in sizes), left_out)


def _profile(size: int, effort: Effort) -> Profile:
    with TemporaryDirectory(prefix="zhunru-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        made = make(folder, size)
        asking = questions(made.parameters)
        first = asking[0].texts[OURS]
        contenders: dict[str, Ask] = {}
        loaded: dict[str, Loaded] = {}
        service = stack.enter_context(
            sparql_service.serving(made.path, first, **sparql_load.SETTINGS)
        )
        contenders[OURS] = service.endpoint.ask
        loaded[OURS] = Loaded(service.seconds, service.memory())
        if sparql_virtuoso.installed():
            scratch = folder / "virtuoso"
            scratch.mkdir()
            serving = sparql_virtuoso.serving(scratch, made.path, made.statements)
            endpoint, pid, seconds = stack.enter_context(serving)
            contenders[VIRTUOSO] = endpoint.ask
            loaded[VIRTUOSO] = Loaded(seconds, _memory(pid))
        for engine in (BARE, RDFLIB):
            store = Store(engine, made.path)
            stack.callback(store.close)
            contenders[engine] = _capped(store, effort.cap) if engine == RDFLIB else store.ask
            loaded[engine] = Loaded(store.loaded, _memory(store.pid))
        found = tuple(_asked(question, contenders, effort) for question in asking)
        export = next(question for question in asking if question.name == EXPORT)
        growth = _growth(service, export.texts[OURS])
        derived = _derived(service)
        refused = median(service.endpoint.refused() for _ in range(REFUSED))
        load = sparql_load.run(
            service.endpoint.port,
            asking,
            kills=effort.kills,
            rounds=effort.crowds,
            seconds=effort.seconds,
        )
    return Profile(
        statements=made.statements,
        derived=derived,
        communities=made.communities,
        provisions=made.provisions,
        loaded=loaded,
        asked=found,
        growth=growth,
        refused=refused,
        load=load,
    )


def _capped(store: Store, cap: float) -> Ask:
    return lambda text, form: store.ask(text, form, cap)


def _asked(question: Question, contenders: Mapping[str, Ask], effort: Effort) -> Asked:
    form = CSV if question.name == EXPORT else JSON
    times: dict[str, list[float]] = {}
    over: dict[str, float] = {}
    answers: dict[str, Rows] = {}
    for name, ask in contenders.items():
        try:
            seconds, body = ask(question.texts[name], JSON)
        except Unanswered:
            if name != RDFLIB:
                raise
            seconds = over[name] = effort.cap
        else:
            answers[name] = rows_of(body)
        if name == RDFLIB:  # asked this once: it takes long, and the ratio is far from the bar
            times[name] = [seconds * 1e6] * effort.rounds
    _same(question, answers, contenders)
    names = [name for name in contenders if name != RDFLIB]
    counts = dict.fromkeys(names, 1)
    for turn in range(effort.rounds + 1):
        at = turn % len(names)
        for name in (*names[at:], *names[:at]):
            text, ask = question.texts[name], contenders[name]
            taken = [ask(text, form)[0] for _ in range(counts[name])]
            if turn == 0:  # warms up, and tells how often to ask
                counts[name] = _count(min(taken))
            else:
                times.setdefault(name, []).append(median(taken) * 1e6)
    rows = sum(answers[BARE].values())
    timed = Timed({name: tuple(found) for name, found in times.items()})
    return Asked(question.name, question.kind, question.asks, rows, timed, over)


def _count(seconds: float) -> int:
    return max(1, min(MOST_A_TURN, int(SECONDS_A_TURN / seconds)))


def _same(question: Question, answers: Mapping[str, Rows], contenders: Mapping[str, Ask]) -> None:
    """Raises RuntimeError where a contender answers otherwise than the bare store."""
    expected = answers[BARE]
    if not expected:
        raise RuntimeError(f"{question.name} finds nothing")
    if question.limited:
        all_rows = rows_of(contenders[BARE](question.unlimited(BARE), JSON)[1])
        wrong = [n for n, r in answers.items() if r - all_rows or r.total() != expected.total()]
    else:
        wrong = [name for name, rows in answers.items() if rows != expected]
    for name in wrong:
        own = answers[name]
        more, less = list((own - expected).items())[:2], list((expected - own).items())[:2]
        counts = f"{own.total()} rows for {expected.total()}"
        raise RuntimeError(f"{question.name}: {name} has {counts}; more {more}, less {less}")


def _derived(service: sparql_service.Service) -> int:
    """How many statements of ours follow from others."""
    graphs = f'FILTER(STRSTARTS(STR(?graph), "{GRAPHS}"))'
    text = f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?graph {{ ?s ?p ?o }} {graphs} }}"
    return int(service.endpoint.ask(text, CSV)[1].split()[1])


def _growth(service: sparql_service.Service, text: str) -> dict[str, int]:
    """What an export makes the processes grow by, once they are warm."""
    watch = sparql_service.Watch(service.processes())
    with watch:
        for _ in range(3):
            service.endpoint.ask(text, CSV)
    return watch.grown


def _memory(pid: int) -> int:
    return int(psutil.Process(pid).memory_info().rss)
