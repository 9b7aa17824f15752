"""What a query may name, found by what it is called in Chinese or English.

For completion in editors: classes and properties, those of the vocabularies we reuse too, codes,
instruments, bodies and places. Whoever types 居委会 is offered zr:ResidentsCommittee.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from ontology.ids import BASE
from ontology.label import Label
from service.sparql.asking import Graph
from service.sparql.prefixes import load_prefixes
from service.sparql.terms import Term

Kind = Literal["class", "property", "code", "instrument", "body", "place"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
MOST: Final = 50

_TERMS: Final = Path(__file__).with_name("terms.rq")
_USED: Final = Path(__file__).with_name("used.rq")
_ROWS: Final = 100_000
_SECONDS: Final = 60.0
_MAIN: Final = ("label", "prefLabel", "title")
# A local name that needs no escapes (SPARQL 1.1, PN_LOCAL).
_LOCAL: Final = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_KINDS_WEIGH: Final[Mapping[Kind, float]] = {
    "class": 0.0,
    "property": 0.2,
    "code": 0.6,
    "instrument": 0.8,
    "body": 0.8,
    "place": 1.0,
}


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name: how a query writes it, and what it is called.

    `names` are all its names, each as it is written and as it is compared; `scheme` is the list of
    a code; `used` how often a class or a property is used.
    """

    iri: str
    written: str
    kind: Kind
    label: Label
    names: tuple[tuple[str, str], ...]
    scheme: str = ""
    used: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found, and by which of its names."""

    named: Named
    by: str


class Terms:
    """What can be named in a store, read once for each generation. May raise Failed."""

    def __init__(self, store: Graph) -> None:
        self._store = store
        self._found: tuple[str, tuple[Named, ...]] = ("", ())
        self._lock = asyncio.Lock()

    async def find(self, words: str, prefer: Kind | None = None, most: int = MOST) -> list[Hit]:
        """What is called so, the best first. Raises Failed."""
        return found(await self._all(), words, prefer)[:most]

    async def generation(self) -> str:
        """The generation that answers. Raises Failed."""
        return (await self._store.current()).generation

    async def _all(self) -> tuple[Named, ...]:
        async with self._lock:
            generation = await self.generation()
            if self._found[0] != generation:
                named, counted = [
                    (await self._store.first(path.read_text("utf-8"), _ROWS, _SECONDS)).rows
                    for path in (_TERMS, _USED)
                ]
                self._found = generation, read_named(named, counted)
            return self._found[1]


def read_named(
    rows: Iterable[Sequence[Term | None]], counted: Sequence[Sequence[Term | None]]
) -> tuple[Named, ...]:
    """The rows of `terms.rq` and `used.rq` as what is named.

    Properties of other vocabularies, which have no label here, are named by their IRIs.
    """
    used = {term.text: int(count.text) for _, term, count in counted if term and count}
    words: dict[tuple[str, Kind], dict[str, None]] = {}
    labels: dict[str, dict[str, str]] = {}
    schemes: dict[str, str] = {}
    for kind, term, says, word, scheme in rows:
        if not (kind and term and says and word):
            continue
        key = next(known for known in KINDS if known == kind.text)
        words.setdefault((term.text, key), {})[word.text] = None
        if says.text.rpartition("#")[2] in _MAIN:
            language = word.language or "zh"
            labels.setdefault(term.text, {}).setdefault(language, word.text)
        if scheme:
            schemes[term.text] = scheme.text
    told = [
        Named(
            iri,
            written(iri),
            kind,
            _label(labels.get(iri, {}), next(iter(called))),
            _names(iri, called),
            schemes.get(iri, ""),
            used.get(iri, 0),
        )
        for (iri, kind), called in words.items()
    ]
    known = {iri for iri, _ in words}
    bare = [
        _bare(term.text, used[term.text])
        for kind, term, _ in counted
        if kind and term and kind.text == "property" and term.text not in known
    ]
    return (*told, *bare)


def found(named: Iterable[Named], words: str, prefer: Kind | None = None) -> list[Hit]:
    """What is called by some words, the best first: called so, then so in part."""
    wanted = _folded(words)
    if not wanted:
        return []
    ranked = []
    for one in named:
        kind = _KINDS_WEIGH[one.kind] - (1.5 if one.kind == prefer else 0)
        fits = [(fit, name) for name, called in one.names if (fit := _fit(wanted, called)) >= 0]
        if fits:
            fit, by = min(fits, key=lambda pair: (pair[0], len(pair[1])))
            ranked.append((fit + kind, len(by), -one.used, one.written, Hit(one, by)))
    return [hit for *_, hit in sorted(ranked, key=lambda rank: rank[:-1])]


def written(iri: str) -> str:
    """An IRI as a query writes it: short where a prefix of ours fits."""
    for prefix, namespace in load_prefixes().items():
        local = iri.removeprefix(namespace)
        if local != iri and _LOCAL.fullmatch(local):
            return f"{prefix}:{local}"
    return f"<{iri}>"


def _fit(wanted: str, name: str) -> float:
    """How well a name fits; below 0 not at all. A Chinese word's head stands at its end."""
    if wanted == name:
        return 0
    if name.startswith(wanted) or name.endswith(wanted):
        return 0.5
    if wanted in name:
        return 1
    letters = iter(name)
    within = len(wanted) > 1 and all(letter in letters for letter in wanted)
    return 2 if within and len(name) <= 3 * len(wanted) else -1


def _names(iri: str, words: Iterable[str]) -> tuple[tuple[str, str], ...]:
    local = iri.removeprefix(BASE).rpartition("#")[2].rpartition("/")[2]
    return tuple((name, _folded(name)) for name in dict.fromkeys((*words, written(iri), local)))


def _folded(text: str) -> str:
    return "".join(text.casefold().split())


def _label(called: Mapping[str, str], other: str) -> Label:
    zh = called.get("zh") or called.get("en") or other
    return Label(zh, called.get("en") or zh)


def _bare(iri: str, used: int) -> Named:
    short = written(iri)
    return Named(iri, short, "property", Label(short, short), _names(iri, ()), "", used)
