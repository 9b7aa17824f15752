"""JSON Schemas for editors: what the loader refuses is marked red while it is written.

A schema cannot tell everything (quotes, other rules, the order of days); what it says must be true:
it never refuses what the loader takes.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from kb.library import Library
from ontology.vocabulary import Vocabulary
from rules import marked
from rules.cases import read_cases
from rules.check import check_cases, check_rules
from rules.condition import OPERATORS
from rules.load import MEMBERS, RULEBOOK, case_files, load_rules, read_rules, rule_files
from rules.members import Notes
from rules.schema import CASES, RULES, case_schema, rule_schema, schemas, texts

WRONG: tuple[Any, ...] = (True, 7, "", "nothing-like-it", "2019-13-41", [], {}, ["x"], {"x": "y"})
"""What is put in the place of each part of a good file, beside leaving it out."""

# What no schema of one file can tell.
BEYOND = re.compile(
    "verbatim|not in order|provision|does not|has no row|starts? |outlives|jurisdiction|"
    "is not a rule|another kind|runs in a circle|given twice|but its norm"
)

FULL = """
rules:
  - id: x.one
    title: {zh: 一, en: one}
    kind: admissibility
    norm: obligation
    strength: in-principle
    cites:
      - instrument: 吉发〔2017〕36号
        provision: 三（五）
        quote: 应当由基层政府履行的法定职责
      - instrument: jl-jiminfa-2015-44
        quote: 不得转嫁给社区
        quoted-in: {instrument: jl-jiminyizi-2020-16, provision: 附件四}
    jurisdiction: "22"
    in-force: {from: ["2017-12-08", "2017-12-31"], until: "2020-01-01"}
    when:
      all:
        - {fact: task.kind, in: [demolition, quota]}
        - not: {fact: task.funding, is: true}
        - any:
            - {fact: task.role, is: assist}
            - {fact: community.jurisdiction, is: "2201"}
    effect: requires
    requires:
      bearer: assigner
      that: {fact: task.funding, is: true}
      text: {zh: 给钱, en: money}
    defeats:
      - {rule: jl-2017-36.five-matters, ground: rank}
    inference: true
    note: {zh: 注, en: note}
    doubt: {zh: 疑, en: doubt}
"""
CASE = """
cases:
  - rule: x.one
    title: {zh: 一, en: one}
    as-of: "2019-01-01"
    facts:
      task.kind: [demolition]
      task.role: assist
      task.funding: true
      task.item: 拆违
      community.jurisdiction: "22"
    expect: {status: holds, verdict: undetermined, reason: facts}
"""


@pytest.fixture(scope="module")
def titles(library: Library) -> dict[str, str]:
    return {i.key: i.title for i in library.instruments}


@pytest.fixture(scope="module")
def of_rules(vocabulary: Vocabulary, titles: dict[str, str]) -> Draft202012Validator:
    return Draft202012Validator(rule_schema(vocabulary, titles))


@pytest.fixture(scope="module")
def of_cases(vocabulary: Vocabulary) -> Draft202012Validator:
    return Draft202012Validator(case_schema(vocabulary))


def document(text: str) -> Any:
    node, issues = marked.read(text, "x")
    assert issues == []
    assert node is not None
    return marked.plain(node)


def mutations(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Each part of a document left out, and replaced by each wrong value."""
    parts: Any = ()
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    for key, inner in parts:
        at = (*path, key)
        yield at, None
        yield from ((at, wrong) for wrong in WRONG if wrong != inner)
        yield from mutations(inner, at)


def changed(whole: Any, path: tuple[Any, ...], value: Any) -> Any:
    mutant = copy.deepcopy(whole)
    *above, last = path
    inner = mutant
    for step in above:
        inner = inner[step]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return mutant


def written(value: Any) -> str:
    """YAML whose texts are quoted, so that they stay texts."""

    class Dumper(yaml.SafeDumper):
        pass

    Dumper.add_representer(
        str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
    )
    return yaml.dump(value, Dumper=Dumper, allow_unicode=True)


def test_both_are_schemas(of_rules: Draft202012Validator, of_cases: Draft202012Validator) -> None:
    for validator in (of_rules, of_cases):
        Draft202012Validator.check_schema(validator.schema)


@pytest.mark.parametrize("name", [RULES, CASES])
def test_the_copies_beside_the_rulebook_are_current(
    name: str, vocabulary: Vocabulary, titles: dict[str, str]
) -> None:
    made = schemas(vocabulary, titles)[name]
    assert (RULEBOOK / name).read_bytes() == made, "run: zhunru rules schema"


def test_every_shipped_file_fits(
    of_rules: Draft202012Validator, of_cases: Draft202012Validator
) -> None:
    seen = 0
    for files, validator in ((rule_files(), of_rules), (case_files(), of_cases)):
        for path, name in files:
            faults = [e.message for e in validator.iter_errors(document(path.read_text("utf-8")))]
            assert faults == [], name
            seen += 1
    assert seen >= 10


def test_of_wrong_rules_the_schema_refuses_what_the_loader_refuses(
    of_rules: Draft202012Validator, vocabulary: Vocabulary, library: Library
) -> None:
    whole = document(FULL)
    assert [e.message for e in of_rules.iter_errors(whole)] == []
    others, _ = load_rules()
    refused = 0
    for path, wrong in mutations(whole):
        mutant = changed(whole, path, wrong)
        raw, issues = read_rules(written(mutant), "x.yaml")
        if not issues:
            _, issues = check_rules([*raw, *others], vocabulary, library)
        errors = [i.message for i in issues if i.severity == "error"]
        told = [m for m in errors if not BEYOND.search(m)]
        fits = of_rules.is_valid(mutant)
        if told:
            assert not fits, (path, wrong, told)
            refused += 1
        if not fits:
            assert errors, (path, wrong)
    assert refused >= 300


def test_of_wrong_cases_the_schema_refuses_what_the_loader_refuses(
    of_cases: Draft202012Validator, vocabulary: Vocabulary
) -> None:
    whole = document(CASE)
    assert [e.message for e in of_cases.iter_errors(whole)] == []
    rules, faults = read_rules(FULL, "x.yaml")
    assert faults == []
    refused = 0
    for path, wrong in mutations(whole):
        mutant = changed(whole, path, wrong)
        cases, issues = read_cases(written(mutant), "x.cases.yaml")
        if not issues:
            issues = check_cases(cases, rules, vocabulary)
        errors = [i.message for i in issues if "no case shows" not in i.message]
        told = [m for m in errors if not re.search("is not a rule|no division", m)]
        fits = of_cases.is_valid(mutant)
        if told:
            assert not fits, (path, wrong, told)
            refused += 1
        if not fits:
            assert errors, (path, wrong)
    assert refused >= 80


@pytest.mark.parametrize(
    "member",
    [
        {"inference": True, "doubt": None},  # DESIGN §4: an inference is marked with its doubt
        {"strength": "best-effort"},  # a best-effort norm only advises
        {"effect": "forbids"},  # a requirement is demanded by a rule that requires
        {"effect": "requires", "requires": None},
        {"effect": "advises", "requires": None, "due": {"by": "2020-01-01"}},
        {"due": {"latest": "2020-01-01"}},
        {"when": {"all": [], "any": []}},
        {"when": {"fact": "task.kind", "is": "demolition", "in": ["quota"]}},
        {"when": {"fact": "task.kind", "at-least": 3}},  # codes have no order
        {"when": {"fact": "task.item", "is": "拆违"}},  # a text is not compared
        {"when": {"fact": "task.kind", "in": ["quota", "quota"]}},
    ],
)
def test_members_that_contradict_each_other_are_refused(
    member: dict[str, Any],
    of_rules: Draft202012Validator,
    vocabulary: Vocabulary,
    library: Library,
) -> None:
    whole = document(FULL)
    for name, value in member.items():
        whole["rules"][0][name] = value
    whole["rules"][0] = {k: v for k, v in whole["rules"][0].items() if v is not None}
    raw, issues = read_rules(written(whole), "x.yaml")
    assert issues or check_rules(raw, vocabulary, library)[1]
    assert not of_rules.is_valid(whole)


def test_an_editor_shows_a_text_for_every_member_and_a_title_for_every_word(
    of_rules: Draft202012Validator, of_cases: Draft202012Validator
) -> None:
    definitions: dict[str, Any] = {**_definitions(of_cases), **_definitions(of_rules)}
    assert tuple(definitions["rule"]["properties"]) == MEMBERS
    for schema in (definitions[name] for name in ("rule", "citation", "case")):
        for name, member in schema["properties"].items():
            assert re.search("[\u4e00-\u9fff]", member["description"]), name
    for validator in (of_rules, of_cases):
        words = [w for w in _members(validator.schema) if "const" in w and w["const"] is not True]
        titled = [w for w in words if re.search("[\u4e00-\u9fff]", w.get("title", ""))]
        untitled = {w["const"] for w in words} - {w["const"] for w in titled}
        # What the schema's own conditions turn on is titled where it is chosen.
        assert untitled == set()


def test_a_text_stands_for_the_members_that_the_readers_know_and_for_no_other() -> None:
    assert set(texts()["members"]) == known_members()
    assert set(texts()["operators"]) == set(OPERATORS)


def known_members() -> set[str]:
    """Every member that the readers of rules and cases know, found by asking them for it."""
    known = {"rules", "cases", "zh", "en", *MEMBERS, "all", "any", "not", "fact"}
    notes = Notes()
    for text in ("[{}]", "[{rule: x, expect: {}, in-force: {}}]"):
        _, issues = read_cases(f"cases: {text}", "x")
        notes.issues += issues
    probe = "[{cites: [{x: y, quoted-in: {x: y}}], in-force: {x: y}, defeats: [{x: y}]"
    probe += ", effect: requires, requires: {x: y}, due: {x: y}}]"
    _, issues = read_rules(f"rules: {probe}", "x")
    notes.issues += issues
    for issue in notes.issues:
        known |= set(re.findall(r"lacks ([a-z-]+)", issue.message))
        known |= set(issue.hint.removeprefix("there are: ").split(", "))
    # A case need not expect these, nor is a date read in two ways.
    return (known | {"verdict", "reason", "requirement", "latest"}) - {""}


def _definitions(validator: Draft202012Validator) -> dict[str, Any]:
    assert isinstance(validator.schema, dict)
    found: dict[str, Any] = validator.schema["$defs"]
    return found


def _members(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _members(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _members(inner)


def test_every_file_tells_editors_its_schema() -> None:
    """The modeline that yaml-language-server reads."""
    for files, name in ((rule_files(), RULES), (case_files(), CASES)):
        for path, shown in files:
            first = path.read_text("utf-8").splitlines()[0]
            told = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
            assert told, shown
            assert (path.parent / told[1]).resolve() == RULEBOOK / name
