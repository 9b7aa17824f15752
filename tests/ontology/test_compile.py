"""Turtle to JSON: current, deterministic, and every defect at its file and line (DESIGN §2)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import ontology
from ontology.compile import compile_all, main

ROOT = Path(ontology.__file__).parent
SOURCES = ("codelists", "concepts", "facts", "places")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in SOURCES:
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def edit(path: Path, old: str, new: str) -> int:
    """Replace the first `old`; the line it was on."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_committed_files_are_what_the_sources_compile_to() -> None:
    files, issues = compile_all()
    assert issues == []
    assert set(files) == {"vocabulary.json", "places.json", "concepts.json"}
    for name, content in files.items():
        assert (ROOT / name).read_bytes() == content


def test_compiling_again_elsewhere_gives_the_same_bytes(folder: Path) -> None:
    assert compile_all(folder) == compile_all()


def test_main_writes_and_checks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"], folder) == 1
    assert "vocabulary.json: error: not what its sources compile to" in capsys.readouterr().err
    assert main([], folder) == 0
    assert main(["--check"], folder) == 0
    assert (folder / "places.json").read_bytes() == (ROOT / "places.json").read_bytes()


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("codelists/roles.ttl", '"依法协助"@zh, ', "", "no skos:prefLabel in @zh"),
        ("codelists/roles.ttl", '"assisting"@en', '"assisting"', "in no language"),
        ("codelists/roles.ttl", "zr:order 20 ;", "", "has no zr:order"),
        ("codelists/roles.ttl", "zr:order 20 ;", "zr:order 10 ;", "has the zr:order of"),
        ("codelists/roles.ttl", "zr:order 20 ;", "zr:order true ;", "not a whole number"),
        ("codelists/roles.ttl", 'skos:notation "assist"', 'skos:notation "asist"', "another skos"),
        ("codelists/roles.ttl", '"配合"@zh', '"包保"@zh', "names both responsible and assist"),
        ("codelists/roles.ttl", "a skos:ConceptScheme", "a zr:List", "one scheme"),
        ("codelists/task-kinds.ttl", "skos:broader :enforcement ;", "skos:broader :nope ;", "nope"),
        ("codelists/task-kinds.ttl", "zr:governmentDuty true ;", "", "without zr:governmentDuty"),
        ("codelists/certificates.ttl", "zr:nationalListNumber 1 ;", 'zr:nationalListNumber "x" ;',
         "not a whole number"),
        ("concepts/effects.ttl", '"forbids"@en', '"forbids"', "in no language"),
        ("facts/admissibility.ttl", 'zr:factType "codes"', 'zr:factType "code s"', "not a type"),
        ("facts/admissibility.ttl", "zr:codes list:roles", "zr:codes list:role", "not a code list"),
        ("facts/admissibility.ttl", "zr:codes list:roles ;", "", "zr:codes do not fit"),
        ("facts/admissibility.ttl", "changer:assigner", "changer:asigner", "not a code of"),
        ("facts/admissibility.ttl", 'zr:value "assist"', 'zr:value "asist"', "can have"),
        ("facts/admissibility.ttl", '"seal-use"', '"seal-using"', "unknown code seal-using"),
        ("facts/admissibility.ttl", '{"fact": "task.kind"', '{"fact": "task.kid"', "task.kid"),
        ("facts/admissibility.ttl", '{"fact": "task.kind", ', "{", "not a condition"),
        ("facts/admissibility.ttl", 'zr:name "task.role"', 'zr:name "task.rol"', "another zr:name"),
        ("facts/admissibility.ttl", "zr:derived true", 'zr:derived "yes"', "not true or false"),
        ("facts/admissibility.ttl", "a zr:DecisionKind", "a zr:Kind", "one decision kind"),
        ("places/divisions.csv", "220102,南关区", "22010,南关区", "six digits"),
        ("places/divisions.csv", "county,220100,", "county,229900,", "unknown code 229900"),
        ("places/divisions.csv", "2014-10-20", "2014-10", "YYYY-MM-DD"),
        ("places/areas.csv", ",220100,", ",220199,", "unknown 220199"),
    ],
)  # fmt: skip
def test_a_defect_is_told_with_its_file(
    folder: Path, file: str, old: str, new: str, message: str
) -> None:
    edit(folder / file, old, new)
    files, issues = compile_all(folder)
    assert any(message in i.message for i in issues), [str(i) for i in issues]
    assert all(i.where.startswith(file.removeprefix("places/")) for i in issues)
    assert all(i.severity == "error" for i in issues)
    assert len(files) == 2


def test_text_that_is_not_turtle_is_told_with_its_line(folder: Path) -> None:
    line = edit(folder / "codelists/roles.ttl", "zr:order 20 ;", "zr:order 20")
    _, issues = compile_all(folder)
    where = issues[0].where
    assert where.startswith("codelists/roles.ttl:")
    assert line <= int(where.rsplit(":", 1)[1]) <= line + 1


def test_a_defect_of_a_code_is_told_with_its_line(folder: Path) -> None:
    line = edit(folder / "codelists/roles.ttl", ":assist a skos:Concept", ":assist a zr:TaskKind")
    edit(folder / "codelists/roles.ttl", '"assisting"@en', '"assisting"')
    _, issues = compile_all(folder)
    assert [i.where for i in issues] == [f"codelists/roles.ttl:{line}"]


def test_a_blank_node_is_refused(folder: Path) -> None:
    edit(folder / "codelists/roles.ttl", "zr:order 20 ;", "zr:order 20 ; skos:note [] ;")
    _, issues = compile_all(folder)
    assert any("blank node" in i.message for i in issues)


def test_a_missing_file_is_an_issue_or_an_error_never_silent(folder: Path) -> None:
    (folder / "codelists/roles.ttl").unlink()
    _, issues = compile_all(folder)
    assert any("roles is not a code list" in i.message for i in issues)
