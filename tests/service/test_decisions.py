"""POST /v1/decisions/{kind}: one request, a list, a stream (DESIGN §6), over the real rulebook."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.decide import decide
from rules.engine import EngineFault
from service import deciding, decision_service
from tests.service.conftest import DEMOLITION, Client

UNREADABLE = {"facts": {"task.knd": ["demolition"]}}


def test_the_first_practice_case_is_answered_with_its_sentence(client: Client) -> None:
    answer = client.decide(DEMOLITION)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert body["verdict"] == "inadmissible"
    quotes = {
        (citation["instrument"], citation["provision"])
        for finding in body["findings"]
        if finding["status"] == "holds" and finding["effect"] == "forbids"
        for citation in finding["citations"]
        if "拆迁拆违" in citation["quote"]
    }
    assert ("吉发〔2017〕36号", "三（五）") in quotes


def test_the_answer_is_flat_with_four_members_beside_the_result(client: Client) -> None:
    body = client.decide(DEMOLITION).json()
    assert len(body["id"]) == 22
    assert body["decided_at"].endswith("Z")
    assert body["engine"].startswith("zhunru/")
    assert body["lists"] == []
    assert body["kind"] == "admissibility"
    assert body["as_of"] == "2019-09-12"
    assert body["as_of_assumed"] is False
    assert body["revision"].startswith("sha256:")


def test_http_and_python_call_say_the_same(client: Client) -> None:
    rulebook = client.app.state.service.head()
    told = client.decide(DEMOLITION | {"detail": "verdict"}).json()
    called = decide(
        "admissibility", DEMOLITION["facts"], date(2019, 9, 12), rulebook, detail="verdict"
    ).to_json()
    assert {name: told[name] for name in called} == called


def test_detail_verdict_leaves_the_explanation_out(client: Client) -> None:
    body = client.decide(DEMOLITION, "?detail=verdict&record=false").json()
    assert body["verdict"] == "inadmissible"
    assert "findings" not in body
    assert client.decide(DEMOLITION | {"detail": "full"}, "?detail=verdict").json()["findings"]


def test_record_false_stores_nothing_and_gives_no_id(client: Client) -> None:
    body = client.decide(DEMOLITION, "?record=false").json()
    assert body["id"] is None
    assert body["findings"]


def test_no_day_means_today_in_china_and_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decision_service, "today", lambda: date(2019, 1, 2))
    body = client.decide({"facts": DEMOLITION["facts"]}).json()
    assert (body["as_of"], body["as_of_assumed"]) == ("2019-01-02", True)


def test_the_day_in_china_does_not_depend_on_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert deciding._SHANGHAI.utcoffset(None).total_seconds() == 8 * 3600
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    assert isinstance(deciding.today(), date)


def test_items_are_decided_one_by_one_and_the_ones_to_strike_are_named(client: Client) -> None:
    body = client.decide(
        {
            "common": {"community.jurisdiction": "吉林省通化市东昌区", "community.type": "urban"},
            "items": [
                {
                    "text": "维持秩序",
                    "facts": {"task.kind": ["safety-and-prevention"], "task.role": "assist"},
                },
                {
                    "text": "属地责任",
                    "facts": {"task.kind": ["demolition"], "task.role": "responsible"},
                },
            ],
            "as_of": "2019-05-23",
        }
    ).json()
    assert body["verdict"] == "inadmissible"
    assert body["strike"] == [1]
    assert [item["index"] for item in body["items"]] == [0, 1]
    assert [item["text"] for item in body["items"]] == ["维持秩序", "属地责任"]
    assert body["items"][1]["verdict"] == "inadmissible"


def test_annotations_are_told_beside_the_result(client: Client) -> None:
    # DESIGN §4, Receipt: the result body depends on facts, day and revision alone.
    body = client.decide(DEMOLITION | {"expected_verdict": "inadmissible"}).json()
    assert [entry["path"] for entry in body["annotations"]] == ["$.expected_verdict"]
    assert all(entry["why"][language] for entry in body["annotations"] for language in ("zh", "en"))
    assert body["ignored"] == []


def test_not_a_task(client: Client) -> None:
    facts = DEMOLITION["facts"] | {"task.kind": []}
    body = client.decide({"facts": facts, "as_of": "2019-09-12", "not_a_task": True}).json()
    assert (body["verdict"], body["reason"]) == ("undetermined", "not-a-task")


def test_bad_facts_name_path_and_nearest_name(client: Client) -> None:
    answer = client.decide(UNREADABLE)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == "/problems/bad-facts"
    assert body["errors"] == [
        {
            "path": "$.facts['task.knd']",
            "message": "task.knd is not a fact of admissibility",
            "hint": "did you mean task.kind?",
        }
    ]


def test_bad_facts_of_items_are_all_told_where_they_stand(client: Client) -> None:
    body = client.decide(
        {
            "common": {"task.funding": "yes"},
            "items": [{"facts": {"task.role": "x"}}, {"facts": {"task.kind": ["demolitio"]}}],
        }
    ).json()
    assert {error["path"] for error in body["errors"]} == {
        "$.common['task.funding']",
        "$.items[0].facts['task.role']",
        "$.items[1].facts['task.kind'][0]",
    }


def test_an_unknown_kind_is_not_found_and_the_nearest_is_named(client: Client) -> None:
    for body in (DEMOLITION, [DEMOLITION], []):
        answer = client.post("/v1/decisions/admisibility", json=body)
        assert answer.status_code == 404
        assert answer.json()["type"] == "/problems/unknown-kind"
        assert answer.json()["hint"] == "did you mean admissibility?"


@pytest.mark.parametrize(
    "headers",
    [{"content-type": "text/plain"}, {"content-type": "application/x-www-form-urlencoded"}, {}],
)
def test_only_json_types_are_read(client: Client, headers: dict[str, str]) -> None:
    """A page of another site can send these types without asking the browser's leave."""
    answer = client.post("/v1/decisions/admissibility", content=b'{"facts": {}}', headers=headers)
    assert answer.status_code == 415
    assert "application/json" in answer.json()["hint"]


def test_malformed_json_gives_line_and_column(client: Client) -> None:
    answer = client.post(
        "/v1/decisions/admissibility",
        content=b'{\n  "facts": }',
        headers={"content-type": "application/json; charset=utf-8"},
    )
    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/bad-json"
    assert answer.json()["errors"][0]["path"] == "line 2 column 12"


def test_each_element_of_a_list_stands_for_itself(client: Client) -> None:
    answer = client.decide([DEMOLITION, UNREADABLE, 3, DEMOLITION], "?detail=verdict")
    assert answer.status_code == 200
    first, second, third, fourth = answer.json()
    assert first["verdict"] == fourth["verdict"] == "inadmissible"
    assert first["id"] != fourth["id"]
    assert second["status"] == third["status"] == 422
    assert second["errors"][0]["path"] == "$[1].facts['task.knd']"
    assert third["errors"][0]["path"] == "$[2]"
    assert client.decide([]).json() == []


def test_a_list_has_a_limit(client: Client) -> None:
    limit = client.app.state.service.settings.max_list
    answer = client.decide([3] * (limit + 1))
    assert answer.status_code == 413
    assert "application/x-ndjson" in answer.json()["hint"]


def test_an_engine_fault_is_a_500_without_verdict(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> Any:
        raise EngineFault("secret detail")

    monkeypatch.setattr(deciding, "decide", broken)
    answer = client.decide(DEMOLITION)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/internal"
    assert "secret" not in answer.text
    assert "verdict" not in answer.json()
    (one,) = client.decide([DEMOLITION]).json()
    assert one["status"] == 500
    (line,) = client.stream([DEMOLITION])
    assert line["status"] == 500


def test_a_stream_gives_a_line_for_every_line_in_order(client: Client) -> None:
    lines = client.stream([DEMOLITION, UNREADABLE, "{bad", "", DEMOLITION, "3"], "?detail=verdict")
    assert [line.get("verdict") for line in lines] == [
        "inadmissible",
        None,
        None,
        "inadmissible",
        None,
    ]
    assert [line["line"] for line in lines if "line" in line] == [2, 3, 6]
    assert lines[2]["errors"][0]["path"].startswith("line 3 column ")
    for line in (lines[0], lines[3]):
        assert client.get(f"/v1/decisions/{line['id']}").status_code == 200


def test_a_line_over_the_limit_is_a_problem_and_the_next_is_answered(client: Client) -> None:
    limit = client.app.state.service.settings.max_body_bytes
    long = '{"facts": {}, "note": "' + "x" * limit + '"}'
    lines = client.stream([DEMOLITION, long, DEMOLITION], "?detail=verdict&record=false")
    assert [line.get("status") for line in lines] == [None, 413, None]
    assert lines[1]["line"] == 2


def test_a_stream_of_an_unknown_kind_is_refused_before_it_begins(client: Client) -> None:
    answer = client.post(
        "/v1/decisions/nothing", content=b"{}", headers={"content-type": "application/x-ndjson"}
    )
    assert answer.status_code == 404


FACT_NAMES = st.sampled_from(["task.kind", "task.role", "task.funding", "community.jurisdiction"])
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(FACT_NAMES | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
ENVELOPES = st.dictionaries(
    st.sampled_from(["facts", "common", "items", "as_of", "detail", "not_a_task"])
    | st.text(max_size=4),
    ANYTHING
    | st.dictionaries(FACT_NAMES, ANYTHING, max_size=3)
    | st.sampled_from(["2019-06-01", "0001-01-01", "9999-12-31", "verdict"]),
    max_size=5,
)


@given(value=ENVELOPES | ANYTHING)
def test_no_json_makes_the_service_fail(client: Client, value: object) -> None:
    answer = client.decide(value, "?record=false")
    assert answer.status_code in (200, 422), answer.text
    if isinstance(value, list):
        assert all(one.get("status", 200) in (200, 422) for one in answer.json())


@given(body=st.binary(max_size=80))
def test_no_bytes_make_the_service_fail(client: Client, body: bytes) -> None:
    for kind in ("application/json", "application/x-ndjson"):
        answer = client.post(
            "/v1/decisions/admissibility?record=false", content=body, headers={"content-type": kind}
        )
        assert answer.status_code in (200, 400, 422), answer.text
        assert b'"status":500' not in answer.content


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?recrod=false", "did you mean record?"),
        ("?record=maybe", "?record"),
        ("?detail=brief", "?detail"),
        ("?x=1", "there are: record, detail"),
    ],
)
def test_a_query_that_cannot_be_read_decides_nothing(client: Client, query: str, says: str) -> None:
    """A misspelt record=false would otherwise store what nobody wants stored."""
    answer = client.decide(DEMOLITION, query)
    assert answer.status_code == 422
    assert says in answer.text
    assert "verdict" not in answer.json()
