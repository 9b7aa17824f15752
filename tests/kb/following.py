"""What follows from statements by OWL 2 RL, forward from each statement, in plain Python.

The same rules as `kb/derived`, by other means: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal

Triple = tuple[str, str, str]
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
QB = "http://purl.org/linked-data/cube#"
ELI = "http://data.europa.eu/eli/ontology#"
ID = "https://zhunru.example/id/"
NS = "https://zhunru.example/ns#"
TYPE = f"<{RDF}type>"
_LINE = re.compile(r"(\S+) (\S+) (.+?)(?: (<[^<>\"]*>))? \.")


def quads(lines: Iterable[str]) -> Iterator[tuple[Triple, str]]:
    """The statements of N-Quads lines, each with its graph ("" for the unnamed one)."""
    for line in filter(None, lines):
        found = _LINE.fullmatch(line)
        assert found, line
        yield (found[1], found[2], found[3]), (found[4] or "")[1:-1]


def zr(name: str) -> str:
    return f"<{NS}{name}>"


class Facts:
    """Statements with what each new one leads to."""

    def __init__(self, stated: Iterable[Triple]) -> None:
        self.all: set[Triple] = set()
        self.by_subject: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.by_object: dict[tuple[str, str], set[str]] = defaultdict(set)
        waiting = list(stated)
        self.wider, self.inverses = defaultdict(set), defaultdict(set)
        self.above: dict[str, set[str]] = defaultdict(set)
        self.transitive = set()
        for s, p, o in waiting:
            match p:
                case p if p == f"<{RDFS}subPropertyOf>":
                    self.wider[s].add(o)
                case p if p == f"<{RDFS}subClassOf>":
                    self.above[s].add(o)
                case p if p == f"<{OWL}inverseOf>":
                    self.inverses[s].add(o)
                    self.inverses[o].add(s)
                case p if p == TYPE and o == f"<{OWL}TransitiveProperty>":
                    self.transitive.add(s)
        while waiting:
            triple = waiting.pop()
            if triple not in self.all and not triple[0].startswith('"'):
                self.all.add(triple)
                self.by_subject[triple[:2]].add(triple[2])
                self.by_object[triple[1:]].add(triple[0])
                waiting += self._follows(*triple)

    def _follows(self, s: str, p: str, o: str) -> Iterator[Triple]:
        yield from ((s, wider, o) for wider in self.wider[p])
        yield from ((o, inverse, s) for inverse in self.inverses[p])
        if p == TYPE:
            yield from ((s, TYPE, above) for above in self.above[o])
            yield from self._committees(s)
            for community in self.by_object[zr("hasBody"), s]:
                yield from self._committees(community)
        if p == zr("hasBody"):
            yield from self._committees(s)
        if p in self.transitive:
            yield from ((s, p, end) for end in self.by_subject[o, p])
            yield from ((start, p, o) for start in self.by_object[p, s])

    def _committees(self, community: str) -> Iterator[Triple]:
        if zr("Community") in self.by_subject[community, TYPE]:
            kinds = {k for b in self.by_subject[community, zr("hasBody")] for k in self.of(b, TYPE)}
            if zr("ResidentsCommittee") in kinds:
                yield community, TYPE, zr("UrbanCommunity")
            if zr("VillagersCommittee") in kinds:
                yield community, TYPE, zr("RuralCommunity")

    def of(self, subject: str, predicate: str) -> set[str]:
        return self.by_subject.get((subject, predicate), set())

    def one(self, subject: str, predicate: str) -> str:
        (value,) = self.of(subject, predicate)
        return value

    def things(self, kind: str) -> set[str]:
        return self.by_object.get((TYPE, zr(kind)), set())


def counted(facts: Facts) -> set[Triple]:
    """The observations of the standing indicators, counted one by one."""
    found: set[Triple] = set()
    norms = Counter(
        (instrument, modality, strength)
        for norm in facts.things("Norm")
        for modality in facts.of(norm, TYPE)
        if zr("Norm") in facts.of(modality, f"<{RDFS}subClassOf>")
        for instrument in facts.of(norm, f"<{ELI}is_part_of>")
        for strength in facts.of(norm, zr("strength"))
    )
    for (instrument, modality, strength), n in norms.items():
        key = f"{_last(instrument)}--{_last(modality).lower()}--{_last(strength)}"
        keys = {"Instrument": instrument, "Modality": modality, "Strength": strength}
        found |= _observation("norms", key, keys, "normCount", integer(n))
    rules = {
        (kind, instrument, rule)
        for rule in facts.things("Rule")
        for kind in facts.of(rule, zr("decidesKind"))
        for citation in facts.of(rule, zr("cites"))
        for instrument in facts.of(citation, zr("citedInstrument"))
    }
    for (kind, instrument), n in Counter(pair[:2] for pair in rules).items():
        keys = {"Kind": kind, "Instrument": instrument}
        key = f"{_last(kind)}--{_last(instrument)}"
        found |= _observation("rules", key, keys, "ruleCount", integer(n))
    return found | set(_places(facts))


def _places(facts: Facts) -> Iterator[Triple]:
    for place in {s for s, p, _ in facts.all if p == zr("divisionCode")}:
        inside = facts.by_object[zr("within"), place] & facts.things("Community")
        households = [
            int(value.split('"')[1]) for c in inside for value in facts.of(c, zr("households"))
        ]
        figures = {
            ("communities", "communityCount"): integer(len(inside)),
            ("urban-communities", "urbanCommunityCount"): integer(
                len(inside & facts.things("UrbanCommunity"))
            ),
            ("households", "averageHouseholds"): _mean(households),
        }
        code = facts.one(place, zr("divisionCode"))[1:-1]
        for (dataset, measure), value in figures.items():
            if value and not value.startswith('"0"'):
                yield from _observation(dataset, code, {"Place": place}, measure, value)
                level = f"<{ID}code/administrative-levels/{_level(code)}>"
                yield f"<{ID}standing/{dataset}/{code}>", zr("placeLevel"), level


def _observation(
    dataset: str, key: str, keys: dict[str, str], measure: str, value: str
) -> set[Triple]:
    name = f"<{ID}standing/{dataset}/{key}>"
    return {
        (name, TYPE, f"<{QB}Observation>"),
        (name, f"<{QB}dataSet>", f"<{ID}dataset/{dataset}>"),
        *((name, zr(f"counted{dimension}"), term) for dimension, term in keys.items()),
        (name, zr(measure), value),
    }


def integer(number: int) -> str:
    return f'"{number}"^^<{XSD}integer>'


def _mean(numbers: list[int]) -> str:
    if not numbers:
        return ""
    mean = (Decimal(sum(numbers)) / len(numbers)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f'"{mean.normalize():f}"^^<{XSD}decimal>'


def _level(code: str) -> str:
    if code == "000000":
        return "central"
    if code.endswith("0000"):
        return "provincial"
    return "prefectural" if code.endswith("00") else "county"


def _last(iri: str) -> str:
    return re.split(r"[/#]", iri[1:-1])[-1]
