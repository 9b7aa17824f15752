"""One look tells of all that a projection of the graph is made of (`service.sparql.projection`)."""

from __future__ import annotations

from sqlalchemy import Engine

from service.store.changes import look
from service.store.lists import ListStore
from service.store.revisions import RevisionStore
from tests.service.store.test_list_migrations import UPLOAD


def test_a_look_differs_after_each_change_and_only_then(engine: Engine) -> None:
    revisions, lists, changes = RevisionStore(engine), ListStore(engine), look(engine)
    told = [changes()]

    def changed() -> bool:
        told.append(changes())
        return told[-1] not in told[:-1]

    assert not changed()
    revisions.publish("sha256:a", b"{}", "first")
    assert changed()
    lists.add(UPLOAD)
    assert changed()
    lists.add(UPLOAD)  # the very same: nothing changed
    assert not changed()
    revisions.make_current("sha256:b", b"[]", "second", "somebody", after="sha256:a")
    assert changed()
    revisions.make_current("sha256:a", b"{}", "back", "somebody", after="sha256:b")
    assert changed()
    for store in (revisions, lists, changes):
        store.close()
