"""How answers are shown: a name for each column in both languages, charts of columns that fit."""

from __future__ import annotations

import pytest

from kb.query import BadQuery, Query, parse, queries
from kb.query_show import Chart, Show, shared_columns
from kb.store import GraphStore
from ontology.label import Label
from tests.kb.world import World

HEADER = "# title-zh: 条款\n# title-en: a provision\n"
BODY = "SELECT ?number ?norms { ?norms ?x ?number }\n"


def columns(query: Query) -> list[str]:
    """The variables that a question projects, as the engine names them."""
    header = GraphStore(b"").answer(query.text).text("tsv").partition("\n")[0]
    return [name.removeprefix("?") for name in header.split("\t")]


@pytest.mark.parametrize("query", queries(), ids=lambda q: q.name)
def test_each_column_has_a_name_in_both_languages(query: Query) -> None:
    """Issue 5: a header row in Chinese or English. A variable without a name shows as itself."""
    for name in columns(query):
        label = query.show.column(name)
        assert label != Label(name, name), f"kb/queries/columns.yaml lacks {name}"


@pytest.mark.parametrize("query", queries(), ids=lambda q: q.name)
def test_no_two_columns_of_an_answer_are_called_the_same(query: Query) -> None:
    labels = [query.show.column(name) for name in columns(query)]
    assert len({label.zh for label in labels}) == len(labels)
    assert len({label.en for label in labels}) == len(labels)


def test_every_shared_name_is_used() -> None:
    used = {name for query in queries() for name in columns(query)}
    assert set(shared_columns()) - used == set()


def test_charts_are_of_columns_with_what_they_draw(world: World) -> None:
    charted = [query for query in queries() if query.show.chart]
    assert len(charted) >= 10
    for query in charted:
        chart = query.show.chart
        assert chart is not None
        assert set(chart.columns) <= set(columns(query)), query.name
        drawn = [row for row in world.store.select(query.text) if chart.x in row and chart.y in row]
        assert drawn, query.name
        for row in drawn:
            if chart.kind == "timeline":
                assert row[chart.x][:4].isdigit(), (query.name, row[chart.x])
            else:
                float(row[chart.y])


def test_a_header_says_chart_and_columns() -> None:
    header = HEADER + '# column: number 数值 "a figure"\n# chart: bar number norms\n'
    show = parse("a", header + BODY).show
    assert show == Show(Chart("bar", "number", "norms"), (("number", Label("数值", "a figure")),))
    assert show.column("norms") == shared_columns()["norms"]
    assert show.column("x") == Label("x", "x")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            "# chart: bars number norms",
            r"a\.rq:3: error: there is no chart bars .*did you mean bar",
        ),
        ("# chart: bar number", "a chart is: kind x y"),
        ("# chart: bar a b c d e", "a chart is: kind x y"),
        ("# chart: bar number norm", r"no variable norm \(did you mean norms\?\)"),
        ("# column: number 数值", "a column is: name label-zh label-en"),
        ("# column: nummer 数值 figure", r"no variable nummer \(did you mean number\?\)"),
    ],
)
def test_what_does_not_fit_is_told_with_its_line(line: str, says: str) -> None:
    with pytest.raises(BadQuery, match=says):
        parse("a", f"{HEADER}{line}\n{BODY}")
