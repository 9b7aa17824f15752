"""Findings and requirements of a result, arranged by what they do for its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from ontology.label import Label
from service.web.said import Word
from service.web.sources import Source, source_in

Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One kind (or certificate) of a task that is of several."""

    values: tuple[Word, ...]
    verdict: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Defeater:
    """A rule that prevails, its title where it is among the findings, and on what grounds."""

    rule: str
    title: Label | None
    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule on one set of facts; `body` is its JSON.

    `about` names the parts of a task of several kinds where it is not found in all of them.
    """

    body: Json
    sources: tuple[Source, ...]
    defeaters: tuple[Defeater, ...]
    about: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings by what they do for the verdict; each list is in the order of the result.

    `nearest` are the permits that came nearest where the texts are silent.
    """

    deciding: tuple[Finding, ...]
    defeated: tuple[Finding, ...]
    open: tuple[Finding, ...]
    nearest: tuple[Finding, ...]
    advice: tuple[Finding, ...]
    others: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition on admission; `body` is its JSON.

    `certain` where it counts now: what only may apply, or would once nothing forbids, is told less.
    """

    body: Json
    sources: tuple[Source, ...]
    certain: bool


def findings_of(result: Json, parts: tuple[Part, ...]) -> Findings:
    """The findings of a result; those of its requirements are told there and left out here."""
    demanded = {r["rule"] for r in (*result["requirements"], *result.get("standards", ()))}
    shown = [f for f in result["findings"] if f["rule"] not in demanded]
    titles = {f["rule"]: Label.from_json(f["title"]) for f in result["findings"]}
    # What forbids outweighs what permits; the rest of the order is the result's own.
    weight = {"forbids": 0, "permits": 1}

    def those(status: str, effects: tuple[str, ...]) -> tuple[Finding, ...]:
        found = [f for f in shown if f["status"] == status and f["effect"] in effects]
        found.sort(key=lambda f: weight.get(f["effect"], 2))
        return tuple(
            Finding(
                f,
                tuple(source_in(c) for c in f["citations"]),
                defeaters(f, titles),
                _about(f, parts),
            )
            for f in found
        )

    silent = result["reason"] == "no-rule"
    decides, tells = ("forbids", "permits"), ("advises", "requires", "none")
    return Findings(
        deciding=those("holds", decides),
        defeated=those("defeated", decides + tells),
        open=those("unknown", decides),
        nearest=those("fails", ("permits",)) if silent else (),
        advice=those("holds", tells),
        others=those("fails", ("forbids", *tells) if silent else decides + tells)
        + those("unknown", tells),
    )


def _about(finding: Json, parts: tuple[Part, ...]) -> tuple[Word, ...]:
    if len(finding["parts"]) == len(parts):
        return ()
    return tuple(value for at in finding["parts"] for value in parts[at].values)


def counts(requirement: Json, result: Json) -> bool:
    """Whether a requirement counts now: see `Requirement`."""
    if result["verdict"] == "inadmissible":
        return requirement["status"] == "unmet" and not requirement["changeable"]
    return bool(requirement["applies"] == "applies")


def defeaters(finding: Json, titles: Mapping[str, Label]) -> tuple[Defeater, ...]:
    """The rules that prevail over a finding or a standard."""
    grounds: dict[str, list[str]] = {}
    for defeat in finding["defeated_by"]:
        grounds.setdefault(defeat["rule"], []).append(defeat["ground"])
    return tuple(Defeater(r, titles.get(r), tuple(g)) for r, g in grounds.items())
