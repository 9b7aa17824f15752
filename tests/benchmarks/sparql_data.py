"""Profiles of communities that nobody lives in: as many statements as are asked for, always alike.

Counties, prefectures and provinces are those of GB/T 2260 that have one name and one place above
them, so that what lies in what has one reading. Streets and communities are made: a committee with
its posts, households and people, premises with an area; every county met has a list of what
communities assist with, and every 200 communities bring an instrument of some 150 provisions, put
together from clauses of the real ones. All in the terms of the ontology, whose graph goes along.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from kb.library import load_library
from kb.quads import ELI, RDFS, XSD, Graph, literal
from kb.vocabulary_graph import vocabulary_quads
from ontology.ids import (
    body_iri,
    code_iri,
    graph_iri,
    instrument_iri,
    list_iri,
    list_row_iri,
    place_iri,
    provision_iri,
)
from ontology.places import Place
from ontology.validate import CONTENT, read
from ontology.vocabulary import load_vocabulary

SEED: Final = 20200630
PER_STREET: Final = 5
PER_INSTRUMENT: Final = 200
CHAPTERS: Final = 6
SECTIONS: Final = 8
KINDS: Final = ("publicity", "safety-and-prevention", "approval", "assessment")
URBAN: Final = ("111", "112", "121")
RURAL: Final = ("210", "220")
POSTS: Final = ("director", "deputy-director", "member", "worker")
PARTS: Final = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
NAMES: Final = (
    "和平", "建设", "光明", "文化", "民主", "前进", "永安", "长寿", "新华", "胜利", "团结", "东风",
    "幸福", "迎春", "向阳", "清泉",
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """The file that every contender loads, and what to ask for in it."""

    path: Path
    statements: int
    communities: int
    provisions: int
    parameters: dict[str, str]


def make(folder: Path, statements: int) -> Made:
    """Write the file into a folder: N-Quads, sorted as `zhunru build` sorts them."""
    profiles = Profiles(random.Random(SEED))
    words = list(vocabulary())
    lines = sorted({*words, *profiles.until(statements - len(words))})
    path = folder / "graph.nq"
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())
    return Made(path, len(lines), profiles.communities, profiles.provisions, profiles.parameters())


def vocabulary() -> Iterator[str]:
    """The graph of the ontology, its codes and the divisions."""
    return vocabulary_quads(read(CONTENT), load_vocabulary().places.places, ())


class Profiles:
    """Makes statements, and keeps count of what they are about."""

    def __init__(self, chance: random.Random) -> None:
        self.communities = 0
        self.provisions = 0
        self._chance = chance
        self._counties = counties()
        self._chance.shuffle(self._counties)
        self._listed: set[str] = set()
        self._lists = Graph(graph_iri("profiles/lists"))
        self._last = ""

    def until(self, statements: int) -> Iterator[str]:
        """At least so many statements, ending with a whole community."""
        made = 0
        while made < statements:
            for line in self._next():
                made += 1
                yield line

    def parameters(self) -> dict[str, str]:
        """IRIs that queries ask about: of things in the middle of what was made."""
        county = self._counties[0].code
        made = self.provisions // (CHAPTERS * SECTIONS)
        key = f"made-{max(0, made // 4)}"
        return {
            "community": place_iri(f"{county}001000"),
            "graph": graph_iri(f"profiles/{county[:2]}"),
            "province": place_iri(f"{county[:2]}0000"),
            "county": place_iri(county),
            "instrument": instrument_iri(key),
            "chapter": provision_iri(key, "sec_3"),
            "provision": provision_iri(key, "sec_3__sub_4__p_1"),
        }

    def _next(self) -> Iterator[str]:
        n = self.communities
        county = self._counties[n % len(self._counties)]
        turn = n // len(self._counties)
        graph = Graph(graph_iri(f"profiles/{county.code[:2]}"))
        street = f"{county.code}{turn // PER_STREET + 1:03}"
        name = NAMES[(n * 7 + turn) % len(NAMES)]
        if turn % PER_STREET == 0:
            yield from self._street(graph, county, street, name)
        yield from self._community(graph, county, street, turn % PER_STREET, name)
        if county.code not in self._listed:
            self._listed.add(county.code)
            yield from self._list(county)
        self.communities += 1
        if n % PER_INSTRUMENT == 0:
            yield from self._instrument(n // PER_INSTRUMENT, county)

    def _street(self, graph: Graph, county: Place, code: str, name: str) -> Iterator[str]:
        iri = place_iri(code)
        yield from graph.type(iri, "Place")
        yield from graph.text(iri, RDFS + "label", f"{county.name}{name}街道", "zh")
        yield graph.link(iri, "partOf", place_iri(county.code))

    def _community(
        self, graph: Graph, county: Place, street: str, number: int, name: str
    ) -> Iterator[str]:
        chance = self._chance
        iri = place_iri(f"{street}{number:03}")
        urban = chance.random() < 0.4
        title = f"{name}{PARTS[number]}{'社区' if urban else '村'}"
        households = chance.randrange(200, 6000)
        yield from graph.type(iri, "Community", "UrbanCommunity" if urban else "RuralCommunity")
        yield from graph.text(iri, RDFS + "label", title, "zh")
        yield from graph.text(iri, "fullName", f"{county.name}{title}")
        yield graph.link(iri, "partOf", place_iri(street))
        code = chance.choice(URBAN if urban or chance.random() < 0.1 else RURAL)
        yield graph.link(iri, "urbanRuralClass", code_iri("urban-rural-classes", code))
        yield graph.number(iri, "populationServed", households * 3 - chance.randrange(households))
        if chance.random() < 0.96:  # some state none
            yield graph.number(iri, "households", households)
        yield from self._committee(graph, iri, f"{street}{number:03}", title, urban)
        if chance.random() < 0.9:
            yield from self._premises(graph, iri, title)

    def _committee(
        self, graph: Graph, community: str, code: str, title: str, urban: bool
    ) -> Iterator[str]:
        iri = body_iri(f"committee-{code}")
        yield graph.link(community, "hasBody", iri)
        yield from graph.type(iri, "ResidentsCommittee" if urban else "VillagersCommittee")
        yield from graph.text(
            iri, RDFS + "label", f"{title}{'居' if urban else '村'}民委员会", "zh"
        )
        for n in range(self._chance.randrange(5, 10)):
            post = f"{iri}#post-{n + 1}"
            yield from graph.type(post, "Post")
            yield graph.link(post, "postIn", iri)
            yield graph.link(post, "postKind", code_iri("post-kinds", POSTS[min(n, 3)]))

    def _premises(self, graph: Graph, community: str, title: str) -> Iterator[str]:
        iri = f"{community}#premises"
        yield from graph.type(iri, "WorkPremises")
        yield from graph.text(iri, RDFS + "label", f"{title}工作用房", "zh")
        yield graph.link(iri, "facilityOf", community)
        area = f"{self._chance.randrange(80, 1500)}.{self._chance.randrange(1, 10)}"
        yield graph.line(iri, "number", literal(area, datatype=XSD + "decimal"))
        yield from graph.text(iri, "unitOfMeasure", "平方米")

    def _list(self, county: Place) -> Iterator[str]:
        graph, key = self._lists, f"made-{county.code}"
        iri = list_iri(key)
        yield from graph.type(iri, "AssistList", "List")
        yield from graph.text(iri, ELI + "title", f"{county.name}社区协助工作事项清单", "zh")
        yield graph.link(iri, "jurisdiction", place_iri(county.code))
        for n in range(1, self._chance.randrange(4, 9)):
            row = list_row_iri(key, n)
            yield from graph.type(row, "AssistEntry")
            yield graph.link(row, "entryOf", iri)
            yield graph.number(row, "entryNumber", n)
            yield from graph.text(row, "text", f"协助做好{self._chance.choice(clauses())[:12]}")
            kind = self._chance.choice(KINDS)
            yield graph.link(row, "taskKind", code_iri("task-kinds", kind))

    def _instrument(self, number: int, county: Place) -> Iterator[str]:
        key = f"made-{number}"
        iri, graph = instrument_iri(key), Graph(graph_iri(f"doc/{key}"))
        year = 2010 + number % 10
        yield from graph.type(iri, "Instrument")
        yield from graph.text(
            iri, ELI + "title", f"{county.name}城乡社区治理意见（{number}）", "zh"
        )
        yield from graph.text(iri, "documentNumber", f"试发〔{year}〕{number}号")
        place = f"{county.code[:2]}0000"
        yield graph.link(iri, "jurisdiction", place_iri(place))
        yield graph.line(iri, "issued", literal(f"{year}-06-30", datatype=XSD + "date"))
        for chapter in range(1, CHAPTERS + 1):
            at = f"sec_{chapter}"
            yield from self._provision(graph, key, at, iri, PARTS[chapter - 1], chapter)
            for section in range(1, SECTIONS + 1):
                under, label = (
                    f"{at}__sub_{section}",
                    f"{PARTS[chapter - 1]}（{PARTS[section - 1]}）",
                )
                above = provision_iri(key, at)
                yield from self._provision(graph, key, under, above, label, section)
                above = provision_iri(key, under)
                for n in range(1, self._chance.randrange(2, 4)):
                    name = f"{label}第{PARTS[n - 1]}段"
                    yield from self._provision(graph, key, f"{under}__p_{n}", above, name, n)

    def _provision(
        self, graph: Graph, key: str, eid: str, above: str, label: str, order: int
    ) -> Iterator[str]:
        self.provisions += 1
        iri = provision_iri(key, eid)
        yield from graph.type(iri, "Provision")
        yield graph.link(iri, "parent", above)
        yield graph.link(iri, ELI + "is_part_of", instrument_iri(key))
        yield from graph.text(iri, "label", label)
        yield graph.number(iri, "order", order)
        if "__" in eid:
            text = ""
            while len(text) < 90:
                text += self._chance.choice(clauses())
            yield from graph.text(iri, "text", text)


@cache
def clauses() -> Sequence[str]:
    """The clauses of the real provisions, four characters and more."""
    texts = [p.text for i in load_library().instruments for p in i.provisions if p.text]
    return [c for text in texts for c in re.split(r"(?<=[，。；：])", text) if len(c) > 3]


def counties() -> list[Place]:
    """The counties with one name, in one prefecture, in one province, by their codes."""
    records: dict[str, list[Place]] = {}
    for place in load_vocabulary().places.places:
        records.setdefault(place.code, []).append(place)

    def plain(code: str | None) -> Iterable[Place]:
        found = records.get(code or "", [])
        return found if len(found) == 1 and found[0].end is None else []

    return [
        county
        for code in sorted(records)
        for county in plain(code)
        if county.level == "county"
        for prefecture in plain(county.parent)
        if prefecture.level == "prefecture" and any(plain(prefecture.parent))
    ]
