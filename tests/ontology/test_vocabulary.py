"""The vocabulary as deciding reads it, against the contract's words (DESIGN §4, §6)."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.label import Label
from ontology.vocabulary import CodeList, Concept, Fact, Vocabulary, load_vocabulary

CONTRACT = Path(__file__).parents[1] / "fixtures" / "contract"
VOCABULARY = load_vocabulary()
FACTS = VOCABULARY.facts("admissibility")

# How the contract writes types, and what they are here.
_TYPES = {"set of": "codes", "code": "code", "boolean": "boolean", "text": "text", "GB/T": "place"}


def rows(name: str) -> list[dict[str, str]]:
    with (CONTRACT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_facts_are_the_contract_s_in_its_order() -> None:
    assert [f.name for f in FACTS] == [r["fact"] for r in rows("facts_admissibility.csv")]


@pytest.mark.parametrize("row", rows("facts_admissibility.csv"), ids=lambda r: r["fact"])
def test_each_fact_has_the_contract_s_type_label_changer_and_presumption(
    row: dict[str, str],
) -> None:
    fact = VOCABULARY.fact("admissibility", row["fact"])
    assert fact is not None
    kind, _, rest = row["type"].partition(";")
    assert fact.type == next(t for word, t in _TYPES.items() if kind.startswith(word))
    assert fact.label.zh == row["label_zh"]
    assert fact.changeable_by == row["changeable_by"]
    if row["meaning"]:
        assert fact.meaning.en == row["meaning"]
    if kind.startswith("code:"):
        assert fact.codes is not None
        expected = [code.strip() for code in kind.removeprefix("code:").split("|")]
        assert list(VOCABULARY.code_lists[fact.codes].codes) == expected
    presumed = rest.strip().removeprefix("presumed ")
    assert (fact.presumption is not None) == bool(presumed)
    if fact.presumption is not None:
        assert str(fact.presumption.value).lower() == presumed


def test_task_kinds_hold_the_contract_s_codes_in_its_order() -> None:
    task_kinds = VOCABULARY.code_lists["task-kinds"]
    expected = rows("task_kinds.csv")
    kept = [code for code in task_kinds.codes if code in {r["code"] for r in expected}]
    assert kept == [r["code"] for r in expected]
    for row in expected:
        concept = task_kinds.get(row["code"])
        assert concept is not None
        assert (concept.broader or "") == row["broader"]
        assert concept.label == Label(row["label_zh"], row["label_en"])
        # "a government or contractor duty" is not clear enough to derive anything from.
        if row["note"].endswith("a government duty"):
            assert concept.government_duty is not None
            assert concept.government_duty.value


def test_certificates_hold_the_contract_s_codes_and_numbers() -> None:
    certificates = VOCABULARY.code_lists["certificates"]
    for row in rows("certificates.csv"):
        concept = certificates.get(row["code"])
        assert concept is not None
        assert concept.label.zh == row["label_zh"]
        assert str(concept.number or "") == row["national_negative_list_2020"]
    numbers = [c.number for c in certificates.concepts if c.number is not None]
    assert sorted(numbers) == list(range(1, 21))


def test_a_source_of_duty_that_is_a_law_is_marked_unchecked() -> None:
    """DESIGN §2: a law is a reference marked 未核原文 unless its article is held verbatim."""
    duties = [c for c in VOCABULARY.code_lists["task-kinds"].concepts if c.government_duty]
    assert len(duties) >= 10
    for concept in duties:
        assert concept.government_duty is not None
        if "《" in concept.government_duty.source.zh:
            assert "未核原文" in concept.government_duty.source.zh
            assert "not checked" in concept.government_duty.source.en


def test_duties_that_are_doubtful_stay_unset() -> None:
    task_kinds = VOCABULARY.code_lists["task-kinds"]
    for code in ("sanitation", "investment-promotion", "other", "self-governance"):
        concept = task_kinds.get(code)
        assert concept is not None
        assert concept.government_duty is None


def test_only_certificate_kinds_have_certificate_facts() -> None:
    for fact in FACTS:
        if fact.name.startswith("certificate."):
            assert fact.applies_when == {
                "fact": "task.kind",
                "in": ["certificate", "seal-use", "recommendation-or-opinion"],
            }
        else:
            assert fact.applies_when is None


def test_exceptions_purpose_and_addressee_alone_are_presumed() -> None:
    """DESIGN §4 "exception facts and the addressee only"; a purpose is one an exception names."""
    presumed = {f.name: f.presumption.value for f in FACTS if f.presumption}
    assert presumed == {
        "task.exception_approved": False,
        "task.addressee": "committee",
        "certificate.purpose": "none",
    }


def test_changes_are_acts_of_substance_with_their_proof() -> None:
    """DESIGN §4: never a relabelling; what nobody can change has no change."""
    changes = {(f.name, c.to): c for f in FACTS for c in f.changes}
    assert set(changes) == {
        ("task.role", "assist"),
        ("task.role", "purchased"),
        ("task.list", "assist"),
        ("task.funding", True),
        ("task.target", False),
        ("task.compulsory_on_residents", False),
    }
    assert "撤销责任状" in changes["task.role", "assist"].act.zh
    for change in changes.values():
        assert change.act.zh
        assert change.proof.en
    assert all(f.changeable_by != "none" for f in FACTS if f.changes)


def test_what_can_be_derived_is_flagged() -> None:
    derived = {f.name for f in FACTS if f.derived}
    assert derived == {"task.list", "task.government_duty", "certificate.list"}


def test_every_text_is_there_in_both_languages() -> None:
    for fact in FACTS:
        for label in (fact.label, fact.question, fact.meaning):
            assert label.zh
            assert label.en
            assert label.zh != label.en
        assert fact.question.zh[-1] in "？。"
    for code_list in VOCABULARY.code_lists.values():
        for concept in code_list.concepts:
            assert concept.label.zh != concept.label.en


def test_json_form_round_trips() -> None:
    assert Vocabulary.from_json(VOCABULARY.to_json()) == VOCABULARY
    assert "places" not in VOCABULARY.to_json()


def test_unknown_names_are_none_and_unknown_kinds_raise() -> None:
    assert VOCABULARY.fact("admissibility", "task.kid") is None
    with pytest.raises(KeyError):
        VOCABULARY.facts("no-such-kind")


@given(code=st.sampled_from(VOCABULARY.code_lists["task-kinds"].codes))
def test_covering_is_reflexive_and_follows_broader(code: str) -> None:
    task_kinds = VOCABULARY.code_lists["task-kinds"]
    assert task_kinds.covers(code, code)
    concept = task_kinds.get(code)
    assert concept is not None
    if concept.broader:
        assert task_kinds.covers(concept.broader, code)
        assert not task_kinds.covers(code, concept.broader)
    assert code in task_kinds.narrower(code)


def test_covering_is_transitive_and_false_for_unknown_codes() -> None:
    label = Label("甲", "a")
    codes = CodeList(
        "x", label, (Concept("a", None, label), Concept("b", "a", label), Concept("c", "b", label))
    )
    assert codes.covers("a", "c")
    assert codes.narrower("a") == {"a", "b", "c"}
    assert not codes.covers("a", "z")
    assert not codes.covers("z", "a")
    with pytest.raises(KeyError):
        codes.narrower("z")


@pytest.mark.parametrize(
    ("concepts", "message"),
    [
        ([("a", "b"), ("b", "a")], "broader than itself"),
        ([("a", "z")], "unknown z"),
        ([("a", None), ("a", None)], "given twice"),
    ],
)
def test_a_broken_hierarchy_is_refused(
    concepts: list[tuple[str, str | None]], message: str
) -> None:
    label = Label("甲", "a")
    with pytest.raises(ValueError, match=message):
        CodeList("x", label, tuple(Concept(code, broader, label) for code, broader in concepts))


def test_an_unknown_type_is_refused() -> None:
    document = VOCABULARY.to_json()
    document["kinds"]["admissibility"][0]["type"] = "bool"
    with pytest.raises(ValueError, match="unknown type"):
        Vocabulary.from_json(document)


def test_a_decimal_keeps_unit_and_scale() -> None:
    label = Label("面积", "area")
    fact = Fact("a", "decimal", label, label, label, unit="m2", scale=2)
    vocabulary = Vocabulary({"k": (fact,)}, {})
    assert Vocabulary.from_json(vocabulary.to_json()) == vocabulary


def test_reading_it_needs_no_rdf_library() -> None:
    """DESIGN §2: deciding reads the compiled JSON only; modules on that path are stdlib only."""
    code = (
        "import sys; from ontology.vocabulary import load_vocabulary; load_vocabulary();"
        "import ontology.issue, ontology.names, ontology.period;"
        "print([m for m in ('rdflib', 'pyshacl', 'pyoxigraph', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
