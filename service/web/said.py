"""Facts and their values in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from ontology.label import Label
from ontology.vocabulary import Vocabulary

Word: TypeAlias = Label | bool | str
"""Yes and no as such, the label of a code, or a text as it was written."""


def said(kind: str, name: str, value: object, words: Vocabulary) -> tuple[Word, ...]:
    """A fact's value in words: labels of codes, yes and no as such, anything else as written."""
    fact = words.fact(kind, name)
    codes = words.code_lists.get(fact.codes or "") if fact else None
    values: Iterable[object] = value if isinstance(value, list | tuple) else (value,)
    found: list[Word] = []
    for one in values:
        concept = codes.get(str(one)) if codes else None
        unit = f" {fact.unit}" if fact and fact.unit else ""
        word = concept.label if concept else f"{one}{unit}"
        found.append(one if isinstance(one, bool) else word)
    return tuple(found)


def label_of(kind: str, name: str, words: Vocabulary) -> Label:
    """The label of a fact; of one the vocabulary lacks, its name."""
    fact = words.fact(kind, name)
    return fact.label if fact else Label(name, name)
