"""What a release brings along: a built rulebook is taken only where it is of just this content."""

from __future__ import annotations

from pathlib import Path

import pytest

from service import shipped as module
from service.building import build
from service.shipped import MARK, RULEBOOK, Shipped, content_digest, load_shipped


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    build(folder)
    return folder


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A root with a file in each folder that counts."""
    for name in ("ontology", "kb", "rules"):
        (tmp_path / name / "__pycache__").mkdir(parents=True)
        (tmp_path / name / "a.yaml").write_text("a: 1\n")
    return tmp_path


def test_the_built_rulebook_is_the_one_that_the_sources_make(
    built: Path, shipped: Shipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DESIGN §2: same input, same bytes; so it makes no difference which is taken."""
    monkeypatch.setattr("kb.library.load_library", lambda: pytest.fail("the texts were read"))
    kept = load_shipped(built=built)
    assert kept.rulebook.document() == shipped.rulebook.document()
    assert kept.register == shipped.register


def test_other_content_than_the_built_makes_it_anew(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "content_digest", lambda: "0" * 64)
    assert module._kept(built) is None


@pytest.mark.parametrize("name", [MARK, RULEBOOK])
@pytest.mark.parametrize("harm", ["absent", "cut", "other"])
def test_what_is_not_whole_is_made_anew(built: Path, tmp_path: Path, name: str, harm: str) -> None:
    for file in (MARK, RULEBOOK):
        (tmp_path / file).write_bytes((built / file).read_bytes())
    assert module._kept(tmp_path) is not None
    match harm:
        case "absent":
            (tmp_path / name).unlink()
        case "cut":
            (tmp_path / name).write_bytes((built / name).read_bytes()[:100])
        case "other":
            (tmp_path / name).write_bytes(b'{"rules": {}}')
    assert module._kept(tmp_path) is None


def test_the_digest_tells_any_change_of_content(content: Path) -> None:
    before = content_digest(content)
    (content / "kb" / "__pycache__" / "a.pyc").write_bytes(b"x")
    assert content_digest(content) == before
    file = content / "kb" / "a.yaml"
    file.write_text("a: 2\n")
    changed = content_digest(content)
    file.rename(content / "kb" / "b.yaml")
    assert len({before, changed, content_digest(content)}) == 3
