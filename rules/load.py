"""Rules from YAML: one file per instrument, read whole, every defect an issue at file:line:column.

What can be told from the file alone is checked here; whether facts, codes, quotes and other rules
exist is `rules.check`'s business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, cast

from ontology.issue import Issue
from rules.entries import all_entries, entries_of
from rules.marked import Mapping, Node, Sequence
from rules.members import Notes, article
from rules.model import (
    EFFECTS,
    GROUNDS,
    NORM_KINDS,
    STRENGTHS,
    Defeat,
    Due,
    Effect,
    Ground,
    InForce,
    NormKind,
    Requirement,
    Rule,
    Strength,
)
from rules.written_condition import Asked, read_condition

RULEBOOK: Final = Path(__file__).with_name("rulebook")
CASES: Final = ".cases.yaml"
"""How the names of files with cases end; every other YAML file holds rules."""

_ID: Final = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*\Z")
_JURISDICTION: Final = re.compile(r"(?:[1-9][0-9](?:[0-9]{2}){0,2})?\Z")
REQUIRED: Final = (
    "id",
    "title",
    "kind",
    "norm",
    "strength",
    "cites",
    "jurisdiction",
    "in-force",
    "when",
    "effect",
)
_OPTIONAL: Final = ("requires", "due", "defeats", "inference", "note", "doubt")
DEMANDING: Final = ("requires", "advises")
"""Effects of rules that may say what must, or should, be met."""
MEMBERS: Final = (*REQUIRED, *_OPTIONAL)
"""What a rule is written with, and of that what none goes without (`REQUIRED`)."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as written; `provision` is "" where the text that hands a norm down names none."""

    instrument: str
    provision: str
    quote: str
    quoted_in: tuple[str, str] | None
    where: str
    quote_at: str


@dataclass(frozen=True, slots=True)
class RawRule:
    """A rule as written: `rule` without its citations, which only the texts can complete."""

    rule: Rule
    cites: tuple[Cited, ...]
    asked: tuple[Asked, ...]
    defeats_at: tuple[str, ...]
    bearer_at: str
    where: str


def rule_files(root: Path | None = None) -> tuple[tuple[Path, str], ...]:
    """The files with rules under a rulebook folder, in order, each with the name issues use."""
    return tuple((p, name) for p, name in _files(root) if not name.endswith(CASES))


def case_files(root: Path | None = None) -> tuple[tuple[Path, str], ...]:
    """The files with cases, as `rule_files`."""
    return tuple((p, name) for p, name in _files(root) if name.endswith(CASES))


def load_rules(root: Path | None = None) -> tuple[tuple[RawRule, ...], list[Issue]]:
    """All rules of a rulebook folder (the shipped one by default), with every issue found."""
    return all_entries(rule_files(root), read_rules)


def read_rules(text: str, file: str) -> tuple[tuple[RawRule, ...], list[Issue]]:
    """The rules of one YAML text; a rule with an error is left out, its issues are not."""
    return entries_of(text, file, "rules", _rule)


def _files(root: Path | None) -> Iterable[tuple[Path, str]]:
    folder = RULEBOOK if root is None else root
    shown = Path("rules/rulebook") if root is None else root
    for path in sorted(folder.rglob("*.yaml")):
        yield path, (shown / path.relative_to(folder)).as_posix()


def _rule(node: Node, notes: Notes) -> RawRule | None:
    found = notes.mapping(node, "a rule", REQUIRED, _OPTIONAL)
    if found is None:
        return None
    get = found.get
    rule_id = _matching(get("id"), "id", _ID, "small letters, digits, dots and hyphens", notes)
    title = notes.label(get("title"), "title")
    kind = notes.text(get("kind"), "kind")
    norm = notes.choice(get("norm"), "norm", NORM_KINDS)
    strength = notes.choice(get("strength"), "strength", STRENGTHS)
    cites = [_cited(part, notes) for part in notes.sequence(get("cites"), "cites", least=1)]
    jurisdiction = _matching(
        get("jurisdiction"),
        "jurisdiction",
        _JURISDICTION,
        'a code of 2, 4 or 6 digits or ""',
        notes,
    )
    in_force = _in_force(get("in-force"), notes)
    when = read_condition(get("when"), "when", notes)
    effect = notes.choice(get("effect"), "effect", EFFECTS)
    requirement = _requirement(found, effect, notes)
    due, due_fact = _due(found, notes)
    defeats = _defeats(get("defeats"), notes)
    inference = notes.flag(get("inference"), "inference") or False
    note = notes.label(get("note"), "note")
    doubt = notes.label(get("doubt"), "doubt")
    complete = [cited for cited in cites if cited is not None]
    if rule_id is None or title is None or kind is None or norm is None or strength is None:
        return None
    if jurisdiction is None or in_force is None or when is None or effect is None:
        return None
    if not complete or (effect == "requires" and requirement is None):
        return None
    demand, demanded, bearer_at = requirement or (None, (), "")
    rule = Rule(
        id=rule_id,
        title=title,
        kind=kind,
        norm=cast("NormKind", norm),
        strength=cast("Strength", strength),
        citations=(),
        jurisdiction=jurisdiction,
        in_force=in_force,
        when=when.condition,
        effect=cast("Effect", effect),
        requirement=demand,
        defeats=tuple(defeat for defeat, _ in defeats),
        inference=inference,
        note=note,
        doubt=doubt,
        due=due,
        due_fact=due_fact,
    )
    return RawRule(
        rule,
        tuple(complete),
        (*when.asked, *demanded),
        tuple(where for _, where in defeats),
        bearer_at,
        found.where,
    )


def _matching(
    node: Node | None, what: str, form: re.Pattern[str], hint: str, notes: Notes
) -> str | None:
    value = notes.text(node, what, empty=True)
    if value is None or node is None or form.match(value):
        return value
    notes.error(f"{value!r} is not {article(what)}", node.where, hint)
    return None


def _cited(node: Node, notes: Notes) -> Cited | None:
    found = notes.mapping(node, "a citation", ("instrument", "quote"), ("provision", "quoted-in"))
    if found is None:
        return None
    instrument = notes.text(found.get("instrument"), "instrument")
    quote_node = found.get("quote")
    quote = notes.text(quote_node, "quote")
    provision = notes.text(found.get("provision"), "provision") or ""
    handed = notes.mapping(found.get("quoted-in"), "quoted-in", ("instrument", "provision"))
    quoted_in: tuple[str, str] | None = None
    if handed is not None:
        where_from = notes.text(handed.get("instrument"), "instrument")
        at = notes.text(handed.get("provision"), "provision")
        quoted_in = (where_from, at) if where_from and at else None
    elif found.get("provision") is None:
        notes.error("a citation lacks provision", found.where)
        return None
    if instrument is None or quote is None or quote_node is None:
        return None
    return Cited(instrument, provision, quote, quoted_in, found.where, quote_node.where)


def _in_force(node: Node | None, notes: Notes) -> InForce | None:
    found = notes.mapping(node, "in-force", ("from",), ("until",))
    if found is None:
        return None
    start_node = found.get("from")
    start: date | None
    latest: date | None = None
    if isinstance(start_node, Sequence):
        days = [notes.day(part, "from") for part in start_node.parts]
        if len(days) != 2:
            notes.error("an uncertain start is two days: earliest and latest", start_node.where)
            return None
        start, latest = days
        if latest is None:
            return None
    else:
        start = notes.day(start_node, "from")
    end = notes.day(found.get("until"), "until")
    if start is None:
        return None
    if (latest is not None and latest <= start) or (end is not None and end <= (latest or start)):
        notes.error("these days are not in order", found.where)
        return None
    return InForce(start, latest, end)


def _requirement(
    rule: Mapping, effect: str | None, notes: Notes
) -> tuple[Requirement, tuple[Asked, ...], str] | None:
    node = rule.get("requires")
    if node is None:
        if effect == "requires":
            notes.error("a rule that requires says what: requires is missing", rule.where)
        return None
    if effect is not None and effect not in DEMANDING:
        notes.error(f"a rule that {effect} has no requires", node.where)
        return None
    found = notes.mapping(node, "requires", ("bearer", "that", "text"))
    if found is None:
        return None
    bearer_node = found.get("bearer")
    bearer = notes.text(bearer_node, "bearer")
    that = read_condition(found.get("that"), "that", notes)
    text = notes.label(found.get("text"), "text")
    if bearer is None or bearer_node is None or that is None or text is None:
        return None
    return Requirement(bearer, that.condition, text), that.asked, bearer_node.where


def _due(rule: Mapping, notes: Notes) -> tuple[Due | None, str | None]:
    """A day, or the fact that tells it."""
    node = rule.get("due")
    found = notes.mapping(node, "due", (), ("by", "latest", "fact"))
    if node is None or found is None:
        return None, None
    if rule.get("requires") is None:
        notes.error("what is due is missing: a rule with due has requires", node.where)
        return None, None
    fact = notes.text(found.get("fact"), "fact")
    if (fact is None) is (found.get("by") is None):
        notes.error("due is a day (by) or a fact that tells it (fact)", found.where)
        return None, None
    by, latest = (notes.day(found.get(name), name) for name in ("by", "latest"))
    if by is not None and latest is not None and latest <= by:
        notes.error("these days are not in order", found.where)
        return None, None
    return (None if by is None else Due(by, latest)), fact


def _defeats(node: Node | None, notes: Notes) -> list[tuple[Defeat, str]]:
    defeats: list[tuple[Defeat, str]] = []
    for part in notes.sequence(node, "defeats"):
        found = notes.mapping(part, "a defeat", ("rule", "ground"))
        if found is None:
            continue
        target_node = found.get("rule")
        target = notes.text(target_node, "rule")
        ground = notes.choice(found.get("ground"), "ground", GROUNDS)
        if target is not None and target_node is not None and ground is not None:
            defeats.append((Defeat(target, cast("Ground", ground)), target_node.where))
    return defeats
