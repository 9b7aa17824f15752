"""A revision is written once; the head names the one that decides, as last committed anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from ontology.places import PlaceTable
from service.errors import StoreFailed, UnknownRevision
from service.revisions import Revisions
from service.shipped import Shipped
from service.store.revisions import RELEASE, HeadMoved, RevisionStore


@pytest.fixture
def store(engine: Engine) -> Iterator[RevisionStore]:
    found = RevisionStore(engine)
    yield found
    found.close()


def test_there_is_no_head_before_the_first(store: RevisionStore) -> None:
    assert store.head() is None
    with pytest.raises(StoreFailed):
        Revisions(store, PlaceTable(), 1).head()


def test_publishing_moves_the_head_and_keeps_what_was(store: RevisionStore) -> None:
    assert store.publish("sha256:a", b"{}", "first")
    assert store.publish("sha256:b", b"[]", "second")
    assert store.head() == "sha256:b"
    assert store.document("sha256:a") == b"{}"
    assert store.document("sha256:c") is None


def test_what_is_stored_is_not_published_again(store: RevisionStore) -> None:
    """So a restart does not take back what somebody published since."""
    store.publish("sha256:a", b"{}", "shipped")
    store.publish("sha256:b", b"[]", "ours")
    assert store.publish("sha256:a", b"other", "shipped") is False
    assert store.head() == "sha256:b"
    assert store.document("sha256:a") == b"{}"


def test_a_publish_elsewhere_is_seen_at_once(engine: Engine, store: RevisionStore) -> None:
    store.publish("sha256:a", b"{}", "")
    assert store.head() == "sha256:a"
    other = RevisionStore(engine)
    for name in ("sha256:b", "sha256:c"):
        other.publish(name, b"{}", "")
        assert store.head() == name
    other.close()


def test_the_head_is_one_and_exists(engine: Engine, store: RevisionStore) -> None:
    store.publish("sha256:a", b"{}", "")
    for statement in (
        "INSERT INTO head (id, revision) VALUES (2, 'sha256:a')",
        "UPDATE head SET revision = 'sha256:none'",
    ):
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(text(statement))


def test_a_store_that_fails_is_an_error_of_its_own(engine: Engine, store: RevisionStore) -> None:
    store.publish("sha256:a", b"{}", "")
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE head RENAME TO away"))
    with pytest.raises(StoreFailed):
        store.head()
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO head"))
    assert store.head() == "sha256:a"


def test_rulebooks_are_kept_in_a_bounded_cache(store: RevisionStore, shipped: Shipped) -> None:
    rulebook = shipped.rulebook
    poorer = replace(rulebook, rules={"admissibility": ()})
    revisions = Revisions(store, rulebook.vocabulary.places, 1)
    assert revisions.publish(rulebook, "")
    assert revisions.head() is rulebook
    assert revisions.publish(poorer, "")
    again = revisions.get(rulebook.revision)
    assert again is not rulebook  # it was let go, and read back from its document
    assert again == rulebook
    assert again.revision == rulebook.revision
    with pytest.raises(UnknownRevision):
        revisions.get("sha256:0")


def test_a_damaged_document_is_not_decided_by(
    engine: Engine, store: RevisionStore, shipped: Shipped
) -> None:
    store.publish("sha256:0", shipped.rulebook.document(), "")
    with pytest.raises(StoreFailed, match="damaged"):
        Revisions(store, PlaceTable(), 1).get("sha256:0")


def test_every_move_of_the_head_is_noted(store: RevisionStore) -> None:
    store.publish("sha256:a", b"{}", "shipped")
    store.make_current("sha256:b", b"[]", "corrected", "legal", after="sha256:a")
    store.publish("sha256:a", b"{}", "shipped again: nothing is done")
    store.make_current("sha256:a", b"{}", "taken back", "legal", after="sha256:b")
    told = [(p.revision, p.parent, p.publisher, p.note) for p in store.publications()]
    assert told == [
        ("sha256:a", "sha256:b", "legal", "taken back"),
        ("sha256:b", "sha256:a", "legal", "corrected"),
        ("sha256:a", None, RELEASE, "shipped"),
    ]
    assert store.head() == "sha256:a"
    times = [p.published_at for p in store.publications()]
    assert times == sorted(times, reverse=True)


def test_nobody_publishes_over_what_they_have_not_seen(store: RevisionStore) -> None:
    store.publish("sha256:a", b"{}", "")
    store.make_current("sha256:b", b"[]", "", "legal", after="sha256:a")
    with pytest.raises(HeadMoved) as moved:
        store.make_current("sha256:c", b"0", "", "legal", after="sha256:a")
    assert moved.value.head == "sha256:b"
    assert store.head() == "sha256:b"
    assert store.document("sha256:c") is None
    assert len(store.publications()) == 2


def test_of_several_who_publish_at_once_one_does(engine: Engine) -> None:
    store = RevisionStore(engine)
    store.publish("sha256:a", b"{}", "")

    def publish(name: str) -> bool:
        own = RevisionStore(engine)
        try:
            own.make_current(name, b"[]", "", "legal", after="sha256:a")
        except HeadMoved:
            return False
        finally:
            own.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(publish, [f"sha256:{i}" for i in range(4)]))
    assert sum(done) == 1
    assert store.head() == f"sha256:{done.index(True)}"
    assert len(store.publications()) == 2
    store.close()
