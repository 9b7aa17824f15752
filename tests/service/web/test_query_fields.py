"""Parameters of questions are fields of a plain form; what they hold stands in the address."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag

from kb.library import load_library
from kb.query import parse, queries
from service.shipped import Shipped
from service.web.query_fields import RESERVED, ParamField, asked_question
from tests.service.conftest import Client
from tests.service.web.test_query import page

RULES = {"question": "rules-in-force", "place": "220102", "day": "2019-06-01"}


def held(shown: BeautifulSoup) -> dict[str, str]:
    """What a browser would send from the form of parameters."""
    form = shown.select_one("form.params")
    assert form is not None
    sent = {str(i["name"]): str(i.get("value", "")) for i in form.select("input")}
    for select in form.select("select"):
        chosen = select.select_one("option[selected]")
        assert chosen is not None
        sent[str(select["name"])] = str(chosen["value"])
    return sent


def field(shown: BeautifulSoup, name: str) -> Tag:
    found = shown.select_one(f"form.params [name='{name}']")
    assert found is not None
    return found


def test_each_parameter_has_a_labelled_field_that_fits_its_type_and_holds_the_default(
    asking: Client,
) -> None:
    fits = {"day": "date", "place": "text", "text": "text", "number": "number"}
    seen = set()
    for question in queries():
        shown = page(asking, question=question.name)
        for param in question.params:
            seen.add(param.type)
            control = field(shown, param.name)
            label = shown.select_one(f"label[for='{control['id']}']")
            assert label is not None
            assert label.text == param.label.zh
            kind = "select" if control.name == "select" else control["type"]
            assert kind == fits.get(param.type, "select")
        if question.params:
            given = {p.name: p.default for p in question.params}
            assert held(shown) == given | {"question": question.name}
        else:
            assert shown.select_one("form.params") is None
    assert {"day", "place", "text", "instrument", "rule", "code"} <= seen


def test_what_is_sent_is_bound_and_kept(asking: Client) -> None:
    shown = page(asking, **RULES)
    assert held(shown) == RULES
    query = shown.textarea
    assert query is not None
    assert "<https://zhunru.example/id/place/220102>" in query.text
    before = page(asking, **RULES | {"day": "2009-01-01"})
    assert len(shown.select(".results tbody tr")) > 50
    assert len(before.select(".results tbody tr")) == 0
    # What is downloaded is what is shown.
    sent = shown.select_one(".downloads [name=query]")
    assert sent is not None
    assert str(sent["value"]).strip() == query.text.strip()


def test_a_place_may_be_named_and_the_page_says_what_was_understood(asking: Client) -> None:
    shown = page(asking, **RULES | {"place": "公主岭"})
    assert field(shown, "place")["value"] == "公主岭"
    hint = shown.select_one("#p-place-hint")
    assert hint is not None
    assert "220381" in hint.text  # on the day asked about, not today
    query = shown.textarea
    assert query is not None
    assert "id/place/220381>" in query.text
    nation = page(asking, **RULES | {"place": ""}).textarea
    assert nation is not None
    assert "id/place/000000>" in nation.text


@pytest.mark.parametrize(
    ("question", "given", "at", "says"),
    [
        ("rules-in-force", {"day": "2019-13-01"}, "day", "2019-13-01"),
        ("rules-in-force", {"day": "20190601"}, "day", "20190601"),
        ("rules-in-force", {"day": ""}, "day", "请填写"),
        ("rules-in-force", {"place": "南关县"}, "place", "南关"),
        ("provisions-in-order", {"instrument": "nothing"}, "instrument", "nothing"),
        ("sentences-of-rule", {"rule": "x> } #"}, "rule", "x> } #"),
        ("zone-topics", {"type": "suburban"}, "type", "suburban"),
    ],
)
def test_a_fault_stands_at_its_field_and_nothing_is_asked(
    asking: Client, question: str, given: dict[str, str], at: str, says: str
) -> None:
    shown = page(asking, 422, question=question, **given)
    control = field(shown, at)
    assert control["aria-invalid"] == "true"
    fault = shown.find(id=str(control["aria-describedby"]))
    assert isinstance(fault, Tag)
    assert says in fault.text
    assert held(shown)[at] == given[at]
    assert shown.select_one("#answer") is None


def test_a_place_that_may_be_meant_is_one_link_away(asking: Client) -> None:
    shown = page(asking, 422, **RULES | {"place": "吉林省长春市南官区"})
    link = shown.select_one("#p-place-fault a")
    assert link is not None
    sent = dict(parse_qsl(urlsplit(str(link["href"])).query))
    assert sent == RULES | {"place": "吉林省长春市南关区"}
    assert page(asking, **sent).select_one("#answer") is not None


def test_a_misspelt_parameter_or_question_is_no_default(asking: Client) -> None:
    shown = page(asking, 422, question="rules-in-force", dya="2010-01-01")
    told = shown.select_one("[role=alert]")
    assert told is not None
    assert "dya" in told.text
    assert "day" in told.text
    answer = asking.get(f"/query?{urlencode({'question': 'rules-in-froce'})}")
    assert answer.status_code == 404
    assert "rules-in-force" in answer.text


def test_no_parameter_is_called_as_the_page_calls_something_else() -> None:
    assert [q.name for q in queries() for p in q.params if p.name in RESERVED] == []


def test_numbers_and_flags_have_fields_too(shipped: Shipped) -> None:
    text = """# title-zh: 甲
# title-en: a
# param: most number 5 上限 most
# param: only flag true 仅此 only
SELECT * { VALUES ?most { "5"^^<http://www.w3.org/2001/XMLSchema#integer> }
VALUES ?only { "true"^^<http://www.w3.org/2001/XMLSchema#boolean> } }"""
    question, library = parse("a", text), load_library()

    def asked(**given: str) -> list[tuple[str, str, str]]:
        found = asked_question(question, given, shipped.rulebook, library, date(2020, 1, 1))
        return [(f.control, f.input, f.fault.type if f.fault else "") for f in found.fields]

    assert asked() == [("line", "number", ""), ("yes-no", "text", "")]
    assert asked(most="x", only="maybe") == [
        ("line", "number", "integer"),
        ("yes-no", "text", "code"),
    ]


def test_codes_that_only_the_graph_uses_are_chosen_by_name(shipped: Shipped) -> None:
    text = """# title-zh: 甲
# title-en: a
# param: who code:actors residents 主体 actor
SELECT * { VALUES ?who { <https://zhunru.example/id/code/actors/residents> } }"""
    question, library = parse("a", text), load_library()

    def asked(**given: str) -> ParamField:
        found = asked_question(question, given, shipped.rulebook, library, date(2020, 1, 1))
        return found.fields[0]

    field = asked(who="provincial-finance")
    assert (field.control, field.value, field.fault) == ("select", "provincial-finance", None)
    (options,) = (group.options for group in field.groups)
    assert {o.value: o.label.zh for o in options}["provincial-finance"] == "省财政"
    assert asked(who="nobody").fault is not None
