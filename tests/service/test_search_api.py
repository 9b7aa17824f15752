"""GET /v1/search: hits with their places, filters, pages, and faults at their column."""

from __future__ import annotations

from typing import Any

import pytest

from kb.search_index import After
from kb.search_texts import KINDS
from service.search.asked import MOST, cursor, read_cursor
from service.shipped import Shipped
from tests.kb.scan import folded
from tests.service.conftest import Client

JILIN = "jl-jifa-2017-36"


def found(client: Client, q: str, **more: str) -> dict[str, Any]:
    answer = client.get("/v1/search", params={"q": q, **more})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def texts(shipped: Shipped) -> dict[str, str]:
    """Provision IRI → its heading and text."""
    return {
        p.iri: f"{p.heading}\n{p.text}" for i in shipped.library.instruments for p in i.provisions
    }


def every(client: Client, q: str, **more: str) -> list[dict[str, Any]]:
    hits, following = [], ""
    while True:
        page = found(client, q, **more, **({"cursor": following} if following else {}))
        hits += page["hits"]
        following = page["next"]
        if not following:
            assert len(hits) == page["total"]
            return hits


def test_a_hit_tells_where_it_is_and_where_its_words_are(asking: Client, shipped: Shipped) -> None:
    (hit,) = found(asking, "權隨責走 經費")["hits"]
    assert hit["kind"] == "provision"
    assert hit["provision"]["label"] == "三（五）"
    assert hit["instrument"]["number"] == "吉发〔2017〕36号"
    assert hit["href"].startswith(f"/instruments/{JILIN}?quote=")
    assert hit["href"].endswith("#sec_3__sub_5")
    text = shipped.library.instrument(JILIN)
    assert text is not None
    whole = next(p.text for p in text.provisions if p.iri == hit["iri"])
    assert {whole[start:end] for start, end in hit["at"]} == {"权随责走", "经费"}
    snippet = hit["snippet"]
    assert whole[snippet["start"] :].startswith(snippet["text"])
    assert {snippet["text"][s:e] for s, e in snippet["marks"]} == {"权随责走", "经费"}


@pytest.mark.parametrize("word", ["社", "清单", "居民委员会", "36号", "（市、区）"])
def test_all_hits_of_a_word_page_by_page(asking: Client, shipped: Shipped, word: str) -> None:
    hits = every(asking, f'"{word}"', limit="7")
    expected = {iri for iri, text in texts(shipped).items() if folded(word) in folded(text)}
    assert [hit["iri"] for hit in hits if hit["iri"] in expected] == [hit["iri"] for hit in hits]
    assert {hit["iri"] for hit in hits} == expected
    assert len(hits) == len(expected)
    scores = [hit["score"] for hit in hits]
    assert scores == sorted(scores, reverse=True)


def test_kinds(asking: Client) -> None:
    counts = found(asking, "社区")["counts"]["kinds"]
    assert list(counts) == list(KINDS)
    for kind in KINDS:
        page = found(asking, "社区", kind=kind, limit=str(MOST))
        assert page["total"] == counts[kind] > 0
        assert {hit["kind"] for hit in page["hits"]} == {kind}
    (label,) = found(asking, "demolition", kind="label")["hits"]
    assert label["iri"].endswith("/task-kinds/demolition")
    assert label["label"] == "拆迁拆违"
    norm = found(asking, "经费", kind="norm")["hits"][0]
    assert norm["provision"]["label"]
    assert norm["href"].startswith("/norms/")
    sentence = found(asking, "权随责走", kind="sentence")["hits"][0]
    assert sentence["provision"]["label"] == "三（五）"


def test_filters(asking: Client) -> None:
    by_key = found(asking, "社区", instrument=JILIN)
    assert by_key["total"] == len(every(asking, "社区", instrument=JILIN))
    assert {hit["instrument"]["key"] for hit in by_key["hits"]} == {JILIN}
    for same in ("吉发〔2017〕36号", "吉发[2017]36号", f"https://zhunru.example/id/doc/{JILIN}"):
        assert found(asking, "社区", instrument=same) == by_key
    shandong = found(asking, "社区", province="山东省", limit=str(MOST))
    assert {hit["instrument"]["key"][:2] for hit in shandong["hits"]} == {"sd"}
    assert found(asking, "社区", province="37") == found(asking, "社区", province="370000")
    both = found(asking, "社区", province="山东省", instrument=JILIN)
    assert both["total"] == 0
    whole = found(asking, "社区")
    counted = {each["key"]: each["count"] for each in whole["counts"]["instruments"]}
    assert sum(counted.values()) == whole["total"]
    assert counted[JILIN] == by_key["total"]


def test_the_next_page_has_an_address(asking: Client) -> None:
    answer = asking.get("/v1/search", params={"q": "社区", "limit": "3", "province": "22"})
    link = answer.headers["link"]
    assert link.endswith('; rel="next"')
    following = asking.get(link[1 : link.index(">")]).json()
    assert len(following["hits"]) == 3
    first = {hit["iri"] for hit in answer.json()["hits"]}
    assert first.isdisjoint(hit["iri"] for hit in following["hits"])
    assert "link" not in asking.get("/v1/search", params={"q": "权随责走"}).headers


FAULTS = [
    ({"q": ""}, "q", 1),
    ({}, "q", 1),
    ({"q": "社区 AND (清单"}, "q", 8),
    ({"q": "“社区"}, "q", 1),
    ({"q": "社区", "kind": "provisions"}, "kind", None),
    ({"q": "社区", "instrument": "jl-jifa-2017-63"}, "instrument", None),
    ({"q": "社区", "province": "火星"}, "province", None),
    ({"q": "社区", "province": "吉林省长春市"}, "province", None),
    ({"q": "社区", "limit": "0"}, "limit", None),
    ({"q": "社区", "limit": "101"}, "limit", None),
    ({"q": "社区", "cursor": "x"}, "cursor", None),
    ({"q": "社区", "cursor": "WzFd"}, "cursor", None),
    ({"q": "社区", "page": "2"}, "page", None),
]


@pytest.mark.parametrize(("given", "parameter", "column"), FAULTS)
def test_faults(asking: Client, given: dict[str, str], parameter: str, column: int | None) -> None:
    answer = asking.get("/v1/search", params=given)
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["type"] == "/problems/bad-request"
    assert problem["parameter"] == parameter
    assert problem.get("column") == column
    assert all(problem["message"][language] for language in ("zh", "en"))
    assert problem["errors"][0]["path"].startswith(f"?{parameter}")


def test_a_cursor_is_read_back() -> None:
    after = After(0.1 + 0.2, "https://zhunru.example/id/社", "")
    assert read_cursor(cursor(after)) == after


def test_without_a_query_process_it_says_so(client: Client) -> None:
    answer = client.get("/v1/search", params={"q": "社区"})
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/no-graph"
