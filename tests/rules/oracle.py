"""Brute force: what a decision must be, by trying every completion of the unknown facts.

Written from DESIGN §4 alone and sharing no code with the engine but the data model: conditions are
evaluated with two values on facts that are all known, and every "known", "may" and "would" is a
quantifier over completions. Only for small vocabularies.

A *world* is one value for each fact, in vocabulary order, and for each doubt whether the period
has begun. Numbers and dates have one value for each region that the rules' constants cut, places
one for each jurisdiction that a rule names and one elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import product
from math import prod

from ontology.vocabulary import Fact
from rules.condition import All, Condition, Either, Not, Test, from_json
from rules.model import Rule, Rulebook
from tests.rules.oracle_values import Value, Words, exact

World = tuple[Value, ...]
Worlds = tuple[tuple[Value, ...], ...]
"""Possible values, fact by fact (and doubt by doubt): the worlds are their product."""

STRICT = (
    "inadmissible",
    "non-compliant",
    "undetermined",
    "conditional",
    "admissible",
    "compliant",
)
BEST = {"permission": "admissible", "standards": "compliant"}


@dataclass(frozen=True)
class Law:
    """What one world comes to: a standing, the fate of each rule, the state of requirements."""

    standing: str
    fates: tuple[str, ...]
    met: Mapping[int, bool]
    curable: Mapping[int, bool]
    deciding: frozenset[int]
    """The rules that require; what is only advised is met or not, and decides nothing."""

    @property
    def barred(self) -> bool:
        """Whether a requirement is unmet that no changeable fact could meet."""
        return any(
            self.fates[i] == "holds" and not self.met[i] and not self.curable[i]
            for i in self.deciding
        )

    @property
    def lacking(self) -> bool:
        """Whether a requirement is unmet."""
        return any(self.fates[i] == "holds" and not self.met[i] for i in self.deciding)


@dataclass(frozen=True)
class Request:
    """What is asked: values given, and values derived for the parts that match a mapping."""

    given: Mapping[str, object]
    derived: tuple[tuple[str, Value, Mapping[str, str]], ...] = ()
    roughly: frozenset[str] = frozenset()
    """Facts of which only a region is known: nothing is computed from them."""

    def answered(self, answers: Mapping[str, Value]) -> Request:
        """The request with further facts given, as one of the values that stand for a region."""
        known = self.roughly | answers.keys()
        return Request({**self.given, **answers}, self.derived, known)

    def changed(self, acts: Mapping[str, Value]) -> Request:
        """The request with facts brought to these very values."""
        return Request({**self.given, **acts}, self.derived, self.roughly)


@dataclass(frozen=True)
class Part:
    """One kind of the task: its codes, where each fact's value is from, and its worlds."""

    codes: Mapping[str, str]
    origins: Mapping[str, str]
    worlds: Worlds


class Oracle:
    """Answers for one kind of a rulebook on one day."""

    def __init__(self, rulebook: Rulebook, kind: str, day: date) -> None:
        self.vocabulary = rulebook.vocabulary
        self.facts = rulebook.vocabulary.facts(kind)
        self.rules = rulebook.rules[kind]
        self.by = rulebook.vocabulary.decision(kind).verdict_by
        self.best = BEST[self.by]
        self.day = day
        self.number = {rule.id: i for i, rule in enumerate(self.rules)}
        self.at = {fact.name: i for i, fact in enumerate(self.facts)}
        self.place = next((f.name for f in self.facts if f.type == "place"), None)
        self.exists = {
            f.name: from_json(f.applies_when) for f in self.facts if f.applies_when is not None
        }
        self.words = Words(rulebook, kind)
        self.signature = self.words.signature
        self.doubts = list(
            dict.fromkeys(
                doubt
                for rule in self.rules
                if (doubt := self._doubt(rule)) and self._begun(rule) == "doubt"
            )
        )
        self.values = [self.words.values(fact) for fact in self.facts]
        self._laws: dict[World, Law] = {}

    @property
    def size(self) -> int:
        """How many worlds there are."""
        return prod(len(values) for values in self.values) << len(self.doubts)

    # --- worlds ----------------------------------------------------------------------------------

    def _doubt(self, rule: Rule) -> tuple[str, date, date] | None:
        period = rule.in_force
        if period.latest is None:
            return None
        return rule.citations[0].instrument, period.start, period.latest

    def _begun(self, rule: Rule) -> str:
        period = rule.in_force
        if self.day < period.start or (period.end is not None and self.day >= period.end):
            return "no"
        return "doubt" if period.latest is not None and self.day < period.latest else "yes"

    # --- one world -------------------------------------------------------------------------------

    def law(self, world: World) -> Law:
        """What the rules come to where everything is known."""
        known = self._laws.get(world)
        if known is None:
            known = self._laws[world] = self._law(world)
        return known

    def _law(self, world: World) -> Law:
        fates: dict[int, str] = {}

        def triggered(rule: Rule) -> bool:
            return self.speaks(rule, world) and self.holds(rule.when, world)

        def fate(i: int) -> str:
            if i not in fates:
                rule = self.rules[i]
                if not triggered(rule):
                    fates[i] = "fails"
                elif any(
                    fate(j) == "holds"
                    for j, other in enumerate(self.rules)
                    if any(d.rule == rule.id for d in other.defeats)
                ):
                    fates[i] = "defeated"
                else:
                    fates[i] = "holds"
            return fates[i]

        all_fates = tuple(fate(i) for i in range(len(self.rules)))
        met, curable = {}, {}
        for i, rule in enumerate(self.rules):
            if rule.requirement is not None:
                met[i] = self.holds(rule.requirement.that, world)
                there = {fact.name for fact in self.facts if self.there(fact.name, world)}
                curable[i] = met[i] or any(
                    self.holds(rule.requirement.that, other, there) for other in self._cured(world)
                )
        holding = {self.rules[i].effect for i, f in enumerate(all_fates) if f == "holds"}
        deciding = frozenset(i for i in met if self.rules[i].effect == "requires")
        applying = {met[i] for i in deciding if all_fates[i] == "holds"}
        standing = self._standing(holding, applying)
        return Law(standing, all_fates, met, curable, deciding)

    def _standing(self, holding: Set[str], met: Set[bool]) -> str:
        """From the effects that hold, and whether the requirements that apply are met."""
        if self.by == "standards":
            if "forbids" in holding or False in met:
                return "violated"
            return "kept" if met else "open"
        if "forbids" in holding:
            return "forbidden"
        return "permitted" if "permits" in holding else "open"

    def _cured(self, world: World) -> Iterator[World]:
        """The world with the facts somebody can change changed in every way (not what exists)."""
        free = [
            self.values[i] if fact.changeable_by != "none" else (world[i],)
            for i, fact in enumerate(self.facts)
        ]
        return ((*facts, *world[len(self.facts) :]) for facts in product(*free))

    def speaks(self, rule: Rule, world: World) -> bool:
        """Whether a rule is in force and of the place."""
        begun = self._begun(rule)
        doubt = self._doubt(rule)
        if begun == "no":
            return False
        if begun == "doubt" and doubt and not world[len(self.facts) + self.doubts.index(doubt)]:
            return False
        if not rule.jurisdiction or self.place is None:
            return True
        return str(world[self.at[self.place]]).startswith(rule.jurisdiction)

    def holds(self, condition: Condition, world: World, there: Set[str] | None = None) -> bool:
        """Two-valued truth of a condition; `there` are the facts that exist, unless the world's."""
        match condition:
            case Test(fact):
                exists = self.there(fact, world) if there is None else fact in there
                return exists and self.words.holds(condition, world[self.at[fact]])
            case All(parts):
                return all(self.holds(part, world, there) for part in parts)
            case Either(parts):
                return any(self.holds(part, world, there) for part in parts)
            case Not(part):
                return not self.holds(part, world, there)

    def there(self, fact: str, world: World) -> bool:
        """Whether a fact exists in a world."""
        return fact not in self.exists or self.holds(self.exists[fact], world)

    # --- what is known ---------------------------------------------------------------------------

    def parts(self, request: Request) -> list[Part]:
        """The parts of a request; none where a set of kinds is given and empty."""
        splits: list[dict[str, str]] = [{}]
        for fact in self.facts:
            codes = request.given.get(fact.name)
            if fact.type != "codes" or codes is None:
                continue
            listed = (codes,) if isinstance(codes, str) else tuple(codes)  # type: ignore[arg-type]
            split = []
            for so_far in splits:
                worlds, _ = self._worlds(request, so_far)
                if not self.may_exist(fact.name, worlds):
                    split.append(so_far)
                else:
                    order = self.vocabulary.code_lists[str(fact.codes)].codes
                    split += [{**so_far, fact.name: c} for c in order if c in listed]
                    if not listed and fact.name in self.exists:
                        split.append(so_far)
            splits = split
        found = []
        for so_far in splits:
            worlds, origins = self._worlds(request, so_far)
            found.append(Part(so_far, origins, worlds))
        return found

    def _worlds(self, request: Request, split: Mapping[str, str]) -> tuple[Worlds, dict[str, str]]:
        derived = {
            name: value
            for name, value, of in request.derived
            if all(split.get(k) == v for k, v in of.items())
        }
        worlds: list[tuple[Value, ...]] = []
        origins: dict[str, str] = {}
        for fact, values in zip(self.facts, self.values, strict=True):
            given = request.given.get(fact.name)
            origins[fact.name] = "given"
            if fact.type == "codes":
                given = split.get(fact.name)
            if given is None and fact.name in derived:
                given, origins[fact.name] = derived[fact.name], "derived"
            if given is None and fact.presumption is not None:
                given, origins[fact.name] = fact.presumption.value, "presumed"
            if given is None and (computed := self._computed(fact, request, derived)) is not None:
                given, origins[fact.name] = computed, "derived"
            if given is None:
                origins[fact.name] = "unknown"
                worlds.append(values)
            else:
                worlds.append((given,))  # type: ignore[arg-type]
        return (*worlds, *((False, True) for _ in self.doubts)), origins

    def _computed(
        self, fact: Fact, request: Request, derived: Mapping[str, Value]
    ) -> Fraction | None:
        """The ratio of two facts that are known, times its factor."""
        if fact.computed is None:
            return None
        operands = []
        for name in (fact.computed.dividend, fact.computed.divisor):
            operand = self.facts[self.at[name]]
            value = request.given.get(name, derived.get(name))
            if value is None and operand.presumption is not None:
                value = operand.presumption.value
            if value is None or name in request.roughly:
                return None
            operands.append(exact(value))  # type: ignore[arg-type]
        above, below = operands
        return above * exact(str(fact.computed.factor)) / below if below else None

    # --- verdicts --------------------------------------------------------------------------------

    def verdict_of(self, laws: Sequence[Law]) -> str:
        """The verdict over completions: first match of DESIGN §4, or by standards."""
        if self.by == "standards":
            if all(law.standing == "violated" for law in laws):
                return "non-compliant"
            kept = any(law.standing == "kept" for law in laws)
            clean = not any(law.standing == "violated" for law in laws)
            return "compliant" if kept and clean else "undetermined"
        if all(law.standing == "forbidden" or law.barred for law in laws):
            return "inadmissible"
        if not all(law.standing == "permitted" for law in laws):
            return "undetermined"
        if any(law.lacking for law in laws):
            return "conditional"
        return "admissible"

    def laws(self, worlds: Worlds) -> list[Law]:
        """What each world of a part comes to."""
        return [self.law(world) for world in product(*worlds)]

    def reason(self, worlds: Worlds) -> str | None:
        """Why one part is undetermined, or None."""
        laws = self.laws(worlds)
        if self.verdict_of(laws) != "undetermined":
            return None
        if all(law.standing == "open" for law in laws):
            return self._silence(worlds)
        verdicts = set()
        for begun in product((False, True), repeat=len(self.doubts)):
            facts = worlds[: len(self.facts)]
            settled = self.laws((*facts, *((b,) for b in begun)))
            verdict = self.verdict_of(settled)
            if verdict == "undetermined" and not all(law.standing == "open" for law in settled):
                return "facts"
            verdicts.add(verdict)
        return "reading" if len(verdicts) > 1 else "facts"

    def _silence(self, worlds: Worlds) -> str:
        if self.place is None:
            return "no-rule"
        places = [str(p) for p in worlds[self.at[self.place]]]
        # Texts of the nation say nothing of whether a place has texts, unless there are no others;
        # nor do texts that only advise or tell.
        deciding = ("forbids", "permits", "requires")
        spoken = [r for r in self.rules if r.jurisdiction and r.effect in deciding] or self.rules
        local = [r for r in spoken if any(p.startswith(r.jurisdiction) for p in places)]
        if not local:
            return "place"
        return "no-rule" if any(self._begun(r) != "no" for r in local) else "day"

    def reached(self, request: Request) -> str:
        """The verdict of a request with at least one part."""
        return strictest(self.verdict_of(self.laws(p.worlds)) for p in self.parts(request))

    def may_speak(self, rule: Rule, worlds: Worlds) -> bool:
        """Whether a rule is in force and of the place in some world."""
        if self._begun(rule) == "no" or not rule.jurisdiction or self.place is None:
            return self._begun(rule) != "no"
        return any(str(p).startswith(rule.jurisdiction) for p in worlds[self.at[self.place]])

    def may_exist(self, fact: str, worlds: Worlds) -> bool:
        """Whether a fact exists in some world."""
        return any(self.there(fact, world) for world in product(*worlds))

    def outcomes(self, request: Request) -> list[tuple[str, str | None]]:
        """Verdict and reason of each part."""
        return [
            (self.verdict_of(self.laws(part.worlds)), self.reason(part.worlds))
            for part in self.parts(request)
        ]

    def verdict(self, request: Request) -> tuple[str, str | None]:
        """The strictest verdict of the parts, with the reason of the first that has it."""
        outcomes = self.outcomes(request)
        if not outcomes:
            return "undetermined", "not-a-task"
        verdict = strictest(v for v, _ in outcomes)
        return verdict, next(r for v, r in outcomes if v == verdict)


def strictest(verdicts: Iterable[str]) -> str:
    """The verdict that stands for several parts."""
    return min(verdicts, key=STRICT.index)
