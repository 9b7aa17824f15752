"""A text cut into passages, paragraphs and sentences, with the rules that rest on each sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from kb.instrument import Instrument, Sentence
from kb.repairs import Repair
from kb.tree import Node
from rules.model import Rule

# Markdown of a source is its dress, not its words (kb/texts/*/text.txt keeps it).
_DRESS: Final = re.compile(r"^(?:#+|[-*])\s+|\*\*|  +$", re.MULTILINE)
# What the head of the page says already, and lines drawn by the source.
_UNSHOWN: Final = frozenset({"metadata", "rule"})


@dataclass(frozen=True, slots=True)
class Run:
    """Some characters of a passage: its heading, a marked quote, or neither."""

    text: str
    heading: bool = False
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, or what of it stands in one paragraph, under the id it has in the graph.

    `id` is empty for words of no sentence (a mark such as （五）), `first` and `last` say that the
    sentence begins and ends here, and `number` is that of one that rules rest on and that ends
    here, else 0.
    """

    id: str
    runs: tuple[Run, ...]
    number: int = 0
    first: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True)
class Resting:
    """Rules that rest on one sentence; `number` is 0 where they rest on the passage as a whole."""

    number: int
    id: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """What one node of the text says by itself. `label` is empty where it is no provision."""

    eid: str
    level: str
    label: str
    depth: int
    heading: str
    paragraphs: tuple[tuple[Said, ...], ...]
    repairs: tuple[Repair, ...]
    resting: tuple[Resting, ...]
    inferred: bool


def passages(
    instrument: Instrument, rules: Mapping[str, list[tuple[Rule, str]]], quote: str
) -> Iterator[Passage]:
    """The passages of an instrument; `rules` with their quotes by the IRI that they cite.

    `quote` is marked wherever it stands.
    """
    tree, mended = instrument.tree, instrument.mended
    if tree is None or mended is None:
        return
    provisions = {p.eid: p for p in instrument.provisions}

    def below(node: Node, depth: int) -> Iterator[Passage]:
        own_end = node.start + len(node.own)
        if node.level not in _UNSHOWN and (node.own.strip() or node.label):
            provision = provisions.get(node.eid)
            sentences = provision.sentences if provision else ()
            resting = _resting(sentences, rules.get(provision.iri, ()) if provision else ())
            yield Passage(
                eid=node.eid,
                level=node.level,
                label=node.label,
                depth=depth,
                heading=_DRESS.sub("", instrument.text[slice(*node.heading or (0, 0))]),
                paragraphs=tuple(_paragraphs(node, instrument.text, quote, sentences, resting)),
                repairs=mended.touched(node.start, own_end) if node.own.strip() else (),
                resting=resting,
                inferred=bool(node.inferred),
            )
        for child in node.children:
            yield from below(child, depth + 1 if node.label else depth)

    yield from below(tree.root, 0)


def _resting(
    sentences: Sequence[Sentence], cited: Iterable[tuple[Rule, str]]
) -> tuple[Resting, ...]:
    """The rules under the first sentence that they quote, in the order of the text."""
    found: dict[int, dict[str, Rule]] = {}
    for rule, quote in cited:
        # A quote may be part of a sentence or run over several.
        number = next(
            (n for n, s in enumerate(sentences, 1) if quote in s.text or s.text in quote), 0
        )
        found.setdefault(number, {})[rule.id] = rule
    return tuple(
        Resting(number, sentences[number - 1].id if number else "", tuple(rules.values()))
        for number, rules in sorted(found.items())
    )


def _paragraphs(
    node: Node,
    text: str,
    quote: str,
    sentences: Sequence[Sentence],
    resting: Sequence[Resting],
) -> Iterator[tuple[Said, ...]]:
    heading = text[slice(*node.heading)] if node.heading else ""
    numbers = {one.id: one.number for one in resting if one.number}
    waiting = [(s.id, line, n == 0) for s in sentences for n, line in enumerate(_lines(s.text))]
    for words in _lines(node.own):
        yield tuple(_said(words, waiting, numbers, heading, quote))


def _lines(text: str) -> list[str]:
    return [line for raw in _DRESS.sub("", text).split("\n") if (line := raw.strip())]


def _said(
    words: str,
    waiting: list[tuple[str, str, bool]],
    numbers: Mapping[str, int],
    heading: str,
    quote: str,
) -> Iterator[Said]:
    """A line of the text cut into sentences; those found are taken from the waiting ones."""
    runs = tuple(runs_of(words, heading, quote))
    at = 0
    while waiting and (start := words.find(waiting[0][1], at)) >= 0:
        id_, line, first = waiting.pop(0)
        if start > at:
            yield Said("", _cut(runs, at, start))
        at = start + len(line)
        last = not waiting or waiting[0][0] != id_
        yield Said(id_, _cut(runs, start, at), numbers.get(id_, 0) if last else 0, first, last)
    if at < len(words):
        yield Said("", _cut(runs, at, len(words)))


def _cut(runs: Iterable[Run], start: int, end: int) -> tuple[Run, ...]:
    """What of the runs lies between two places."""
    found, at = [], 0
    for run in runs:
        text = run.text[max(start - at, 0) : max(end - at, 0)]
        at += len(run.text)
        if text:
            found.append(replace(run, text=text))
    return tuple(found)


def runs_of(words: str, heading: str, quote: str) -> Iterator[Run]:
    """The words cut where the heading and the quote begin and end."""
    cuts = {0, len(words)}
    spans = {}
    for name, part in (("heading", heading), ("quote", quote)):
        at = words.find(part) if part else -1
        spans[name] = range(at, at + len(part)) if at >= 0 else range(0)
        cuts |= {spans[name].start, spans[name].stop} if spans[name] else set()
    edges = sorted(cuts)
    for start, end in pairwise(edges):
        yield Run(words[start:end], start in spans["heading"], start in spans["quote"])
