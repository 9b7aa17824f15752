"""Turtle and CSV to JSON: `vocabulary.json` and `places.json`, which deciding reads, and the labels
of other codes, `concepts.json`, which pages read.

Deterministic: the same sources give the same bytes. `python -m ontology.compile` writes them,
`--check` only says whether they are current.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ontology import concepts_table
from ontology.code_sources import read_code_lists
from ontology.fact_sources import read_facts
from ontology.issue import Issue
from ontology.place_sources import compile_places
from ontology.sources import HERE, blank_nodes, read_sources
from ontology.vocabulary import CodeList, DecisionKind, Fact, Vocabulary

FILES: Final = ("vocabulary.json", "places.json", "concepts.json")


def compile_vocabulary(folder: Path = HERE) -> tuple[Vocabulary | None, list[Issue]]:
    """The vocabulary of `codelists/*.ttl` and `facts/*.ttl`; None where something is wrong.

    `concepts/*.ttl` are no part of it (`compile_all` checks them and compiles their labels).
    """
    code_lists, issues = _lists(folder, "codelists/*.ttl")
    stated, more = read_sources(folder, "facts/*.ttl")
    issues += [*more, *blank_nodes(stated)]
    if issues:
        # What a broken code list does to the facts that use it would only hide the defect.
        return None, issues
    kinds: dict[str, tuple[Fact, ...]] = {}
    decisions: dict[str, DecisionKind] = {}
    for source in stated:
        read, found = read_facts(source, code_lists)
        issues += found
        if read is not None:
            kinds[read.name], decisions[read.name] = read.facts, read.decision
    if issues:
        return None, issues
    return Vocabulary(kinds, code_lists, decisions=decisions), issues


def _lists(folder: Path, pattern: str) -> tuple[dict[str, CodeList], list[Issue]]:
    sources, issues = read_sources(folder, pattern)
    issues += blank_nodes(sources)
    code_lists: dict[str, CodeList] = {}
    for source in sources:
        read, found = read_code_lists(source)
        issues += found
        code_lists |= read
    return code_lists, issues


def to_bytes(vocabulary: Vocabulary) -> bytes:
    """The file form: sorted members, one a line, so that a change shows as a small difference."""
    document: Mapping[str, Any] = vocabulary.to_json()
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def compile_all(folder: Path = HERE) -> tuple[dict[str, bytes], list[Issue]]:
    """The compiled files by name; without the ones whose sources have issues."""
    vocabulary, issues = compile_vocabulary(folder)
    concepts, others = _lists(folder, "concepts/*.ttl")
    places, more = compile_places(folder / "places")
    files = {"places.json": places} if places else {}
    if vocabulary is not None:
        files["vocabulary.json"] = to_bytes(vocabulary)
    if not others:
        files["concepts.json"] = concepts_table.to_bytes(concepts)
    return files, [*issues, *others, *more]


def stale(folder: Path, files: Mapping[str, bytes]) -> list[Issue]:
    """An issue for each compiled file that differs from what is there."""
    return [
        Issue("error", "not what its sources compile to", name, "run python -m ontology.compile")
        for name, content in sorted(files.items())
        if not (folder / name).exists() or (folder / name).read_bytes() != content
    ]


def main(arguments: Sequence[str] | None = None, folder: Path = HERE) -> int:
    """Write the compiled files, or with --check compare them; 1 where there are issues."""
    check = "--check" in (sys.argv[1:] if arguments is None else arguments)
    files, issues = compile_all(folder)
    if check:
        issues += stale(folder, files)
    elif not issues:
        for name, content in files.items():
            (folder / name).write_bytes(content)
    for issue in issues:
        print(issue, file=sys.stderr)
    return 1 if issues else 0


if __name__ == "__main__":
    sys.exit(main())
