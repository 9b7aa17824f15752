"""How far two independent annotations of a text agree.

A norm of the second pass is met by that norm of the first whose quote in the same sentence shares
most with its own. What is counted, over the norms of the second pass that are met:

- span: the quotes share at least half of their characters (Dice);
- modality, strength: they are the same;
- bearer: at least one code is common;
- figures: of those with a figure in either pass, the figures are the same. Where one norm of the
  first pass meets several of the second, theirs are taken together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Final, Literal, get_args

What = Literal["account", "norm", "quote", "modality", "strength", "bearer", "figures"]
Value = str | frozenset[str]

RECORDED: Final = "recorded"
ABSENT: Final = "absent"
_FIELDS: Final[tuple[What, ...]] = ("modality", "strength", "bearer", "figures")
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Norm:
    """A norm as one pass has it; `start` is where its quote begins in its sentence."""

    quote: str
    start: int
    modality: str = ""
    strength: str = ""
    bearer: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()

    def share(self, other: Norm) -> float:
        """How much of both quotes is common to them: 0 for nothing, 1 for the same words."""
        end = min(self.start + len(self.quote), other.start + len(other.quote))
        common = max(0, end - max(self.start, other.start))
        return 2 * common / (len(self.quote) + len(other.quote))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as one pass has it."""

    id: str
    text: str
    account: str
    norms: tuple[Norm, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A norm of the second pass, that of the first which meets it, and all that this one meets."""

    first: Norm
    second: Norm
    met: tuple[Norm, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What the passes say otherwise of a sentence or of a norm.

    `quote` is that of the second pass, of the pass that has the norm where only one has it, and
    empty where the whole sentence is accounted for otherwise.
    """

    sentence: str
    quote: str
    what: What
    first: Value
    second: Value


@dataclass(frozen=True, slots=True)
class Resolution:
    """How a difference was decided. Both passes may be wrong, and may have been so alike."""

    difference: Difference
    kept: Value


@dataclass(frozen=True, slots=True)
class Count:
    """Agreement in numbers; `figured` are the pairs with a figure in either pass."""

    sentences: int = 0
    account: int = 0
    first: int = 0
    second: int = 0
    met: int = 0
    span: int = 0
    modality: int = 0
    strength: int = 0
    bearer: int = 0
    figured: int = 0
    figures: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Count)))


def pairs(first: Sentence, second: Sentence) -> tuple[Pair, ...]:
    """The norms of the second pass that are met, in its order."""
    found = [(mine, norm) for norm in second.norms if (mine := _nearest(first, norm))]
    return tuple(
        Pair(mine, norm, tuple(other for meets, other in found if meets == mine))
        for mine, norm in found
    )


def missed(first: Sentence, second: Sentence) -> tuple[Norm, ...]:
    """Norms of the second pass that no norm of the first has a word in common with."""
    return tuple(norm for norm in second.norms if _nearest(first, norm) is None)


def count(first: Sentence, second: Sentence) -> Count:
    """The agreement on one sentence."""
    found = pairs(first, second)
    figured = [p for p in found if p.first.figures or _figures(p)]
    return Count(
        sentences=1,
        account=first.account == second.account,
        first=len(first.norms),
        second=len(second.norms),
        met=len(found),
        span=sum(p.first.share(p.second) >= _HALF for p in found),
        modality=sum(p.first.modality == p.second.modality for p in found),
        strength=sum(p.first.strength == p.second.strength for p in found),
        bearer=sum(bool(p.first.bearer & p.second.bearer) for p in found),
        figured=len(figured),
        figures=sum(p.first.figures == _figures(p) for p in figured),
    )


def differences(first: Sentence, second: Sentence) -> Iterator[Difference]:
    """All that the passes say otherwise of one sentence."""
    if first.account != second.account:
        yield Difference(first.id, "", "account", first.account, second.account)
    for norm in missed(first, second):
        yield Difference(first.id, norm.quote, "norm", ABSENT, RECORDED)
    for norm in missed(second, first):
        yield Difference(first.id, norm.quote, "norm", RECORDED, ABSENT)
    for pair in pairs(first, second):
        mine, norm = pair.first, pair.second
        if mine.share(norm) < _HALF:
            yield Difference(first.id, norm.quote, "quote", mine.quote, norm.quote)
        if mine.modality != norm.modality:
            yield Difference(first.id, norm.quote, "modality", mine.modality, norm.modality)
        if mine.strength != norm.strength:
            yield Difference(first.id, norm.quote, "strength", mine.strength, norm.strength)
        if not mine.bearer & norm.bearer:
            yield Difference(first.id, norm.quote, "bearer", mine.bearer, norm.bearer)
        if mine.figures != _figures(pair):
            yield Difference(first.id, norm.quote, "figures", mine.figures, _figures(pair))


def value(now: Sentence, second: Sentence, difference: Difference) -> Value | None:
    """What the first pass says now where the passes differed; None where it has no such norm."""
    if difference.what == "account":
        return now.account
    if difference.what == "norm":
        return RECORDED if difference.quote in {n.quote for n in now.norms} else ABSENT
    meets = [p.first for p in pairs(now, second) if p.second.quote == difference.quote]
    return getattr(meets[0], difference.what) if meets else None


def restored(now: Sentence, second: Sentence, resolutions: Iterable[Resolution]) -> Sentence:
    """The first pass as it was before `resolutions` (those of this sentence) were applied."""
    given = list(resolutions)
    before = now
    for difference, kept in ((r.difference, r.kept) for r in given):
        if difference.what == "account":
            before = replace(before, account=str(difference.first))
        if difference.what == "norm":
            before = _with(before, difference.quote, present=difference.first == RECORDED)
        if difference.what == "quote":
            norms = tuple(_quoting(n, now.text, kept, difference.first) for n in before.norms)
            before = replace(before, norms=norms)
    meets = {p.second.quote: p.first for p in pairs(before, second)}
    for difference in (r.difference for r in given if r.difference.what in _FIELDS):
        old = meets[difference.quote]
        new = _said(old, difference.what, difference.first)
        before = replace(before, norms=tuple(new if n == old else n for n in before.norms))
        meets = {quote: new if norm == old else norm for quote, norm in meets.items()}
    return before


def table(counts: Mapping[str, Count]) -> Iterator[str]:
    """The lines of a Markdown table of the agreement on each text, and in all."""
    yield (
        "| text | sentences | same account | first | second | met "
        "| span | modality | strength | bearer | figures |"
    )
    yield "|---|" + "--:|" * 10
    for name, c in (*counts.items(), ("in all", sum(counts.values(), Count()))):
        shares = (f"{n / c.met:.1%}" for n in (c.span, c.modality, c.strength, c.bearer))
        cells = (c.sentences, c.account, c.first, c.second, c.met, *shares)
        yield f"| {name} | " + " | ".join(map(str, cells)) + f" | {c.figures} of {c.figured} |"


def outcomes(resolutions: Iterable[Resolution]) -> Iterator[str]:
    """The lines of a Markdown table: how many differences of each kind there were, and what won."""
    columns = ("first", "second", "neither", "both alike")
    tally = Counter((r.difference.what, _won(r)) for r in resolutions)
    yield "| what | differences | first kept | second kept | neither kept | alike, but changed |"
    yield "|---|" + "--:|" * 5
    for what in (*get_args(What), "in all"):
        row = [sum(n for (kind, won), n in tally.items() if won == c and what in (kind, "in all"))
               for c in columns]  # fmt: skip
        yield f"| {what} | {sum(row[:3])} | " + " | ".join(map(str, row)) + " |"


def _won(resolution: Resolution) -> str:
    difference = resolution.difference
    if difference.first == difference.second:
        return "both alike"
    if resolution.kept == difference.first:
        return "first"
    return "second" if resolution.kept == difference.second else "neither"


def _nearest(first: Sentence, norm: Norm) -> Norm | None:
    """The norm of a sentence whose quote shares most with another; none where none shares any."""
    mine = max(first.norms, key=norm.share, default=None)
    return mine if mine and mine.share(norm) else None


def _figures(pair: Pair) -> frozenset[str]:
    return frozenset[str]().union(*(n.figures for n in pair.met))


def _with(sentence: Sentence, quote: str, *, present: bool) -> Sentence:
    others = tuple(n for n in sentence.norms if n.quote != quote)
    if present and others == sentence.norms:
        return replace(sentence, norms=(*others, Norm(quote, sentence.text.index(quote))))
    return sentence if present else replace(sentence, norms=others)


def _quoting(norm: Norm, text: str, kept: Value, first: Value) -> Norm:
    if norm.quote != kept:
        return norm
    return replace(norm, quote=str(first), start=text.index(str(first)))


def _said(norm: Norm, what: What, said: Value) -> Norm:
    """The norm with another value of a field."""
    if isinstance(said, frozenset):
        return replace(norm, bearer=said) if what == "bearer" else replace(norm, figures=said)
    return replace(norm, modality=said) if what == "modality" else replace(norm, strength=said)
