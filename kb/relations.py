"""How norms of different texts stand to each other: written down with its ground, or found.

`relations.yaml` names norms by words of their quote. Same wording is not written down but found:
two norms of different texts whose words, spaces and punctuation aside, are the same or nearly so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import ceil, floor
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from kb import yaml_source
from kb.instrument import Instrument
from kb.meta import Model, Text, Words, check
from kb.norms import Norm
from kb.yaml_source import KeyPath, Source
from ontology.issue import Issue
from ontology.label import Label

RelationKind = Literal[
    "implements", "reports", "same-wording", "revises-figure", "prevails-over", "in-tension"
]
_ALIKE: Final = 0.9
"""Share of characters in common from which two wordings are the same (twins differ in names)."""
_SHORTEST: Final = 8
_ROUNDING: Final = 1e-9
_SAME: Final = Label(
    "文字相同或者几乎相同（自动比对）", "the words are the same or nearly so (found by comparison)"
)


@dataclass(frozen=True, slots=True)
class Relation:
    """`subject` stands to `object` as `kind` says, because of `ground`; both are norms."""

    kind: RelationKind
    subject: Norm
    object: Norm
    ground: Label
    inference: bool
    doubt: Label | None = None


class _End(Model):
    instrument: Text
    provision: Text
    quote: Text


class _Relation(Model):
    kind: RelationKind
    from_: Annotated[_End, Field(alias="from")]
    to: _End
    ground: Words
    inference: bool = False
    doubt: Words | None = None


class _Relations(Model):
    relations: tuple[_Relation, ...]


def read_relations(
    path: Path, shown: str, instruments: Iterable[Instrument]
) -> tuple[tuple[Relation, ...], list[Issue]]:
    """The relations of a file; one whose words are in no norm is an issue at its line."""
    if not path.exists():
        return (), []
    source = yaml_source.read(path, shown)
    model = None if source.issues else check(_Relations, source)
    by_key = {i.key: i for i in instruments}
    found: list[Relation] = []
    for n, relation in enumerate(model.relations if model else ()):
        ends = [
            _norms(source, ("relations", n, name), end, by_key.get(end.instrument))
            for name, end in (("from", relation.from_), ("to", relation.to))
        ]
        found += [
            Relation(
                relation.kind, first, second, relation.ground.label, relation.inference,
                relation.doubt.label if relation.doubt else None,
            )
            for first in ends[0] for second in ends[1]
        ]  # fmt: skip
    return tuple(found), source.issues


def _norms(source: Source, at: KeyPath, end: _End, instrument: Instrument | None) -> list[Norm]:
    """The norms of a provision that these words belong to."""
    provision = instrument.provision(end.provision) if instrument else None
    if instrument is None or provision is None:
        missing = f"{end.instrument} {end.provision}".strip()
        source.issues.append(source.issue(f"there is no {missing}", at))
        return []
    inside = {s.id for s in provision.sentences}
    found = [n for n in instrument.norms if n.sentence in inside and end.quote in n.quote]
    if not found:
        message = f"no norm of {end.provision} has the words {end.quote}"
        source.issues.append(source.issue(message, (*at, "quote")))
    return found


def same_wording(instruments: Iterable[Instrument]) -> Iterator[Relation]:
    """Pairs of norms of two texts in the same words, the later text first."""
    held = sorted((i for i in instruments if i.norms), key=lambda i: (i.issued.written, i.key))
    worded = [tuple(map(_worded, i.norms)) for i in held]
    for n, later in enumerate(worded):
        by_length: dict[int, list[_Worded]] = {}
        for one in later:
            by_length.setdefault(len(one.words), []).append(one)
        for old in (one for earlier in worded[:n] for one in earlier):
            for new in _near(by_length, old):
                yield Relation("same-wording", new.norm, old.norm, _SAME, inference=False)


@dataclass(frozen=True, slots=True)
class _Worded:
    """A norm with its words, spaces and punctuation aside, and their characters."""

    norm: Norm
    words: str
    characters: frozenset[str]


def _worded(norm: Norm) -> _Worded:
    words = re.sub(r"\W", "", norm.quote)
    return _Worded(norm, words, frozenset(words))


def _near(by_length: Mapping[int, list[_Worded]], one: _Worded) -> Iterator[_Worded]:
    """What is alike. Most pairs are told apart by what only one of them can have: length, signs."""
    length = len(one.words)
    # So long may the other be that the shorter of the two can still be 90 % of both.
    shortest = ceil(length * _ALIKE / (2 - _ALIKE) - _ROUNDING)
    longest = floor(length * (2 - _ALIKE) / _ALIKE + _ROUNDING)
    for near in range(max(_SHORTEST, shortest), longest + 1 if length >= _SHORTEST else 0):
        apart = length - _ALIKE / 2 * (length + near) + _ROUNDING
        for other in by_length.get(near, ()):
            few = len(one.characters - other.characters) <= apart
            if few and _alike(one.words, other.words):
                yield other


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    # 不少于3000字 and 不少于4000字 differ in what matters most.
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    if abs(len(one) - len(other)) > len(one) * (1 - _ALIKE) * 2:
        return False
    match = SequenceMatcher(None, one, other, autojunk=False)
    return match.quick_ratio() >= _ALIKE and match.ratio() >= _ALIKE
