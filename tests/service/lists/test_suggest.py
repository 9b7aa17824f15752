"""Suggestions: labels found in the text, rows mapped before, nothing where nothing fits."""

from __future__ import annotations

import pytest

from kb.library import load_library
from kb.register import ListKind, ListSource, Mapped, RegisteredList, Row
from ontology.label import Label
from ontology.vocabulary import CodeList, Concept, Vocabulary, load_vocabulary
from service.lists.suggest import Suggester

ZH = Label("甲", "a")
WORDS = Vocabulary(
    {},
    {
        "task-kinds": CodeList(
            "task-kinds",
            ZH,
            (
                Concept("census", None, Label("普查与统计", "census"), ("人口普查", "普查")),
                Concept("publicity", None, Label("宣传动员", "publicity"), ("宣传",)),
            ),
        ),
        "certificates": CodeList(
            "certificates", ZH, (Concept("residence", None, Label("居住证明", "residence")),)
        ),
    },
)


def first(text: str, kind: ListKind = "assist", *known: RegisteredList) -> str:
    codes = Suggester(kind, WORDS, known).suggest(text).codes
    return codes[0][0] if codes else ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("协助做好人口普查宣传工作", "census"),  # the longer label goes before the shorter
        ("反诈宣传", "publicity"),
        ("普查和统计", "census"),
        ("修剪树枝", ""),
    ],
)
def test_the_longest_label_in_the_text_is_suggested_else_a_similar_one(
    text: str, code: str
) -> None:
    assert first(text) == code


def test_the_word_for_certificate_tells_none_from_another() -> None:
    assert first("居民居住情况证明", "certificates-negative") == "residence"
    assert first("开户证明", "certificates-positive") == ""


def test_a_row_confirmed_before_is_followed_whole_and_a_similar_one_in_part() -> None:
    mapped = Mapped(("publicity", "census"), "assist", confirmed=True)
    rows = (Row(1, "修剪街边树枝", ListSource("", "", ZH), ZH, mapped),)
    known = RegisteredList("x", "x", "assist", "22", True, None, None, rows, version=1)
    same = Suggester("assist", WORDS, (known,)).suggest("修剪街边树枝").to_json()
    assert same["codes"] == ["publicity", "census"]
    assert first("修剪路边树枝", "assist", known) == "publicity"
    # What a list of certificates says is of other codes.
    assert first("修剪街边树枝", "certificates-negative", known) == ""


def test_role_and_basis_come_from_the_kind_of_list_and_the_law_named() -> None:
    suggester = Suggester("autonomy", WORDS)
    assert suggester.suggest("宣传", "《禁毒法》第十七条").statutory_basis is True
    assert suggester.suggest("宣传", "《全国人口普查条例》（2010）第三条").statutory_basis is True
    assert suggester.suggest("宣传", "街道党工委通知").statutory_basis is None
    assert suggester.suggest("宣传").role == "autonomy"


def test_most_matters_of_the_national_laws_find_a_kind() -> None:
    found = load_library().register.get("cn-law-assist")
    assert found is not None
    suggester = Suggester("assist", load_vocabulary())
    hits = [row.number for row in found.rows if suggester.suggest(row.name).codes]
    assert len(hits) >= 35
