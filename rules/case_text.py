"""Cases written down: the title of one that was made from another, and its YAML.

The YAML is the restricted form that `rules.cases` reads; the words of titles are in
`case_text.yaml`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

from ontology.label import Label
from ontology.vocabulary import Vocabulary
from rules.cases import Example
from rules.marked import Value

Change: TypeAlias = "tuple[str, Value | None]"
"""A fact and its new value; None leaves it out, so that it is not known."""

# Letters, digits and a few marks that mean nothing to YAML, in a list or mapping neither.
_PLAIN: Final = re.compile(r"[\w（“《][\w（）“”《》〔〕、。，；·－./ -]*(?<! )")


@cache
def _wording() -> Mapping[str, Any]:
    text = Path(__file__).with_name("case_text.yaml").read_text("utf-8")
    wording: Mapping[str, Any] = yaml.safe_load(text)
    return wording


def title(base: Label, changes: Sequence[Change], kind: str, vocabulary: Vocabulary) -> Label:
    """What a case was made from and how it differs, in words."""
    said: dict[str, str] = {}
    for language, words in _wording().items():
        parts = [_difference(change, kind, vocabulary, language) for change in changes]
        said[language] = words["title"].format(
            base=getattr(base, language), changes=words["join"].join(parts)
        )
    return Label.from_json(said)


def _difference(change: Change, kind: str, vocabulary: Vocabulary, language: str) -> str:
    name, value = change
    words = _wording()[language]
    fact = vocabulary.fact(kind, name)
    called = getattr(fact.label, language) if fact else name
    if value is None:
        return str(words["unknown"].format(fact=called))
    one = value[0] if isinstance(value, list) and value else value
    codes = vocabulary.code_lists.get(fact.codes or "") if fact else None
    concept = codes.get(str(one)) if codes else None
    shown = getattr(concept.label, language) if concept else one
    if isinstance(one, bool):
        shown = words["yes"] if one else words["no"]
    return str(words["changed"].format(fact=called, value=shown))


def case_yaml(example: Example, remarks: Sequence[str] = ()) -> str:
    """A case as it stands in a file of cases; `rules.cases.read_cases` reads it back."""
    return "\n".join(_lines(example, remarks)) + "\n"


def _lines(example: Example, remarks: Sequence[str]) -> Iterator[str]:
    yield from (f"  # {remark}" for remark in remarks)
    yield f"  - rule: {_scalar(example.rule)}"
    yield f"    title: {{zh: {_scalar(example.title.zh)}, en: {_scalar(example.title.en)}}}"
    yield f'    as-of: "{example.as_of.isoformat()}"'
    if example.facts:
        yield "    facts:"
        yield from (f"      {name}: {_value(value)}" for name, value in example.facts.items())
    else:
        yield "    facts: {}"
    expected = {
        "status": example.status,
        "verdict": example.verdict,
        "reason": example.reason,
        "requirement": example.requirement,
    }
    said = ", ".join(f"{name}: {told}" for name, told in expected.items() if told)
    yield f"    expect: {{{said}}}"


def _value(value: Value) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_scalar(part) for part in value)}]"
    return _scalar(value)


def _scalar(value: Value) -> str:
    """Plain where YAML reads it back as the same text, else in quotes."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    text = str(value)
    plain = _PLAIN.fullmatch(text) and isinstance(yaml.safe_load(text), str)
    # JSON's strings are YAML's double-quoted ones (https://yaml.org/spec/1.2.2/#chapter-10).
    return text if plain else json.dumps(text, ensure_ascii=False)
