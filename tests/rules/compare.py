"""What a decision says, beside what brute force says: every difference as a line of text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import product
from typing import Any

from rules.compiled import Compiled
from rules.decide import decide
from rules.model import Rulebook
from tests.rules import oracle_answers as answers
from tests.rules.generate import KIND, Asked
from tests.rules.oracle import Oracle, Request


def request_of(asked: Asked) -> Request:
    """A generated request as the oracle reads it."""
    derived = tuple((d.fact, d.value, d.part) for d in asked.derived)
    return Request(dict(asked.facts), derived)


def differences(
    book: Rulebook, compiled: Compiled, oracle: Oracle, asked: Asked, day: date
) -> list[str]:
    """Everything in which the decision is not what brute force finds."""
    decision = decide(KIND, asked.facts, day, book, derived=asked.derived, compiled=compiled)
    body = decision.to_json()
    request = request_of(asked)
    pairs = {
        "verdict": ((body["verdict"], body["reason"]), oracle.verdict(request)),
        "parts": (
            [(p["facts"], p["verdict"], p["reason"]) for p in body["parts"]],
            [
                (dict(p.codes), *o)
                for p, o in zip(oracle.parts(request), oracle.outcomes(request), strict=True)
            ],
        ),
        **_findings(body, oracle, request),
        "reasons": (_unfounded(body, oracle, request), []),
        "requirements": (
            sorted(
                (r["rule"], r["status"], r["applies"], r["changeable"], part)
                for r in body["requirements"]
                for part in r["parts"]
            ),
            sorted(
                (d.rule, d.status, d.applies, d.changeable, d.part)
                for d in answers.demands(oracle, request)
                if d.decides
            ),
        ),
        "standards": (
            sorted(
                (s["rule"], s["status"], str(s["applies"]), part)
                for s in body.get("standards", ())
                for part in s["parts"]
            ),
            sorted(
                (rule, status, str(applies), part)
                for rule, status, applies, part in answers.standards(oracle, request)
                if "standards" in body
            ),
        ),
        "assumptions": (
            {a["fact"]: _leads(oracle, a) for a in body["assumptions"]},
            answers.assumptions(oracle, request),
        ),
        "changes": (
            [tuple((c["fact"], c["to"]) for c in s["changes"]) for s in body["changes"]["sets"]],
            answers.changes(oracle, request),
        ),
        "missing": (
            [(tuple(s["facts"]), _settles(oracle, s)) for s in body["missing"]["sets"]],
            answers.missing(oracle, request),
        ),
        "questions": (
            {q["fact"]: _leads(oracle, q) for q in body["missing"]["questions"]},
            {
                name: answers.leads(oracle, request, name)
                for s in body["missing"]["sets"]
                for name in s["facts"]
            },
        ),
        "complete": ((body["missing"]["complete"], body["changes"]["complete"]), (True, True)),
    }
    return [f"{k}: {said!r} but {true!r}" for k, (said, true) in pairs.items() if said != true]


def _findings(
    body: Mapping[str, Any], oracle: Oracle, request: Request
) -> dict[str, tuple[object, object]]:
    found = answers.findings(oracle, request)
    told = {(f["rule"], f["status"], part): f for f in body["findings"] for part in f["parts"]}
    failing = {(f.rule, f.status, f.part) for f in found if f.status == "fails"}
    nearest = {key for key in told if key[1] == "fails"}
    effects = {rule.id: rule.effect for rule in oracle.rules}
    silent = {i for i, p in enumerate(body["parts"]) if p["reason"] == "no-rule"}
    wanted = {
        part: min(3, sum(p == part and effects[r] == "permits" for r, _, p in failing))
        for part in silent
    }
    return {
        "findings": (
            sorted(key for key in told if key[1] != "fails"),
            sorted((f.rule, f.status, f.part) for f in found if f.status != "fails"),
        ),
        "defeaters": (
            {
                k: {d["rule"] for d in f["defeated_by"]}
                for k, f in told.items()
                if k[1] == "defeated"
            },
            {(f.rule, f.status, f.part): f.defeaters for f in found if f.status == "defeated"},
        ),
        "nearest": (
            (
                {p: sum(k[2] == p for k in nearest) for p in silent},
                [k for k in nearest if k not in failing or effects[k[0]] != "permits"],
            ),
            (wanted, []),
        ),
    }


def _unfounded(body: Mapping[str, Any], oracle: Oracle, request: Request) -> list[str]:
    """Findings whose condition could come out otherwise while the facts named stay as they are."""
    rules = {rule.id: rule for rule in oracle.rules}
    found = []
    for finding in body["findings"]:
        if finding["status"] == "unknown":
            continue
        wanted = finding["status"] != "fails"
        for number in finding["parts"]:
            part = oracle.parts(request)[number].worlds
            named = {reason["fact"] for reason in finding["because"]}
            there = {n for n in named if all(oracle.there(n, w) for w in product(*part))}
            worlds = product(
                *(
                    part[at] if fact.name in named else oracle.values[at]
                    for at, fact in enumerate(oracle.facts)
                ),
                *part[len(oracle.facts) :],
            )
            if any(
                oracle.holds(rules[finding["rule"]].when, world) is not wanted
                and (wanted or oracle.speaks(rules[finding["rule"]], world))
                for world in worlds
                if all(oracle.there(name, world) for name in there)
            ):
                found.append(f"{finding['rule']} {finding['status']} because {sorted(named)}")
    return found


def _leads(oracle: Oracle, told: Mapping[str, Any]) -> dict[object, str]:
    return {
        oracle.signature(told["fact"], value): str(answer["verdict"])
        for answer in told["answers"]
        for value in answer["values"]
    }


def _settles(oracle: Oracle, told: Mapping[str, Any]) -> dict[answers.Answers, str]:
    found: dict[answers.Answers, str] = {}
    for group in told["settles"]:
        for values in product(*group["answers"].values()):
            named = zip(group["answers"], values, strict=True)
            found[tuple((n, oracle.signature(n, v)) for n, v in named)] = str(group["verdict"])
    return found
