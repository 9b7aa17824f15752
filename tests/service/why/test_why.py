"""GET /why: the ground of a statement as JSON and as a page, and what is told of none."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup

from kb.inference import inference_rules
from ontology.ids import BASE
from tests.service.conftest import Client

PLACE = f"{BASE}id/place/220102"
NORM = f"{BASE}id/norm/jl-jifa-2017-36/sec_3__sub_5__s_1__n_3"
PROVISION = f"{BASE}id/doc/jl-jifa-2017-36/sec_3__sub_5"
RULE = f"{BASE}id/rule/jl-2017-36.five-matters"
QUOTE = (
    "不得将基层群众性自治组织作为行政执法、拆迁拆违、环境整治、城市管理、招商引资等事项的责任主体"
)
HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
WITHIN = (PLACE, "zr:within", f"{BASE}id/place/220000")


def why(subject: str, predicate: str, value: str, suffix: str = "", **more: str) -> str:
    given = {"subject": subject, "predicate": predicate, "object": value, **more}
    return f"/why{suffix}?{urlencode(given)}"


def test_a_derived_statement_leads_down_to_what_is_stated(asking: Client) -> None:
    """南关区 lies in 长春市, 长春市 in 吉林省 (GB/T 2260); `within` is transitive."""
    told = asking.get(why(*WITHIN, ".json")).json()
    assert told["derived"] is True
    assert told["rule"] == "transitive"
    assert told["graphs"] == [f"{BASE}graph/derived/transitive"]
    assert "“位于”" in told["because"]["zh"]
    assert "“within”" in told["because"]["en"]
    steps = [
        (p["statement"]["subject"][-6:], p["statement"]["object"][-6:])
        for p in told["premises"]
        if p["derived"]
    ]
    assert steps == [("220102", "220100"), ("220100", "220000")]
    stated = told["premises"][1]["premises"][1]
    assert stated["statement"]["predicate"] == f"{BASE}ns#partOf"
    assert stated["origins"][0]["file"] == "ontology/places/divisions.csv"
    assert set(told["rules"]) == {"transitive", "subproperty"}
    rule = next(rule for rule in inference_rules() if rule.name == "transitive")
    assert told["rules"]["transitive"]["sparql"] == rule.text


def test_each_premise_has_an_address_of_its_own(asking: Client) -> None:
    told = asking.get(why(*WITHIN, ".json")).json()
    for premise in told["premises"]:
        again = asking.get(premise["why"]).json()
        assert again["statement"] == premise["statement"]
        assert again["derived"] == premise["derived"]


@pytest.mark.parametrize(
    ("statement", "quote", "provision"),
    [
        ((NORM, "zr:strength", f"{BASE}id/code/strengths/strict"), QUOTE, "三（五）"),
        ((RULE, "zr:restsOn", PROVISION), QUOTE, "三（五）"),
        ((f"{RULE}#citation-1", "zr:quote", f'"{QUOTE}"'), QUOTE, "三（五）"),
        ((f"{NORM}#selector", "oa:exact", f'"{QUOTE}"'), QUOTE, "三（五）"),
    ],
)
def test_a_stated_one_tells_the_words_it_rests_on(
    asking: Client, statement: tuple[str, str, str], quote: str, provision: str
) -> None:
    answer = asking.get(why(*statement, ".json"))
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["derived"] is False
    assert [(e["quote"], e["provision"]["label"]) for e in told["evidence"]] == [(quote, provision)]
    instrument = told["evidence"][0]["instrument"]
    assert instrument["number"] == "吉发〔2017〕36号"
    assert told["origins"]


def test_a_thing_that_a_text_names_rests_on_its_words(asking: Client) -> None:
    """吉民议字〔2020〕16号 附件二: the college, under the name the text gives it."""
    provision = f"{BASE}id/doc/jl-jiminyizi-2020-16/annex__sec_2__p_1"
    college = f"{BASE}id/body/jl-community-college"
    told = asking.get(why(college, "zr:namedIn", provision, ".json")).json()
    assert [e["quote"] for e in told["evidence"]] == ["长春社区干部学院"]
    assert told["evidence"][0]["instrument"]["number"] == "吉民议字〔2020〕16号"
    assert told["origins"][0]["file"] == "kb/bodies.yaml, ontology/things/bodies.ttl"


def test_what_was_derived_of_a_norm_ends_in_its_sentence(asking: Client) -> None:
    """prov:wasDerivedFrom is wider than zr:statedIn; the sentence is quoted where it is stated."""
    sentence = f"{PROVISION}__s_1"
    told = asking.get(why(NORM, "prov:wasDerivedFrom", sentence, ".json")).json()
    assert told["rule"] == "subproperty"
    leaf = told["premises"][-1]
    assert leaf["statement"]["predicate"] == f"{BASE}ns#statedIn"
    assert [e["quote"] for e in leaf["evidence"]] == [QUOTE]


def test_a_count_tells_what_it_counted(asking: Client) -> None:
    """吉发〔2017〕36号 has three strict prohibitions; two stand in 三（五）."""
    observation = f"{BASE}id/standing/norms/jl-jifa-2017-36--prohibition--strict"
    told = asking.get(why(observation, "zr:normCount", "3", ".json")).json()
    assert told["rule"] == "norm-counts"
    assert told["counted"] == {"size": 3, "shown": 3}
    subjects = {p["statement"]["subject"] for p in told["premises"]}
    assert NORM in subjects
    assert len([s for s in subjects if "/id/norm/" in s]) == 3


def test_the_page_shows_the_same(asking: Client) -> None:
    answer = asking.get(why(*WITHIN), headers=HTML)
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["vary"] == "Accept, Cookie"
    page = BeautifulSoup(answer.content, "html.parser")
    text = page.get_text(" ", strip=True)
    assert "可传递的属性" in text
    assert "吉林省长春市南关区 位于 吉林省" in text
    marks = [mark.get_text(strip=True) for mark in page.select(".whole .mark")]
    assert marks.count("载明") == 5
    assert marks.count("推得") == 3
    assert 'rel="alternate"; type="application/json"' in answer.headers["link"]
    quoted = asking.get(why(NORM, "zr:strength", f"{BASE}id/code/strengths/strict"), headers=HTML)
    link = BeautifulSoup(quoted.content, "html.parser").select_one("blockquote a")
    assert link is not None
    assert str(link["href"]).startswith("/instruments/jl-jifa-2017-36?quote=")
    assert asking.get(str(link["href"]).partition("#")[0], headers=HTML).status_code == 200
    english = asking.get(f"{why(*WITHIN)}&lang=en", headers=HTML).text
    assert "transitive property" in english


def test_a_statement_that_is_not_there_is_told_with_the_nearest(asking: Client) -> None:
    wrong = (PLACE, "zr:within", f"{BASE}id/place/370000")
    answer = asking.get(why(*wrong, ".json"))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    near = answer.json()["nearest"]
    assert {n["object"] for n in near} == {
        f"{BASE}id/place/{c}" for c in ("220100", "220000", "000000")
    }
    assert asking.get(near[0]["why"]).status_code == 200
    page = asking.get(why(*wrong), headers=HTML)
    assert page.status_code == 404
    shown = BeautifulSoup(page.content, "html.parser")
    assert len(shown.select("a.why")) == 3
    for link in shown.select("a.why"):
        assert asking.get(str(link["href"]), headers=HTML).status_code == 200


@pytest.mark.parametrize(
    ("statement", "at"),
    [
        (("", "zr:within", PLACE), {"subject"}),
        ((PLACE, '"within"', PLACE), {"predicate"}),
        ((PLACE, "zr:within", '"unclosed'), {"object"}),
        (("a b", "<x:y> <x:z>", '"a"^^<x y>'), {"subject", "predicate", "object"}),
        ((PLACE, "zr:within", "_:b"), {"object"}),
        ((PLACE, "zr:within", '"} UNION { ?s ?p ?o } #'), {"object"}),
    ],
)
def test_what_is_no_statement_is_told_by_parameter(
    asking: Client, statement: tuple[str, str, str], at: set[str]
) -> None:
    answer = asking.get(why(*statement, ".json"))
    assert answer.status_code == 422, answer.text
    assert {error["path"] for error in answer.json()["errors"]} == at


@pytest.mark.parametrize(
    "value",
    ['"南关区"', '"南关区"^^<http://www.w3.org/2001/XMLSchema#string>'],
)
def test_literals_are_asked_as_n_triples_write_them(asking: Client, value: str) -> None:
    told = asking.get(why(PLACE, "zr:shortName", value, ".json"))
    assert told.status_code == 200
    assert told.json()["statement"]["object"] == '"南关区"'


def test_the_answer_has_the_tag_of_its_generation(asking: Client) -> None:
    answer = asking.get(why(*WITHIN, ".json"))
    tag = answer.headers["etag"]
    again = asking.get(why(*WITHIN, ".json"), headers={"if-none-match": tag})
    assert again.status_code == 304
    assert answer.headers["access-control-allow-origin"] == "*"
    assert asking.get(why(*WITHIN), headers={"accept": "image/png"}).status_code == 406


def test_what_is_said_of_a_thing_leads_to_its_grounds(asking: Client) -> None:
    page = BeautifulSoup(asking.get("/about/id/place/220102").content, "html.parser")
    said = page.select(".statements td p")
    assert len(said) > 8
    derived = [p for p in said if p.select_one(".derived")]
    assert 5 <= len(derived) < len(said)
    for p in said:
        link = p.select_one("a.why")
        assert link is not None
        told = asking.get(str(link["href"]).replace("/why?", "/why.json?"))
        assert told.status_code == 200, link["href"]
        assert told.json()["derived"] is (p in derived)
