"""The pages of what was published and of what changed between two revisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup

from ontology.label import Label
from rules.model import Rulebook
from service.settings import Settings
from service.shipped import Shipped
from service.store.revisions import RevisionStore
from service.web.revisions import between, short
from tests.service.conftest import Client, running

BAN = "jl-2017-36.five-matters"


def changed(book: Rulebook) -> Rulebook:
    """The ban on the five matters narrowed and renamed, and another rule gone."""
    rules = book.rules["admissibility"]
    gone = next(r for r in rules if r.effect == "advises" and not _named(r.id, book))
    told = tuple(
        replace(r, title=Label("新的标题", "new title"), effect="advises", doubt=Label("疑", "?"))
        if r.id == BAN
        else r
        for r in rules
        if r.id != gone.id
    )
    return replace(book, rules={**book.rules, "admissibility": told})


def _named(rule_id: str, book: Rulebook) -> bool:
    return any(d.rule == rule_id for rs in book.rules.values() for r in rs for d in r.defeats)


@pytest.fixture(scope="module")
def other(shipped: Shipped) -> Rulebook:
    return changed(shipped.rulebook)


@pytest.fixture(scope="module")
def own(
    shipped: Shipped, other: Rulebook, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Client]:
    """A service in which legal staff published after the release."""
    file = tmp_path_factory.mktemp("store") / "zhunru.db"
    with running(Settings(database_url=f"sqlite:///{file}"), shipped) as client:
        store: RevisionStore = client.app.state.service.revisions.store
        store.make_current(
            other.revision, other.document(), "收窄", "法制科", after=shipped.rulebook.revision
        )
        yield client


def read(client: Any, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.text)
    return BeautifulSoup(answer.text, "html.parser")


def test_revisions_are_listed_with_day_note_and_counts(
    own: Client, shipped: Shipped, other: Rulebook
) -> None:
    page = read(own, "/revisions")
    latest, first = page.select("tbody tr")
    assert "现行" in latest.get_text()
    assert "现行" not in first.get_text()
    assert short(other.revision) in latest.get_text()
    assert "收窄" in latest.get_text()
    assert "法制科" in latest.get_text()
    assert "增0，删1，改1" in latest.get_text()
    assert "首次发布" in first.get_text()
    assert "随程序发布" in first.get_text()
    count = sum(len(rules) for rules in shipped.rulebook.rules.values())
    assert [row.select("td")[4].get_text() for row in (latest, first)] == [
        str(count - 1),
        str(count),
    ]
    link = latest.select_one("a")
    assert link is not None
    assert link["href"] == between(shipped.rulebook.revision, other.revision)


def test_the_rulebook_leads_to_its_revisions(own: Client) -> None:
    assert read(own, "/rulebook").select_one("a[href='/revisions']") is not None


def test_a_difference_shows_members_before_and_after_and_the_verdicts(
    own: Client, shipped: Shipped, other: Rulebook
) -> None:
    page = read(own, between(shipped.rulebook.revision, other.revision))
    altered = page.select_one(f"#rule-{BAN.replace('.', chr(92) + '.')}")
    assert altered is not None
    assert [code.get_text() for code in altered.select("h4 code")] == ["title", "effect", "doubt"]
    before, after = (
        e.get_text(strip=True) for e in altered.select(".versus")[1].select("del, ins")
    )
    assert (before, after) == ("禁止", "提示")
    (removed,) = (s for s in page.select("section.sheet") if "删去的规则" in s.get_text())
    assert len(removed.select("article")) == 1
    assert removed.select("blockquote")
    verdicts = page.select_one("#verdicts")
    assert verdicts is not None
    rows = verdicts.select("tbody tr")
    assert rows
    assert "不符合所引文件" in verdicts.get_text()
    assert any(BAN in str(a["href"]) for a in verdicts.select("a"))
    for link in verdicts.select("a"):
        assert page.find(id=str(link["href"])[1:]) is not None, link


def test_it_is_turned_round(own: Client, shipped: Shipped, other: Rulebook) -> None:
    page = read(own, between(other.revision, shipped.rulebook.revision))
    (added,) = (s for s in page.select("section.sheet") if "新增的规则" in s.get_text())
    assert len(added.select("article")) == 1
    back = page.select_one("p.lead a")
    assert back is not None
    assert back["href"] == between(shipped.rulebook.revision, other.revision)
    same = read(own, between(other.revision, other.revision))
    assert "同一个修订" in same.get_text()


@pytest.mark.parametrize("name", ["abc", "a...b", "000000...000001", "...", "../x...y"])
def test_what_names_no_two_revisions_is_not_found(own: Client, name: str) -> None:
    answer = own.get(f"/revisions/{name}")
    assert answer.status_code == 404


def test_looking_drives_no_rulebook_out_of_the_cache(own: Client) -> None:
    revisions = own.app.state.service.revisions
    head = revisions.head()
    own.get("/revisions")
    assert revisions.head() is head
