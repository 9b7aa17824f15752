"""Issue 5: completion of classes, properties and codes by what they are called in Chinese."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from ontology.label import Label
from service.questions.terms import Named, found, written
from tests.service.conftest import Client


def terms(client: Client, words: str, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/v1/terms?q={quote(words)}{query}")
    assert answer.status_code == 200
    told: list[dict[str, Any]] = answer.json()["terms"]
    return told


@pytest.mark.parametrize(
    ("words", "first", "kind"),
    [
        ("居委会", "zr:ResidentsCommittee", "class"),
        ("居民委员会", "zr:ResidentsCommittee", "class"),
        ("residents' committee", "zr:ResidentsCommittee", "class"),
        ("zr:ResidentsCom", "zr:ResidentsCommittee", "class"),
        ("ResidentsCommittee", "zr:ResidentsCommittee", "class"),
        ("文号", "zr:documentNumber", "property"),
        ("拆迁拆违", "<https://zhunru.example/id/code/task-kinds/demolition>", "code"),
        ("吉发〔2017〕36号", "<https://zhunru.example/id/doc/jl-jifa-2017-36>", "instrument"),
        ("长春市", "<https://zhunru.example/id/place/220100>", "place"),
        ("prefLabel", "skos:prefLabel", "property"),
        ("eli:is_part_of", "eli:is_part_of", "property"),
    ],
)
def test_a_name_finds_what_is_called_so(asking: Client, words: str, first: str, kind: str) -> None:
    hit = terms(asking, words)[0]
    assert (hit["written"], hit["kind"]) == (first, kind)


def test_where_a_class_stands_classes_come_first(asking: Client) -> None:
    kinds = [hit["kind"] for hit in terms(asking, "规则", "&prefer=class")]
    assert kinds[0] == "class"
    wrong = asking.get("/v1/terms?q=a&prefer=clas")
    assert (wrong.status_code, wrong.json()["hint"]) == (422, "did you mean class?")


def test_what_is_written_runs_with_the_prefixes_told(asking: Client) -> None:
    """Whatever is offered can stand in a query."""
    told = asking.get("/v1/terms?q=社区&limit=50").json()
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in told["prefixes"].items())
    body = " ".join(hit["written"] for hit in told["terms"])
    answer = asking.get(
        "/sparql", params={"query": f"{head}SELECT ?x {{ VALUES ?x {{ {body} }} }}"}
    )
    assert answer.status_code == 200
    iris = {row["x"]["value"] for row in answer.json()["results"]["bindings"]}
    assert iris == {hit["iri"] for hit in told["terms"]}
    assert len(iris) > 20


def test_nothing_is_found_by_nothing(asking: Client) -> None:
    assert terms(asking, " ") == []
    assert terms(asking, "毫不相干的词") == []


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        ("https://zhunru.example/ns#Rule", "zr:Rule"),
        ("https://zhunru.example/ns#a.b", "<https://zhunru.example/ns#a.b>"),
        ("https://zhunru.example/ns#", "<https://zhunru.example/ns#>"),
        ("x:y", "<x:y>"),
    ],
)
def test_an_iri_is_short_where_it_needs_no_escapes(iri: str, short: str) -> None:
    assert written(iri) == short


def test_better_fits_come_first() -> None:
    def named(word: str) -> Named:
        return Named(f"x:{word}", f"<x:{word}>", "code", Label(word, word), ((word, word),))

    words = ["甲乙丙", "乙", "丙乙丁", "乙丁"]
    order = [hit.by for hit in found(map(named, words), "乙")]
    assert order[0] == "乙"
    assert set(order[1:2]) == {"乙丁"}
    assert set(order) == set(words)
    assert [hit.by for hit in found(map(named, ["居民委员会", "居委"]), "居委会")] == ["居民委员会"]
