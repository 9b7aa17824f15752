"""Lists over HTTP: immutable versions, confirmed rows that derive, tokens (DESIGN §4, §6)."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, URIRef

from ontology.ids import code_iri, list_row_iri, term
from service.api.lists import XLSX
from service.lists.grid import MAX_FILE
from service.settings import Settings
from service.shipped import Shipped
from tests.service.conftest import Client, running
from tests.service.lists.sheets import workbook

CENSUS = "序号,事项,依据\n1,协助做好人口普查,《全国人口普查条例》第三条\n2,调解民间纠纷,\n"
WORDS = {
    "title": "社区协助政府工作事项清单",
    "complete": "true",
    "start": "2021-05-01",
    "source": "某区民政局网站",
}


class Writer:
    """A client with a token."""

    def __init__(self, client: Client, role: str = "legal") -> None:
        self.client = client
        _, secret = client.app.state.tokens.create(role, f"{role} 张三")
        self.headers = {"authorization": f"Bearer {secret}"}

    def put(
        self,
        body: str | bytes = CENSUS,
        path: str = "220102/assist",
        media: str = "text/csv",
        **words: str,
    ) -> httpx.Response:
        query = "&".join(f"{k}={quote(v)}" for k, v in (WORDS | words).items())
        data = body.encode() if isinstance(body, str) else body
        headers = self.headers | {"content-type": media}
        return self.client.request(
            "PUT", f"/v1/lists/{path}?{query}", content=data, headers=headers
        )

    def map(self, path: str, value: object) -> httpx.Response:
        return self.client.post(f"/v1/lists/{path}", json=value, headers=self.headers)


@pytest.fixture
def client(shipped: Shipped, settings: Settings) -> Iterator[Client]:
    with running(settings, shipped) as found:
        yield found


@pytest.fixture
def writer(client: Client) -> Writer:
    return Writer(client)


@pytest.fixture(scope="module")
def shared(shipped: Shipped, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writer]:
    file = tmp_path_factory.mktemp("store") / "zhunru.db"
    with running(Settings(database_url=f"sqlite:///{file}"), shipped) as found:
        yield Writer(found)


def asked(client: Client, kind: str = "population-census", day: str = "2021-06-01") -> Any:
    facts = {"task.kind": [kind], "task.role": "assist", "community.jurisdiction": "220102"}
    answer = client.decide({"facts": facts, "as_of": day})
    assert answer.status_code == 200
    return answer.json()


def listed(body: Any) -> list[tuple[object, str, int | None]]:
    found = [d for d in body["derived"] if d["fact"] == "task.list"]
    return [(d["value"], d["list"], d["row"]) for d in found]


def test_an_upload_is_a_dated_version_with_source_uploader_and_hash(writer: Writer) -> None:
    answer = writer.put()
    assert answer.status_code == 201
    assert answer.headers["location"] == "/v1/lists/220102/assist/220102-assist-1"
    told = answer.json()
    assert told["id"] == "220102-assist-1"
    assert (told["start"], told["end"], told["complete"]) == ("2021-05-01", None, True)
    assert (told["source"], told["uploaded_by"]) == ("某区民政局网站", "legal 张三")
    assert told["sha256"] == hashlib.sha256(CENSUS.encode()).hexdigest()
    assert [row["mapping"]["confirmed"] for row in told["rows"]] == [False, False]
    assert told["rows"][0]["candidates"][0]["code"] == "population-census"
    assert writer.client.get(answer.headers["location"]).json()["rows"] == told["rows"]


def test_nothing_is_derived_before_a_person_confirms_and_then_it_is_shown(writer: Writer) -> None:
    client = writer.client
    writer.put()
    before = asked(client)
    assert (listed(before), before["lists"]) == ([], ["220102-assist-1"])
    done = writer.map("220102-assist-1/rows/1/mapping", {"action": "confirm"})
    assert done.json()["rows"][0]["mapping"]["by"] == "legal 张三"
    after = asked(client)
    assert listed(after) == [("assist", "220102-assist-1", 1)]
    (source,) = [d["source"]["zh"] for d in after["derived"] if d["fact"] == "task.list"]
    assert "社区协助政府工作事项清单" in source
    assert "第1项" in source
    assert "2021-06-01" in source
    # One row is still open, so nothing can be said to be on no list.
    assert listed(asked(client, "publicity")) == []
    mapping = {"action": "correct", "codes": ["mediation"], "role": "autonomy"}
    assert writer.map("220102-assist-1/rows/2/mapping", mapping).status_code == 200
    assert listed(asked(client, "publicity")) == [("none", "220102-assist-1", None)]
    assert listed(asked(client, day="2021-04-30")) == []


def test_a_given_fact_beats_the_derived_one_and_the_conflict_is_shown(writer: Writer) -> None:
    writer.put()
    writer.map("220102-assist-1/mapping", {"action": "confirm", "rows": [1, 2]})
    facts = {
        "task.kind": "population-census",
        "task.list": "none",
        "community.jurisdiction": "220102",
    }
    body = writer.client.decide({"facts": facts, "as_of": "2021-06-01"}).json()
    (told,) = [d for d in body["derived"] if d["fact"] == "task.list"]
    assert (told["value"], told["used"], told["conflict"]) == ("assist", False, "none")


def test_a_later_upload_governs_later_decisions_and_alters_no_replay(writer: Writer) -> None:
    client = writer.client
    writer.put()
    writer.map("220102-assist-1/mapping", {"action": "confirm", "rows": [1, 2]})
    first = asked(client)
    writer.put("事项\n调解民间纠纷\n", start="2021-05-15")
    writer.map("220102-assist-2/mapping", {"action": "confirm", "rows": [1]})
    second = asked(client)
    assert (first["lists"], second["lists"]) == (["220102-assist-1"], ["220102-assist-2"])
    assert listed(second) == [("none", "220102-assist-2", None)]
    replay = client.post(f"/v1/decisions/{first['id']}/replay").json()
    assert replay["identical"] is True
    receipt = client.get(f"/v1/decisions/{first['id']}").json()
    assert receipt["lists"] == ["220102-assist-1"]
    assert listed(receipt["result"]) == [("assist", "220102-assist-1", 1)]
    # The day asked decides which version counts, not the day of the upload.
    assert asked(client, day="2021-05-10")["lists"] == ["220102-assist-1"]


def test_versions_are_found_by_day_and_id(writer: Writer) -> None:
    client = writer.client
    writer.put()
    writer.put(start="2022-01-01", end="2023-01-01", title="第二版")
    base = "/v1/lists/220102/assist"
    ids = {
        day: client.get(f"{base}?at={day}").json().get("id")
        for day in ("2021-04-30", "2021-05-01", "2022-01-01", "2023-01-01")
    }
    assert list(ids.values()) == [None, "220102-assist-1", "220102-assist-2", None]
    assert [v["version"] for v in client.get(f"{base}/versions").json()["lists"]] == [1, 2]
    of_place = client.get("/v1/lists/吉林省长春市南关区").json()["lists"]
    assert [v["id"] for v in of_place] == ["220102-assist-1", "220102-assist-2"]
    every = {v["id"]: v for v in client.get("/v1/lists").json()["lists"]}
    assert {"220102-assist-1", "cn-law-assist"} <= set(every)
    assert every["cn-law-assist"]["derives"] is False
    assert client.get(f"{base}/220102-assist-9").status_code == 404
    assert client.get("/v1/lists/220103/assist/220102-assist-1").status_code == 404


def test_the_same_file_and_words_again_are_the_version_that_is_there(writer: Writer) -> None:
    writer.put()
    writer.map("220102-assist-1/rows/1/mapping", {"action": "confirm"})
    again = writer.put()
    assert (again.status_code, again.json()["id"]) == (200, "220102-assist-1")
    assert again.json()["rows"][0]["mapping"]["confirmed"] is True
    assert writer.put(complete="false").json()["id"] == "220102-assist-2"


def test_a_row_with_the_words_of_a_confirmed_one_is_suggested_to_be_the_same(
    writer: Writer,
) -> None:
    writer.put("事项\n填报某某台账的事\n")
    said = {"action": "correct", "codes": ["ledger", "meeting"], "role": "assist"}
    writer.map("220102-assist-1/rows/1/mapping", said)
    told = writer.put("事项\n填报某某台账的事\n新事\n", start="2022-01-01").json()["rows"]
    assert told[0]["mapping"]["codes"] == ["ledger", "meeting"]
    assert told[0]["mapping"]["confirmed"] is False


def test_who_said_what_of_a_row_and_when_is_kept(writer: Writer) -> None:
    writer.put()
    path = "220102-assist-1/rows/1/mapping"
    writer.map(path, {"action": "confirm"})
    other = Writer(writer.client, "admin")
    other.map(path, {"action": "clear"})
    other.map(path, {"action": "correct", "codes": []})
    said = writer.client.get(f"/v1/lists/{path}").json()["said"]
    assert [(one["action"], one["by"]) for one in said] == [
        ("confirm", "legal 张三"),
        ("clear", "admin 张三"),
        ("correct", "admin 张三"),
    ]
    assert [one["at"] for one in said] == sorted(one["at"] for one in said)


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"action": "agree"}, "$.action"),
        ([], "$.action"),
        ({"action": "correct"}, "$.codes"),
        ({"action": "correct", "codes": ["publicty"]}, "$.codes[0]"),
        ({"action": "correct", "codes": [], "role": "boss"}, "$.role"),
        ({"action": "correct", "codes": [], "role": 3}, "$.role"),
        ({"action": "correct", "codes": [], "statutory_basis": "yes"}, "$.statutory_basis"),
        ({"action": "confirm", "codes": ["publicity"]}, "$.codes"),
    ],
)
def test_a_faulty_mapping_is_told_where_and_changes_nothing(
    shared: Writer, value: object, where: str
) -> None:
    shared.put(path="220103/assist")
    answer = shared.map("220103-assist-1/rows/1/mapping", value)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == where
    assert shared.client.get("/v1/lists/220103-assist-1/rows/1/mapping").json() == {"said": []}


def test_several_rows_are_mapped_all_or_none(shared: Writer) -> None:
    shared.put("事项\n人口普查\n某某\n", path="220104/assist")
    for rows in ([1, 2], [1, 3]):  # nothing is suggested for row 2; there is no row 3
        answer = shared.map("220104-assist-1/mapping", {"action": "confirm", "rows": rows})
        assert answer.status_code in (404, 422)
    for wrong in ([], [1, 1], [0], ["1"], [True], 1, None):
        answer = shared.map("220104-assist-1/mapping", {"action": "confirm", "rows": wrong})
        assert answer.status_code == 422
    told = shared.client.get("/v1/lists/220104/assist?at=2021-06-01").json()
    assert told["unconfirmed"] == 2


def test_writing_needs_a_token_of_legal_staff(shared: Writer) -> None:
    client = shared.client
    for headers in ({}, {"authorization": "Bearer zr_x"}, {"authorization": "Basic eDp5"}):
        answer = client.request("PUT", "/v1/lists/220102/assist", content=b"", headers=headers)
        assert answer.status_code == 401
        assert answer.json()["type"] == "/problems/needs-token"
        assert answer.headers["www-authenticate"].startswith("Bearer")
        posted = client.post("/v1/lists/220102-assist-1/mapping", json={}, headers=headers)
        assert posted.status_code == 401
    refused = Writer(client, "analyst").put()
    assert refused.status_code == 403
    assert "insufficient_scope" in refused.headers["www-authenticate"]
    assert Writer(client, "admin").put(path="220105/assist").status_code == 201


def test_expired_and_revoked_tokens_are_no_longer_taken(shared: Writer) -> None:
    tokens = shared.client.app.state.tokens
    gone = Writer(shared.client)
    for token in tokens.all():
        if token.name == "legal 张三" and tokens.find(gone.headers["authorization"][7:]) == token:
            assert tokens.revoke(token.id) == 1
    assert gone.put().status_code == 401
    _, secret = tokens.create("legal", "旧", days=0)
    gone.headers = {"authorization": f"Bearer {secret}"}
    assert gone.put().status_code == 401


@pytest.mark.parametrize(
    ("words", "path", "where"),
    [
        ({"start": ""}, "220102/assist", "start"),
        ({"start": "2021-13-01"}, "220102/assist", "start"),
        ({"end": "2021-05-01"}, "220102/assist", "end"),
        ({"title": " "}, "220102/assist", "title"),
        ({"source": ""}, "220102/assist", "source"),
        ({"complete": "yes"}, "220102/assist", "complete"),
        ({}, "220102/assst", "kind"),
        ({}, "220102/statutory", "kind"),
        ({}, "长春市南关去/assist", "jurisdiction"),
    ],
)
def test_what_is_said_of_a_list_is_checked(
    shared: Writer, words: dict[str, str], path: str, where: str
) -> None:
    before = shared.client.get("/v1/lists").json()
    answer = shared.put(path=path, **words)
    assert answer.status_code == 422
    assert [e["path"] for e in answer.json()["errors"]] == [where]
    assert shared.client.get("/v1/lists").json() == before


def test_a_bad_file_changes_nothing_and_names_row_and_column(shared: Writer) -> None:
    before = shared.client.get("/v1/lists").json()
    answer = shared.put("事项,依据\n甲,=1\n甲,\n")
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/bad-list"
    assert [e["path"] for e in answer.json()["errors"]] == ["row 2 column B", "row 3 column A"]
    many = shared.put("事项\n" + "".join(f"协助办理事项{n}\n" for n in range(100_000)))
    assert many.status_code == 422
    assert [e["path"] for e in many.json()["errors"]] == ["row 8001"]
    assert shared.put("x" * (MAX_FILE + 1)).status_code == 413
    assert shared.put(media="application/json").status_code == 415
    assert shared.client.get("/v1/lists").json() == before


def test_sheets_and_gb18030_are_taken(shared: Writer) -> None:
    sheet = workbook([["事项"], ["人口普查"]])
    assert shared.put(sheet, path="220106/assist", media=XLSX).status_code == 201
    assert shared.put(CENSUS.encode("gb18030"), path="220112/assist").status_code == 201
    texts = shared.client.get("/v1/lists/220112/assist?at=2021-06-01").json()["rows"]
    assert texts[0]["text"] == "协助做好人口普查"


def test_exports_open_as_sheets_without_formulas_and_as_a_graph(shared: Writer) -> None:
    client = shared.client
    body = "事项,部门\n人口普查,+cmd\n-@x,\t@sum\n"
    assert shared.put(body, path="220113/assist").status_code == 201
    shared.map("220113-assist-1/rows/1/mapping", {"action": "confirm"})
    base = "/v1/lists/220113/assist/220113-assist-1"
    sheet = client.get(base, headers={"accept": "text/csv"})
    assert sheet.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert (rows[1][3], rows[2][1], rows[2][3]) == ("'+cmd", "'-@x", "'@sum")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    turtle = client.get(base, headers={"accept": "text/turtle"})
    assert turtle.headers["content-type"].startswith("text/turtle")
    graph = Graph().parse(data=turtle.text, format="turtle")
    row = URIRef(list_row_iri("220113-assist-1", 1))
    kind = URIRef(code_iri("task-kinds", "population-census"))
    assert (row, URIRef(term("taskKind")), kind) in graph
    # What is exported can be read again.
    again = shared.put(sheet.content, path="220122/assist")
    assert [r["text"] for r in again.json()["rows"]] == ["人口普查", "'-@x"]


def test_another_process_sees_an_upload_at_once(
    shipped: Shipped, settings: Settings, tmp_path: Path
) -> None:
    with running(settings, shipped) as one, running(settings, shipped) as other:
        writer = Writer(one)
        writer.put()
        assert asked(other)["lists"] == ["220102-assist-1"]
        writer.map("220102-assist-1/rows/1/mapping", {"action": "confirm"})
        assert listed(asked(other)) == [("assist", "220102-assist-1", 1)]


def test_lists_outlive_the_process(shipped: Shipped, settings: Settings) -> None:
    with running(settings, shipped) as one:
        writer = Writer(one)
        writer.put()
        writer.map("220102-assist-1/rows/1/mapping", {"action": "confirm"})
    with running(settings, shipped) as again:
        assert listed(asked(again)) == [("assist", "220102-assist-1", 1)]


MAPPING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["action", "codes", "role", "rows", "x"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=40)
@given(data=st.binary(max_size=200), media=st.sampled_from(["text/csv", XLSX]))
def test_malformed_files_never_fail_the_service_nor_change_the_store(
    shared: Writer, data: bytes, media: str
) -> None:
    before = shared.client.app.state.lists._store.generation()
    for body in (data, b"PK\x03\x04" + data, b"item,basis\n" + data):
        answer = shared.put(body, path="220181/assist", media=media)
        assert answer.status_code in (200, 201, 422)
        if answer.status_code == 422:
            assert shared.client.app.state.lists._store.generation() == before
        before = shared.client.app.state.lists._store.generation()


@settings(max_examples=40)
@given(value=MAPPING)
def test_malformed_mappings_never_fail_the_service(shared: Writer, value: object) -> None:
    for path in ("cn-law-assist/mapping", "220182-assist-1/rows/1/mapping", "x/mapping"):
        assert shared.map(path, value).status_code in (400, 404, 422)
