"""`zhunru coverage`: tables on a terminal, JSON in a pipe, 1 where something got lost."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from kb.library import Library
from ontology.issue import Issue
from rules.cases import load_cases, read_cases, run_case
from rules.exercised import Bench, exercise
from rules.load import RULEBOOK
from service import commands, coverage_commands
from service.cli import app
from service.coverage import Coverage, cover
from service.coverage_tables import tell, tell_conditions
from service.shipped import Shipped

REPLY = "jl-jiminyizi-2020-16"
FILE = "22-jilin/jl-jiminyizi-2020-16"
RULE = "jl-2020-16.committee-duties"


@pytest.fixture(autouse=True)
def _read_once(shipped: Shipped, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "load_shipped", lambda *_: shipped)
    monkeypatch.setattr(coverage_commands, "read_library", lambda: (shipped.library, []))


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A rulebook of one file and its cases."""
    for name in (f"{FILE}.yaml", f"{FILE}.cases.yaml"):
        (tmp_path / Path(name).name).write_bytes((RULEBOOK / name).read_bytes())
    monkeypatch.setenv("ZHUNRU_RULEBOOK_PATH", str(tmp_path))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["coverage", *arguments])


def test_a_pipe_gets_json(small: Path) -> None:
    told = run()
    assert told.exit_code == 0, told.stderr
    assert [r["id"] for r in json.loads(told.stdout)["rules"]] == [RULE]


def test_one_text_and_its_conditions(small: Path) -> None:
    told = json.loads(run(REPLY, "--conditions").stdout)
    assert [d["key"] for d in told["documents"]] == [REPLY]
    (rule,) = told["conditions"]
    assert rule["rule"] == RULE
    assert {c["in"] for c in rule["comparisons"]} == {"when"}


@pytest.mark.parametrize("edit", ["quote", "account"])
def test_what_got_lost_makes_it_fail(
    small: Path, shipped: Shipped, monkeypatch: pytest.MonkeyPatch, edit: str
) -> None:
    if edit == "quote":
        file = small / f"{Path(FILE).name}.yaml"
        text = file.read_text("utf-8")
        quote = text[text.index("quote: ") + 7 :].split("\n")[0]
        file.write_text(text.replace(quote, f"{quote}查无此句"), "utf-8")
        why = "lost"
    else:
        library, issue = _without_account(shipped.library), Issue("error", "no account", "x:1:1")
        monkeypatch.setattr(coverage_commands, "read_library", lambda: (library, [issue]))
        why = "no-account"
    told = run()
    assert told.exit_code == commands.FAILED
    assert why in {hole["why"] for hole in json.loads(told.stdout)["holes"]}
    assert edit != "account" or "x:1:1: error: no account" in told.stderr


def _without_account(library: Library) -> Library:
    instruments = [replace(i, accounts=i.accounts[1:]) for i in library.instruments]
    return replace(library, instruments=tuple(instruments))


def test_sentences_are_printed_as_annotators_need_them(shipped: Shipped) -> None:
    told = run("--sentences", REPLY)
    assert told.exit_code == 0
    lines = [line.split("\t") for line in told.stdout.splitlines()]
    instrument = shipped.library.instrument(REPLY)
    assert instrument is not None
    assert [line[0] for line in lines] == [a.sentence for a in instrument.accounts]
    assert [line[2] for line in lines] == [a.kind for a in instrument.accounts]
    assert all(len(line) == 3 for line in lines)


def test_sentences_without_account_are_printed_too(
    shipped: Shipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who begins to annotate a text needs their ids before there is an account of any."""
    library = _without_account(shipped.library)
    monkeypatch.setattr(coverage_commands, "read_library", lambda: (library, []))
    told = run("--sentences", REPLY)
    assert told.exit_code == commands.FAILED
    assert told.stdout.splitlines()[0].endswith("\t")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("jl-jifa-2017",), "did you mean jl-jifa-2017-36?"),
        (("jl-jiminfa-2015-44",), "is not held"),
        (("--sentences",), "name a text that is held"),
        (("--sentences", "jl-jiminfa-2015-44"), "name a text that is held"),
        (("--generate", "jl-2017-36.five-mater"), "did you mean jl-2017-36.five-matters?"),
    ],
)
def test_an_unknown_text_or_rule_is_told(arguments: tuple[str, ...], says: str) -> None:
    told = run(*arguments)
    assert told.exit_code == commands.BAD_INPUT
    assert says in told.stderr


def test_generated_cases_are_cases_that_pass(shipped: Shipped, small: Path) -> None:
    told = run("--generate", RULE)
    assert told.exit_code == 0, told.stderr
    made, issues = read_cases(told.stdout, "made.cases.yaml")
    assert issues == []
    assert made
    assert {case.rule for case in made} == {RULE}
    assert all(run_case(case, shipped.rulebook).passed for case in made)
    bench = Bench(shipped.rulebook)
    before, after = (
        next(e for e in exercise(bench, cases) if e.rule.id == RULE).holes
        for cases in (load_cases(small)[0], (*load_cases(small)[0], *made))
    )
    assert len(after) < len(before)
    assert f"{len(made)} cases for {len(before) - len(after)} holes" in told.stderr


@pytest.fixture(scope="module")
def found(shipped: Shipped) -> Coverage:
    rules = [rule for rules in shipped.rulebook.rules.values() for rule in rules]
    return cover(shipped.library, rules, load_cases()[0])


def shown(coverage: Coverage, key: str = "") -> str:
    console = Console(file=io.StringIO(), width=120, highlight=False)
    tell(console, coverage, key)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_terminal_gets_tables(found: Coverage) -> None:
    text = shown(found)
    assert "吉发〔2017〕36号" in text
    assert str(found.counts.norms) in text
    assert "norms that give a direction only" in text
    assert "zhunru coverage KEY" in text


def test_a_terminal_gets_every_hole_of_one_text(found: Coverage) -> None:
    text = shown(found, REPLY)
    document = found.document(REPLY)
    assert document is not None
    for _, norm in document.norms():
        assert (norm.norm.id in text) == (norm.why is not None)


def test_a_terminal_is_told_what_comparisons_lack(shipped: Shipped, found: Coverage) -> None:
    console = Console(file=io.StringIO(), width=160, highlight=False)
    exercises = exercise(Bench(shipped.rulebook), load_cases()[0])
    tell_conditions(console, found, exercises, REPLY)
    assert isinstance(console.file, io.StringIO)
    assert "comparisons are shown with every value" in console.file.getvalue()
