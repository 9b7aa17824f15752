"""`zhunru build` is deterministic, and bad content leaves the last good build (DESIGN §7)."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from ontology.issue import ContentError
from ontology.sources import HERE
from rules.load import RULEBOOK
from rules.schema import CASES, RULES
from service.building import build

COMPILED = ("concepts.json", "places.json", "vocabulary.json")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_sources_give_the_same_bytes_everywhere(tmp_path: Path) -> None:
    built = build(tmp_path / "a")
    first = contents(tmp_path / "a")
    assert set(first) == {"content.sha256", "graph.nq", "library.json", "rulebook.json"}
    assert built.revision == "sha256:" + hashlib.sha256(first["rulebook.json"]).hexdigest()
    graph = first["graph.nq"].splitlines()
    assert graph == sorted(set(graph))
    assert any(b"/graph/rules>" in line for line in graph)

    # From a copy of the ontology that was never compiled: it is, and the rest does not differ.
    ontology = tmp_path / "ontology"
    shutil.copytree(HERE, ontology, ignore=shutil.ignore_patterns(*COMPILED, "__pycache__"))
    assert build(tmp_path / "b", ontology=ontology).revision == built.revision
    # Made of another ontology than the shipped, it may not be taken for what is shipped.
    del first["content.sha256"]
    assert contents(tmp_path / "b") == first
    for name in COMPILED:
        assert (ontology / name).read_bytes() == (HERE / name).read_bytes()


def test_schemas_of_the_rulebook_follow_its_words(tmp_path: Path) -> None:
    """They stand beside the rules and are committed, as the compiled vocabulary is."""
    folder = tmp_path / "rulebook"
    shutil.copytree(RULEBOOK, folder)
    (folder / RULES).write_text("{}", "utf-8")
    (folder / CASES).unlink()
    build(tmp_path / "graph", folder)
    for name in (RULES, CASES):
        assert (folder / name).read_bytes() == (RULEBOOK / name).read_bytes()


def test_bad_content_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    rulebook = tmp_path / "rulebook" / "22-jilin"
    rulebook.mkdir(parents=True)
    (rulebook / "jl-jifa-2017-36.yaml").write_text("rules:\n  - id: [\n", "utf-8")
    with pytest.raises(ContentError) as caught:
        build(tmp_path / "out", rulebook_path=tmp_path / "rulebook")
    assert any("jl-jifa-2017-36.yaml:" in issue.where for issue in caught.value.issues)
    assert not (tmp_path / "out").exists()


def test_a_broken_vocabulary_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    ontology = tmp_path / "ontology"
    shutil.copytree(HERE, ontology, ignore=shutil.ignore_patterns("__pycache__"))
    before = contents(ontology / "codelists")
    source = next((ontology / "codelists").glob("*.ttl"))
    source.write_text(source.read_text("utf-8") + "\nnot turtle", "utf-8")
    with pytest.raises(ContentError) as caught:
        build(tmp_path / "out", ontology=ontology)
    assert any(source.name in issue.where for issue in caught.value.issues)
    assert not (tmp_path / "out").exists()
    assert set(contents(ontology / "codelists")) == set(before)
