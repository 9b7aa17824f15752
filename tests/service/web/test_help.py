"""The manual says what the product does: its words exist, none is missing, its examples decide."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer.main
from bs4 import BeautifulSoup

from kb.library import Library
from ontology.vocabulary import Vocabulary
from rules import marked
from rules.cases import REQUIREMENTS, STATUSES, read_cases, run_case
from rules.check import check_cases, check_rules
from rules.condition import OPERATORS
from rules.decide import decide
from rules.load import load_rules, read_rules
from rules.members import Notes
from rules.model import EFFECTS, GROUNDS, NORM_KINDS, STRENGTHS, Rule, Rulebook
from rules.schema import CASES, RULES, texts
from rules.verdict import Reason, Verdict
from rules.written_condition import read_condition
from service.cli import app
from service.settings import Settings
from service.shipped import Shipped
from service.web.help import HELP, chapters, markdown, read_chapter
from service.web.templates import Pages

ROOT = Path(__file__).parents[3]
TEXTS = {path.stem.partition("-")[2]: path.read_text("utf-8") for path in HELP.glob("*.md")}
WHOLE = "\n".join(TEXTS.values())
TOKENS = [token for text in TEXTS.values() for token in markdown().parse(text)]
BLOCKS = [(t.info, t.content) for t in TOKENS if t.type == "fence"]
SPANS = {c.content for t in TOKENS for c in t.children or () if c.type == "code_inline"}
LINKS = {str(c.attrs["href"]) for t in TOKENS for c in t.children or () if c.type == "link_open"}

WORDS = {
    *texts()["members"],
    *OPERATORS,
    *NORM_KINDS,
    *STRENGTHS,
    *EFFECTS,
    *GROUNDS,
    *STATUSES,
    *REQUIREMENTS,
    *(str(v) for v in (*Verdict, *Reason)),
}
"""Every word of rule files, case files and verdicts."""


def commands() -> dict[str, set[str]]:
    """Every command there is, with its options."""
    found: dict[str, set[str]] = {}

    def walk(command: Any, name: str) -> None:
        if isinstance(inner := getattr(command, "commands", None), dict):
            for word, part in inner.items():
                walk(part, f"{name} {word}")
        else:
            found[name] = {o for p in command.params for o in (*p.opts, *p.secondary_opts)}

    walk(typer.main.get_command(app), "zhunru")
    return found


def named() -> list[str]:
    """Every command line in the manual."""
    lines = [line for info, text in BLOCKS if info == "sh" for line in text.splitlines()]
    return [line for line in (*lines, *SPANS) if line.startswith("zhunru")]


def command_of(line: str) -> str:
    known = [name for name in commands() if f"{line} ".startswith(f"{name} ")]
    assert known, f"there is no command {line}"
    return max(known, key=len)


def examples(library: Library, vocabulary: Vocabulary) -> tuple[Rule, ...]:
    """The rules of the manual, loaded and checked among the shipped ones."""
    written = "\n".join(text for info, text in BLOCKS if info == "yaml" and text[:6] == "rules:")
    raw, issues = read_rules("rules:\n" + written.replace("rules:\n", ""), "help.md")
    assert issues == []
    shipped, _ = load_rules()
    rules, faults = check_rules([*raw, *shipped], vocabulary, library)
    assert [f for f in faults if f.severity == "error"] == []
    ids = {r.rule.id for r in raw}
    return tuple(rule for rule in rules if rule.id in ids)


@pytest.fixture(scope="module")
def book(shipped: Shipped) -> Rulebook:
    """The shipped rulebook with the rules of the manual."""
    rules = dict(shipped.rulebook.rules)
    for added in examples(shipped.library, shipped.rulebook.vocabulary):
        rules[added.kind] = (*rules[added.kind], added)
    return replace(shipped.rulebook, rules=rules)


def test_every_command_named_exists_with_its_options() -> None:
    assert len(named()) >= 15
    for line in named():
        options = set(re.findall(r"(?<= )--[a-z-]+", line))
        assert options <= commands()[command_of(line)], line
    for option in (span for span in SPANS if span.startswith("--")):
        assert any(option in known for known in commands().values()), option


def test_every_command_that_exists_is_documented() -> None:
    """One that is missing belongs into the table of service/help/5-checking.md."""
    told = {command_of(line) for line in SPANS if line.startswith("zhunru")}
    assert set(commands()) - told == set()


def test_every_option_of_diff_and_publish_is_documented() -> None:
    for name in ("diff", "publish", "schema"):
        options = {o for o in commands()[f"zhunru rules {name}"] if o != "--help"}
        assert options <= SPANS, name


@pytest.mark.parametrize("word", sorted(WORDS))
def test_every_member_operator_and_word_is_documented(word: str) -> None:
    assert any(re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", span) for span in SPANS), word


def test_every_word_in_code_exists(shipped: Shipped, book: Rulebook) -> None:
    """Words, facts, codes, rules, files, settings, commands: a span that is none is a slip."""
    vocabulary = shipped.rulebook.vocabulary
    known = {*WORDS, "true", "false", "*", '""', RULES, CASES, "request", "standards"}
    known |= {*texts()["words"]["kind"], *texts()["words"]["requirement"]}
    known |= {f.name for facts in vocabulary.kinds.values() for f in facts} | set(vocabulary.kinds)
    known |= {code for codes in vocabulary.code_lists.values() for code in codes.codes}
    known |= {rule.id for rules in book.rules.values() for rule in rules}
    known |= {i.key for i in shipped.library.instruments}
    known |= {f"ZHUNRU_{name.upper()}" for name in Settings.model_fields}
    unknown = []
    for span in SPANS - known:
        word = span.removeprefix("../").replace("<文件键>", "jl-jifa-2017-36")
        pair = re.fullmatch(r"([a-z-]+): (.+)", word)
        there = (ROOT / word).exists() or list((ROOT / "rules/rulebook").rglob(Path(word).name))
        if span.startswith(("zhunru ", "--", "{", "not: {")) or there:
            continue  # commands have their own test; {…} are read below
        if pair and pair[1] in known and (pair[2] in known or pair[2].startswith("[")):
            continue
        unknown.append(span)
    assert unknown == []


def test_what_is_written_in_braces_can_be_read(shipped: Shipped) -> None:
    inline = [span.removeprefix("not: ") for span in SPANS if "{" in span]
    assert inline
    for span in inline:
        node, issues = marked.read(span, "help.md")
        assert issues == []
        assert isinstance(node, marked.Mapping)
        if node.get("fact") is not None:
            assert read_condition(node, "when", Notes()) is not None, span
        else:
            assert {str(key.value) for key, _ in node.members} <= WORDS


def test_every_block_is_of_a_sort_that_is_tested() -> None:
    infos = {info for info, _ in BLOCKS}
    assert infos == {"yaml", "yaml condition", "yaml comment", "sh"}
    assert all(t[:6] in ("rules:", "cases:") for info, t in BLOCKS if info == "yaml")


def test_conditions_are_read_and_show_every_way_to_combine() -> None:
    words: set[str] = set()
    for info, text in BLOCKS:
        if info == "yaml condition":
            node, issues = marked.read(text, "help.md")
            notes = Notes(issues)
            assert read_condition(node, "when", notes) is not None
            assert notes.issues == []
            words |= set(re.findall(r"\b(all|any|not)\b", text))
    assert words == {"all", "any", "not"}


def test_rules_are_loaded_checked_and_decide(book: Rulebook) -> None:
    added = [rule for rule in book.rules["admissibility"] if rule.id.startswith("example.")]
    assert {rule.effect for rule in added} >= {"forbids", "requires", "permits"}
    assert any(rule.defeats for rule in added)
    facts = {
        "task.kind": ["one-vote-veto"],
        "community.jurisdiction": "吉林省长春市南关区",
    }
    body = decide("admissibility", facts, date(2020, 1, 18), book).body
    (found,) = (f for f in body["findings"] if f["rule"] == "example.one-vote-veto")
    assert (found["status"], body["verdict"]) == ("holds", "inadmissible")


def test_cases_come_out_as_they_say(book: Rulebook, shipped: Shipped) -> None:
    cases = [read_cases(t, "help.md") for i, t in BLOCKS if i == "yaml" and t[:6] == "cases:"]
    assert cases
    for found, issues in cases:
        assert issues == []
        faults = check_cases(found, (), shipped.rulebook.vocabulary)
        assert all("is not a rule" in fault.message for fault in faults)
        for case in found:
            assert run_case(case, book).problem == ""


def test_the_modeline_names_the_schema_as_editors_read_it() -> None:
    (line,) = (text.strip() for info, text in BLOCKS if info == "yaml comment")
    assert line == f"# yaml-language-server: $schema=../{RULES}"
    assert marked.read(f"{line}\nrules: []\n", "x")[1] == []


def test_verdicts_and_reasons_are_called_what_pages_call_them(pages: Pages) -> None:
    shown = pages._environments["zh"].get_template("words.html").make_module({})
    for name, codes in (("verdict", Verdict), ("reason", Reason)):
        for code in codes:
            title = str(getattr(shown, name)(str(code)))
            assert f"| `{code}` | {title} |" in TEXTS["reading"]
            assert texts()["words"][name][str(code)] == title
    for status in ("holds", "fails", "unknown", "defeated"):
        assert f"| `{status}` |" in TEXTS["reading"]


def test_every_chapter_is_served_and_every_link_leads_somewhere(client: Any) -> None:
    contents = BeautifulSoup(client.get("/help").text, "html.parser")
    listed = [str(a["href"]) for a in contents.select("main ol a")]
    assert listed == [f"/help/{chapter.slug}" for chapter in chapters()]
    assert len(listed) == 9
    for address in {*listed, *LINKS}:
        answer = client.get(address)
        assert answer.status_code == 200, address
    assert client.get("/help/nothing").status_code == 404


def test_a_page_shows_its_sections_blocks_and_neighbours(client: Any) -> None:
    page = BeautifulSoup(client.get("/help/rules").text, "html.parser")
    ids = {str(tag["id"]) for tag in page.select("article h2")}
    inside = [str(a["href"]) for a in page.select("aside a") if str(a["href"]).startswith("#")]
    assert len(ids) >= 6
    assert {link[1:] for link in inside} == ids
    assert page.select_one("pre code.language-yaml") is not None
    assert page.select_one("a[rel=prev]") is not None
    assert page.select_one("a[rel=next]") is not None


def test_the_chapter_of_words_has_every_fact_and_code(client: Any, shipped: Shipped) -> None:
    page = BeautifulSoup(client.get("/help/words").text, "html.parser")
    words = shipped.rulebook.vocabulary
    for kind, facts in words.kinds.items():
        for fact in facts:
            row = page.select_one(f"[id='fact-{kind}-{fact.name}']")
            assert row is not None
            assert fact.label.zh in row.get_text()
            if fact.codes is not None:
                shown = {c.get_text() for c in page.select("td:first-child code")}
                assert set(words.code_lists[fact.codes].codes) <= shown


def test_markdown_lets_no_html_through() -> None:
    chapter = read_chapter(
        "x", "# 题\n\n首段。\n\n<script>alert(1)</script>\n\n[a](javascript:1)\n"
    )
    assert "<script" not in chapter.html
    assert 'href="javascript' not in chapter.html
    with pytest.raises(ValueError, match="title"):
        read_chapter("x", "没有标题\n\n首段。\n\n又一段。\n")


def test_the_readme_of_the_rulebook_leads_to_the_manual() -> None:
    text = (ROOT / "rules/rulebook/README.md").read_text("utf-8")
    for path in re.findall(r"`(service/help/[^`]*)`", text):
        assert (ROOT / path).exists()
