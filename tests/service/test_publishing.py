"""From files to what decides: nothing unchecked is published, nothing published is lost again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from rules.load import RULEBOOK
from rules.model import Rulebook
from service.errors import UnknownRevision
from service.publishing import LEGAL, NotPublished, named, publish, publish_release
from service.revisions import Revisions
from service.settings import Settings
from service.shipped import Shipped, load_shipped
from service.store.database import open_database
from service.store.migrate import upgrade
from service.store.revisions import RELEASE, RevisionStore
from tests.service.conftest import DEMOLITION, running

BAN = "jl-2017-36.five-matters"


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    found = open_database(settings.database_url)
    upgrade(found)
    yield found
    found.dispose()


@pytest.fixture
def store(engine: Engine) -> Iterator[RevisionStore]:
    found = RevisionStore(engine)
    yield found
    found.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The rulebook as legal staff have it on their desk."""
    return Path(shutil.copytree(RULEBOOK, tmp_path / "rulebook"))


def edit(folder: Path, old: str, new: str, after: str = f"id: {BAN}\n") -> Path:
    """Change one place of the rule after a line."""
    path = next(p for p in folder.rglob("*.yaml") if after in p.read_text("utf-8"))
    head, tail = path.read_text("utf-8").split(after)
    assert old in tail
    path.write_text(head + after + tail.replace(old, new, 1), "utf-8")
    return path


def poorer(shipped: Shipped) -> Rulebook:
    return replace(shipped.rulebook, rules={"admissibility": ()})


def held(store: RevisionStore, shipped: Shipped) -> Revisions:
    return Revisions(store, shipped.rulebook.vocabulary.places, 4)


def test_what_holds_is_published_with_its_parent(
    store: RevisionStore, shipped: Shipped, folder: Path
) -> None:
    store.publish(shipped.rulebook.revision, shipped.rulebook.document(), "first")
    edit(folder, "“等事项”不作扩大解释", "“等事项”不作扩大解释，下同")
    content = load_shipped(folder)
    done = publish(store, content, folder, " 说明更清楚 ")
    assert done.revision == content.rulebook.revision == store.head()
    assert done.parent == shipped.rulebook.revision
    assert (done.publisher, done.note) == (LEGAL, "说明更清楚")
    assert store.document(done.revision) == content.rulebook.document()
    assert store.publications()[0] == done


def test_what_decides_already_is_not_published_again(
    store: RevisionStore, shipped: Shipped, folder: Path
) -> None:
    publish(store, shipped, folder)
    with pytest.raises(NotPublished, match="nothing has changed"):
        publish(store, shipped, folder)
    assert len(store.publications()) == 1


def test_a_rule_without_its_cases_is_not_published(
    store: RevisionStore, shipped: Shipped, folder: Path
) -> None:
    """Each rule is shown holding, failing and unknown: rules.check."""
    cases = next(p for p in folder.rglob("*.cases.yaml") if BAN in p.read_text("utf-8"))
    text = cases.read_text("utf-8").replace(f"rule: {BAN}", "rule: jl-2017-36.one-vote-veto")
    cases.write_text(text, "utf-8")
    edit(folder, "不在此限", "不在此限制之内")
    with pytest.raises(NotPublished) as refused:
        publish(store, load_shipped(folder), folder)
    assert any(BAN in issue.message for issue in refused.value.issues)
    assert store.head() is None


def test_a_rule_that_decides_otherwise_than_its_cases_say_is_not_published(
    store: RevisionStore, shipped: Shipped, folder: Path
) -> None:
    edit(folder, "effect: forbids", "effect: permits")
    edit(folder, "norm: prohibition", "norm: permission")
    with pytest.raises(NotPublished) as refused:
        publish(store, load_shipped(folder), folder)
    assert {o.example.rule for o in refused.value.failed} >= {BAN}
    assert store.head() is None


def test_an_earlier_revision_can_be_taken_up_again(
    store: RevisionStore, shipped: Shipped, folder: Path
) -> None:
    publish(store, shipped, folder)
    path = edit(folder, "不在此限", "不在此限之内")
    changed = publish(store, load_shipped(folder), folder, "改")
    shutil.copy(RULEBOOK / path.relative_to(folder), path)
    back = publish(store, load_shipped(folder), folder, "撤回")
    assert back.revision == shipped.rulebook.revision == store.head()
    assert back.parent == changed.revision
    assert [p.note for p in store.publications()] == ["撤回", "改", ""]


@pytest.mark.parametrize("publisher", ["", "  ", "x" * 121, RELEASE])
def test_somebody_publishes(store: RevisionStore, shipped: Shipped, publisher: str) -> None:
    with pytest.raises(NotPublished):
        publish(store, shipped, None, publisher=publisher)
    assert store.head() is None


def test_a_service_that_starts_later_keeps_what_people_published(
    settings: Settings, store: RevisionStore, shipped: Shipped
) -> None:
    """Neither an old release nor a new one takes back what legal staff made current."""
    with running(settings, shipped) as client:
        assert client.decide(DEMOLITION).json()["verdict"] == "inadmissible"
    book = poorer(shipped)
    store.make_current(book.revision, book.document(), "", LEGAL, after=shipped.rulebook.revision)
    new = Shipped(replace(shipped.rulebook, horizon=()), shipped.library)
    for release in (shipped, new):
        with running(settings, release) as client:
            answer = client.decide(DEMOLITION).json()
            assert answer["revision"] == book.revision
            assert answer["verdict"] == "undetermined"
    assert store.head() == book.revision
    assert store.document(new.rulebook.revision) is None


def test_a_new_release_decides_where_nobody_else_published(
    settings: Settings, store: RevisionStore, shipped: Shipped
) -> None:
    new = Shipped(poorer(shipped), shipped.library)
    for release in (shipped, new):
        with running(settings, release) as client:
            assert client.decide(DEMOLITION).json()["revision"] == release.rulebook.revision
    # The old one, started once more, was stored before: it takes nothing back.
    with running(settings, shipped) as client:
        assert client.decide(DEMOLITION).json()["revision"] == new.rulebook.revision
    assert [p.publisher for p in store.publications()] == [RELEASE, RELEASE]


def test_a_running_service_decides_at_once_by_what_was_published(
    settings: Settings, store: RevisionStore, shipped: Shipped
) -> None:
    book = poorer(shipped)
    with running(settings, shipped) as client:
        assert client.decide(DEMOLITION).json()["revision"] == shipped.rulebook.revision
        store.make_current(
            book.revision, book.document(), "", LEGAL, after=shipped.rulebook.revision
        )
        assert client.decide(DEMOLITION).json()["revision"] == book.revision


def test_a_release_after_people_does_not_decide(store: RevisionStore, shipped: Shipped) -> None:
    revisions = held(store, shipped)
    assert publish_release(revisions, shipped.rulebook)
    assert not publish_release(revisions, shipped.rulebook)
    book = poorer(shipped)
    store.make_current(book.revision, book.document(), "", LEGAL, after=shipped.rulebook.revision)
    other = replace(shipped.rulebook, horizon=())
    assert not publish_release(revisions, other)
    assert revisions.head() == book


def test_a_revision_is_named_by_its_first_digits_or_its_document(
    store: RevisionStore, shipped: Shipped, tmp_path: Path
) -> None:
    book = shipped.rulebook
    store.publish(book.revision, book.document(), "")
    revisions = held(store, shipped)
    for name in (book.revision, book.revision[:20], book.revision.removeprefix("sha256:")[:6]):
        assert named(name, revisions).revision == book.revision
    file = tmp_path / "rulebook.json"
    file.write_bytes(poorer(shipped).document())
    assert named(str(file), revisions).revision == poorer(shipped).revision
    file.write_bytes(b"[]")
    for name in (str(file), "sha256:", "abc", "sha256:000000", book.revision[:9]):
        with pytest.raises(UnknownRevision):
            named(name, revisions)
