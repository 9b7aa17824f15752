"""Issue 5: every competency question under an address of its own, in every form."""

from __future__ import annotations

import csv
import io
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook

from kb.query import queries
from service.web.query_fields import RESERVED
from tests.service.conftest import Client
from tests.service.questions.asking import PAGE, plain, shown

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_the_index_has_every_question_with_its_parameters(asking: Client) -> None:
    told = plain(asking, "/q")["questions"]
    assert [q["name"] for q in told] == [q.name for q in queries()]
    rules = next(q for q in told if q["name"] == "rules-in-force")
    assert [(p["name"], p["type"], p["default"]) for p in rules["parameters"]] == [
        ("place", "place", "22"),
        ("day", "day", "2019-06-01"),
    ]
    links = [str(a["href"]) for a in shown(asking, "/q").select(".all-questions li > a")]
    assert links == [f"/q/{q.name}" for q in queries()]


def test_every_question_answers_as_the_endpoint_does(asking: Client) -> None:
    """The plain rows are those of the query, whole and in order."""
    for question in queries():
        told = plain(asking, f"/q/{question.name}")
        bare = asking.get("/sparql", params={"query": question.text}).json()
        assert told["query"] == question.text
        assert told["complete"] is True
        assert [c["name"] for c in told["columns"]] == bare["head"]["vars"]
        assert told["rows_count"] == len(told["rows"]) == len(bare["results"]["bindings"])
        for row, binding in zip(told["rows"], bare["results"]["bindings"], strict=True):
            assert {n: str(v["value"]).lower() for n, v in row.items()} == {
                n: v["value"].lower() for n, v in binding.items()
            }


def test_values_have_their_types_and_things_their_labels(asking: Client) -> None:
    row = plain(asking, "/q/norms-by-topic")["rows"][0]
    assert row["norms"]["type"] == "integer"
    assert isinstance(row["norms"]["value"], int)
    assert row["topic"] == {"type": "string", "value": row["topic"]["value"], "language": "zh"}
    rule = plain(asking, "/q/rules-in-force?province=22")["rows"][0]
    assert rule["from"]["type"] == "date"
    assert rule["startUncertain"]["value"] is False
    assert rule["rule"]["type"] == "iri"
    assert rule["rule"]["label"] == rule["title"]["value"]
    assert rule["rule"]["href"].startswith("/id/rule/")


@pytest.mark.parametrize(
    ("asked", "media"),
    [
        ({"accept": "text/csv"}, "text/csv"),
        ({"accept": "application/json"}, "application/json"),
        ({"accept": "*/*"}, "application/json"),
        ({"accept": XLSX}, XLSX),
        ({"accept": "application/sparql-results+json"}, "application/sparql-results+json"),
        ({"accept": "application/sparql-results+xml"}, "application/sparql-results+xml"),
        ({"accept": "text/tab-separated-values"}, "text/tab-separated-values"),
        (PAGE, "text/html"),
        ({"accept": "text/csv;q=0.5, application/json;q=0.4"}, "text/csv"),
        ("html", "text/html"),
        ("csv", "text/csv"),
        ("xlsx", XLSX),
        ("json", "application/json"),
        ("srj", "application/sparql-results+json"),
        ("srx", "application/sparql-results+xml"),
        ("tsv", "text/tab-separated-values"),
    ],
    ids=str,
)
def test_the_form_is_that_of_accept_of_the_suffix_and_of_format(
    asking: Client, asked: dict[str, str] | str, media: str
) -> None:
    if isinstance(asked, str):
        answers = [
            asking.get(f"/q/instruments.{asked}"),
            asking.get(f"/q/instruments?format={asked}", headers={"accept": "image/png"}),
        ]
    else:
        answers = [asking.get("/q/instruments", headers=asked)]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == media
        assert "Accept" in answer.headers["vary"]


def test_head_is_what_get_would_be(asking: Client) -> None:
    for form in ("json", "csv", "srj"):
        got, headed = (asking.request(m, f"/q/instruments.{form}") for m in ("GET", "HEAD"))
        assert headed.status_code == 200
        assert headed.headers["etag"] == got.headers["etag"]


def test_what_cannot_be_had_is_told(asking: Client) -> None:
    refused = asking.get("/q/instruments", headers={"accept": "image/png"})
    assert (refused.status_code, "text/csv" in refused.json()["detail"]) == (406, True)
    wrong = asking.get("/q/instruments?format=xslx").json()
    assert (wrong["status"], wrong["hint"]) == (400, "did you mean xlsx?")
    unknown = asking.get("/q/instrumets", headers={"accept": "application/json"}).json()
    assert (unknown["status"], unknown["hint"]) == (404, "did you mean /q/instruments?")
    assert "instrumets" in shown(asking, "/q/instrumets", 404).text


@pytest.mark.parametrize(
    ("address", "parameter", "hint"),
    [
        ("rules-in-force?day=2019-13-01", "day", ""),
        ("rules-in-force?dya=2019-01-01", "dya", "did you mean day?"),
        ("rules-in-force?place=吉林省长春市南关县", "place", "南关"),
        ("zone-topics?type=urbn", "type", "did you mean urban?"),
        ("provisions-in-order?instrument=jl-jifa-2017-63", "instrument", "jl-jifa-2017-36?"),
        ("sentences-of-rule?rule=x> } #", "rule", ""),
        ("instruments?place=22", "place", "it has: none"),
    ],
)
def test_parameters_are_checked_by_their_types(
    asking: Client, address: str, parameter: str, hint: str
) -> None:
    answer = asking.get(f"/q/{address}", headers={"accept": "application/json"})
    told = answer.json()
    assert (answer.status_code, told["type"]) == (422, "/problems/bad-request")
    assert told["parameter"] == parameter
    assert told["errors"][0]["path"] == f"?{parameter}"
    assert hint in told.get("hint", "")
    page = shown(asking, f"/q/{address}", 422)
    assert page.select_one(".fault") is not None
    assert page.select_one("#answer") is None


def test_province_says_the_same_as_the_one_place_of_a_question(asking: Client) -> None:
    by_place = plain(asking, "/q/rules-in-force?place=37&day=2020-01-01")
    by_province = plain(asking, "/q/rules-in-force?province=山东省&day=2020-01-01")
    assert by_place["rows"] == by_province["rows"] != []
    assert by_place["rows"] != plain(asking, "/q/rules-in-force?day=2020-01-01")["rows"]


def test_no_parameter_is_called_like_what_else_an_address_says() -> None:
    names = {param.name for question in queries() for param in question.params}
    assert names.isdisjoint({*RESERVED, "province", "most"})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sheets_have_names_in_the_language_and_labels_beside_iris(
    asking: Client, language: str
) -> None:
    text = asking.get(f"/q/rules-in-force.csv?lang={language}").content.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    question = next(q for q in queries() if q.name == "rules-in-force")
    label = getattr(question.show.column("rule"), language)
    assert head[:2] == [getattr(question.show.column(n), language) for n in ("id", "title")]
    at = head.index(label)
    assert head[at + 1].endswith("（IRI）" if language == "zh" else "(IRI)")
    assert all(row[at + 1].startswith("https://zhunru.example/id/rule/") for row in rows)
    assert not any(row[at].startswith("http") for row in rows)


def test_a_workbook_has_numbers_days_and_what_it_is(asking: Client) -> None:
    answer = asking.get("/q/rules-in-force.xlsx?place=22")
    assert 'filename="rules-in-force.xlsx"' in answer.headers["content-disposition"]
    book = load_workbook(io.BytesIO(answer.content))
    rows = list(book["结果"].iter_rows(values_only=True))
    told = plain(asking, "/q/rules-in-force?place=22")
    assert len(rows) == told["rows_count"] + 1
    start = rows[0].index("施行日")
    assert str(rows[1][start]).startswith(told["rows"][0]["from"]["value"])
    counted = load_workbook(io.BytesIO(asking.get("/q/norms-by-topic.xlsx").content))["结果"]
    assert isinstance(counted["C2"].value, int)
    about = {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert about["结果散列（SHA-256）"] == told["result"]
    assert about["数据版本"] == told["generation"]
    assert about["适用区域"] == "22"
    assert str(about["永久链接"]).endswith(told["permalink"])


def test_an_entity_tag_names_the_generation(asking: Client) -> None:
    for form in ("json", "csv", "xlsx", "srj"):
        answer = asking.get(f"/q/instruments.{form}")
        tag = answer.headers["etag"]
        assert plain(asking, "/q/instruments")["generation"] in tag
        again = asking.get(f"/q/instruments.{form}", headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
        other = asking.get(f"/q/instruments.{form}", headers={"if-none-match": 'W/"x"'})
        assert other.status_code == 200


def test_the_page_shows_the_answer_the_fields_and_the_ways_on(asking: Client) -> None:
    page = shown(asking, "/q/rules-in-force?place=南关&day=2019-06-01")
    form = page.select_one("form.params")
    assert form is not None
    assert form["action"] == "/q/rules-in-force"
    assert [i["name"] for i in form.select("input")] == ["place", "day"]
    assert [th.text for th in page.select(".results th")][:2] == ["规则标识", "标题"]
    links = {str(a["href"]) for a in page.select("#answer .downloads a")}
    values = urlencode({"place": "南关", "day": "2019-06-01"})
    assert {f"/q/rules-in-force.csv?{values}", f"/q/rules-in-force.json?{values}"} <= links
    assert any(link.startswith("/workbench?query=") for link in links)
    assert f"/query?question=rules-in-force&{values}" in links
    english = shown(asking, "/q/rules-in-force?lang=en")
    assert english.select_one("h1").text == "rules in force for a place on a day"  # type: ignore[union-attr]


def test_a_question_with_a_chart_says_what_is_drawn_and_keeps_its_table(asking: Client) -> None:
    for question in queries():
        if question.show.chart is None:
            continue
        page = shown(asking, f"/q/{question.name}")
        chart = page.select_one("zr-chart")
        assert chart is not None
        assert chart.has_attr("hidden")  # until a script draws it
        table = page.select_one(f"table#{chart['rows']}")
        assert table is not None
        names = [th["data-name"] for th in table.select("th")]
        assert chart["x"] in names
        at = names.index(str(chart["y"]))
        cells = [row.select("td")[at] for row in table.select("tbody tr")]
        assert all(cell.has_attr("data-value") for cell in cells if cell.text)


def test_without_a_graph_it_is_said_in_the_form_asked_for(client: Client) -> None:
    assert client.get("/q/instruments.json").json()["status"] == 503
    page = shown(client, "/q/instruments", 503)
    assert "zhunru serve" in page.select_one("#fault").text  # type: ignore[union-attr]


def test_answers_are_open_to_every_origin(asking: Client) -> None:
    for address in ("/q", "/q/instruments.json", "/q/nothing.json", "/q/instruments.csv"):
        assert asking.get(address).headers["access-control-allow-origin"] == "*"
    page = asking.get("/q/instruments", headers=PAGE)
    assert "access-control-allow-origin" not in page.headers
