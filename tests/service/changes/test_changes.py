"""The change feed: every source tells, entries keep their ids, pages shift nothing; Atom is valid.

RFC 4287 (Atom), RFC 5005 §3 (paged feeds), RFC 3339 (instants).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as Xml

import pytest
from bs4 import BeautifulSoup

from kb.added import load_added
from kb.library import load_library
from service.changes.entries import KINDS, Entry, page, text
from service.shipped import Shipped
from service.sparql.journal import noted, read_journal
from service.sparql.process import query_process
from service.sparql.wire import Limits
from tests.service.conftest import running
from tests.service.sparql.writing import MINE, Desk, settings

ATOM = "{http://www.w3.org/2005/Atom}"
CSV = "序号,事项名称\n1,协助开展人口普查\n"


@pytest.fixture(scope="module")
def desk(shipped: Shipped, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An application in which everything that the feed tells has happened."""
    folder = tmp_path_factory.mktemp("changes")
    with (
        query_process(Limits(workers=1)) as process,
        running(settings(folder, process.address), shipped) as one,
    ):
        desk = Desk(one, folder)
        assert desk.put("<x:s> <x:p> 1 .").status_code in (200, 201, 204)
        assert desk.update(f"DROP GRAPH <{MINE}>").status_code == 204
        put = one.request(
            "PUT",
            "/v1/lists/2201/assist",
            params={
                "title": "协助事项",
                "start": "2019-01-01",
                "source": "测试",
                "complete": "true",
            },
            content=CSV.encode(),
            headers=desk.token("legal") | {"content-type": "text/csv"},
        )
        assert put.status_code in (200, 201), put.text
        yield desk


def told(desk: Desk, query: str = "") -> Any:
    return desk.client.get(f"/changes.json{query}").json()


def test_each_source_tells_what_it_knows(desk: Desk) -> None:
    entries = told(desk, "?limit=200")["entries"]
    by = {kind: [e for e in entries if e["kind"] == kind] for kind in KINDS}
    assert len(by["instrument"]) == len(load_library().instruments)
    assert [e["url"].rpartition("/")[2] for e in by["revision"]] == ["revisions"]
    assert "协助事项（第1版）" in by["list"][0]["title"]["zh"]
    assert [e["title"]["en"] for e in by["graph"]][:2] == [
        "Administrators' graphs changed by an update",
        f"Graph written: {MINE}",
    ]
    assert [e["at"] for e in entries] == sorted((e["at"] for e in entries), reverse=True)


def test_every_instrument_has_its_day_once() -> None:
    """kb/added.yaml against the library: nothing comes in without the feed telling of it."""
    keys = [key for one in load_added() for key in one.instruments]
    assert sorted(keys) == sorted(i.key for i in load_library().instruments)


def test_pages_by_key_leave_nothing_out_and_tell_nothing_twice(desk: Desk) -> None:
    whole = [e["id"] for e in told(desk, "?limit=200")["entries"]]
    found, at = [], "/changes.json?limit=7"
    while at:
        answer = desk.client.get(at)
        found += [e["id"] for e in answer.json()["entries"]]
        following = answer.json()["next"]
        assert bool(following) is ('rel="next"' in answer.headers["link"])
        at = following and following.removeprefix("http://localhost")
    assert found == whole
    assert len(set(whole)) == len(whole)


def test_what_comes_between_shifts_no_page() -> None:
    """Keyset paging: an entry added at the front is on no later page."""

    def entry(n: int) -> Entry:
        label = text("feed")
        return Entry(f"x:{n}", f"2026-01-{n:02}T00:00:00Z", "list", label, label, "/")

    before = [entry(n) for n in range(1, 6)]
    first = page(before, "", 2)
    second = page([*before, entry(9)], first.after, 2)
    assert [e.id for e in (*first.entries, *second.entries)] == ["x:5", "x:4", "x:3", "x:2"]
    assert page(before, second.after, 2).after == ""


@pytest.mark.parametrize("query", ["", "?kind=list", "?limit=3", "?kind=revision&lang=en"])
def test_the_feed_is_valid_atom(desk: Desk, query: str) -> None:
    answer = desk.client.get(f"/changes.atom{query}")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = Xml.fromstring(answer.content)
    faults = list(check_feed(feed))
    assert faults == []
    ids = [str(e.findtext(f"{ATOM}id")) for e in feed.findall(f"{ATOM}entry")]
    kind = "kind=" in query
    assert ids == [e["id"] for e in told(desk, query.replace("&lang=en", ""))["entries"]]
    assert kind or len(ids) > 2


def test_pages_of_the_feed_lead_on(desk: Desk) -> None:
    feed = Xml.fromstring(desk.client.get("/changes.atom?limit=3").content)
    links = {link.get("rel"): str(link.get("href")) for link in feed.findall(f"{ATOM}link")}
    assert {"self", "alternate", "first", "next"} <= set(links)
    after = Xml.fromstring(desk.client.get(links["next"].removeprefix("http://localhost")).content)
    assert list(check_feed(after)) == []
    both = [e.findtext(f"{ATOM}id") for f in (feed, after) for e in f.findall(f"{ATOM}entry")]
    assert len(set(both)) == 6


def check_feed(feed: Xml.Element) -> Iterator[str]:
    """What RFC 4287 §4.1 forbids in a feed document, each rule by its section."""
    if feed.tag != f"{ATOM}feed":
        yield "§4.1.1: the root is a feed"
    allowed = {"id", "title", "subtitle", "updated", "author", "link", "entry"}
    if extra := {child.tag.removeprefix(ATOM) for child in feed} - allowed:
        yield f"§4.1.1: {extra}"
    if feed.find(f"{ATOM}author/{ATOM}name") is None:
        yield "§4.1.1: an author, for entries have none"
    if not [link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]:
        yield "§4.1.1: a link to itself"
    yield from check_metadata(feed)
    ids = []
    for entry in feed.findall(f"{ATOM}entry"):
        yield from check_metadata(entry)
        ids.append(entry.findtext(f"{ATOM}id"))
        if len(entry.findall(f"{ATOM}summary")) > 1 or len(entry.findall(f"{ATOM}published")) > 1:
            yield "§4.1.2: at most one summary, at most one published"
        if entry.find(f"{ATOM}content") is None and not [
            link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate"
        ]:
            yield "§4.1.2: without content, an alternate link"
        if any(not category.get("term") for category in entry.findall(f"{ATOM}category")):
            yield "§4.2.2.1: a category has a term"
    if len(set(ids)) != len(ids):
        yield "§4.1.1: entries with one id have different updated; here none is told twice"


def check_metadata(of: Xml.Element) -> Iterator[str]:
    for name in ("id", "title", "updated"):
        own = of.findall(f"{ATOM}{name}")
        if len(own) != 1 or not own[0].text:
            yield f"§4.1: exactly one {name}"
    if not urlsplit(of.findtext(f"{ATOM}id") or "").scheme:
        yield "§4.2.6: an id is an absolute IRI"
    for name in ("updated", "published"):
        for child in of.findall(f"{ATOM}{name}"):
            at = child.text or ""
            if "T" not in at or not at.endswith("Z") or datetime.fromisoformat(at).tzinfo is None:
                yield f"§3.3: {at!r} is no instant of RFC 3339"
    found = of.findall(f"{ATOM}link")
    links = [
        (link.get("type"), link.get("hreflang")) for link in found if link.get("rel") == "alternate"
    ]
    if len(links) != len(set(links)):
        yield "§4.1: no two alternates of one type and language"
    if any(not urlsplit(str(link.get("href"))).scheme for link in found):
        yield "§4.2.7.1: every link has an address, here an absolute one"


def test_the_page_tells_by_day_and_by_kind(desk: Desk) -> None:
    page_ = BeautifulSoup(
        desk.client.get("/changes", headers={"accept": "text/html"}).content, "html.parser"
    )
    assert len(page_.select(".changes li")) == len(told(desk)["entries"])
    lists = BeautifulSoup(desk.client.get("/changes?kind=list").content, "html.parser")
    assert len(lists.select(".changes li")) == 1
    english = desk.client.get("/changes?kind=list&lang=en").text
    assert "List registered: 协助事项 (version 1)" in english
    assert desk.client.get("/changes?kind=lists").status_code == 422


def test_a_write_cut_short_in_the_journal_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "written.journal"
    noted(path, "put", "x:a")
    with path.open("a") as file:
        file.write('{"at": "2026-')
    assert [w.graph for w in read_journal(path)] == ["x:a"]
    assert read_journal(tmp_path / "none") == ()
