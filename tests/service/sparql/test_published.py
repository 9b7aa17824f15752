"""Publications are in the graph: what each changed, against the rulebooks compared (PROV-O)."""

from __future__ import annotations

from dataclasses import replace

from kb.query import bind, load
from ontology.ids import NS, rule_iri
from rules.difference import compare
from rules.model import Rulebook
from service.shipped import Shipped
from service.sparql.published import RevisionsProjection
from service.store.database import open_database
from service.store.migrate import upgrade
from service.store.revisions import RevisionStore
from tests.service.conftest import Client


def altered(book: Rulebook) -> Rulebook:
    """Without its first rule of one kind, another rule turned about, in no file anywhere."""
    kind = "admissibility"
    _, second, *others = book.rules[kind]
    return Rulebook(
        vocabulary=book.vocabulary,
        rules=dict(book.rules) | {kind: (replace(second, inference=not second.inference), *others)},
        horizon=book.horizon,
    )


def test_a_publication_tells_what_it_changed(shipped: Shipped, tmp_path: object) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/zhunru.db")
    upgrade(engine)
    store = RevisionStore(engine)
    first, second = shipped.rulebook, altered(shipped.rulebook)
    books = {book.revision: book for book in (first, second)}
    projection = RevisionsProjection(store, books.__getitem__)
    assert projection.key() == "0"
    store.publish(first.revision, first.document(), "shipped")
    before = projection.key()
    store.make_current(second.revision, second.document(), "为什么\n改", "legal", first.revision)
    assert projection.key() != before
    lines = list(projection.lines())
    assert list(projection.lines()) == lines
    publication = "<https://zhunru.example/id/publication/2>"
    found = compare(first, second)
    for name, rules in (
        ("removesRule", [r.id for r in found.removed]),
        ("altersRule", [a.after.id for a in found.altered]),
        ("addsRule", [r.id for r in found.added]),
    ):
        told = {
            line.split(" ")[2] for line in lines if line.startswith(f"{publication} <{NS}{name}>")
        }
        assert told == {f"<{rule_iri(rule)}>" for rule in rules}
    assert (len(found.removed), len(found.altered), len(found.added)) == (1, 1, 0)
    store.make_current(first.revision, first.document(), "back", "legal", second.revision)
    assert projection.key() == "3"
    store.close()


def test_what_a_revision_changed_is_a_question(asking: Client, shipped: Shipped) -> None:
    digits = shipped.rulebook.revision.removeprefix("sha256:")
    for given in ("", digits[:6], shipped.rulebook.revision):
        query = bind(load("revision-changes"), {"revision": given})
        found = asking.get("/sparql", params={"query": query, "format": "json"})
        rows = found.json()["results"]["bindings"]
        assert [row["digits"]["value"] for row in rows] == [digits]
        assert rows[0]["publisher"]["value"] == "release"
    query = bind(load("revision-changes"), {"revision": "ffffff"})
    assert (
        asking.get("/sparql", params={"query": query, "format": "json"}).json()["results"][
            "bindings"
        ]
        == []
    )
