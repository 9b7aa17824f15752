"""A result as the document that is kept: SPARQL 1.1 Query Results JSON, with what it is beside.

https://www.w3.org/TR/sparql11-results-json/ — `kept` is a member of our own: title, query,
question, generation, hash of the result, and what things were called then, so that the document can
be read when the data have changed. The bytes are RFC 8785 JSON, kept under their SHA-256.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import orjson

from kb.query_show import Show
from ontology.label import Label
from rules.receipt import canonical
from service.questions.answer import Answer, labelled
from service.sparql.results import Result
from service.sparql.terms import Table, Term
from service.web.language import Language

_TYPES: Final[Mapping[str, str]] = {"iri": "uri", "literal": "literal", "blank": "bnode"}
_KINDS: Final[Mapping[str, Literal["iri", "literal", "blank"]]] = {
    "uri": "iri",
    "literal": "literal",
    "bnode": "blank",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a kept result is of: a question with its parameters, or (without a name) a query."""

    question: str = ""
    parameters: tuple[tuple[str, str], ...] = ()


QUERY: Final = Asked()
"""A query that is no question."""


@dataclass(frozen=True, slots=True)
class Document:
    """A kept document, read."""

    title: str
    asked: Asked
    result: Result
    names: tuple[tuple[str, Label], ...]
    columns: tuple[tuple[str, Label], ...]

    def answer(self, language: Language, most: int | None = None) -> Answer:
        """The answer as it was, things by what they were called."""
        called = {iri: getattr(label, language) for iri, label in self.names}
        return labelled(self.result, called, Show(None, self.columns, shared=False), most)


def written(
    title: str, asked: Asked, result: Result, names: Mapping[str, Label], show: Show
) -> bytes:
    """The bytes to be kept."""
    table = result.table
    kept = {
        "title": title,
        "query": result.text,
        "question": asked.question or None,
        "parameters": [list(pair) for pair in asked.parameters],
        "generation": result.generation or None,
        "result": result.sha256,
        "statements": table.statements,
        "labels": [[iri, label.zh, label.en] for iri, label in sorted(names.items())],
        "columns": [[name, show.column(name).zh, show.column(name).en] for name in table.names],
    }
    body: dict[str, Any] = {"head": {"vars": list(table.names)}, "kept": kept}
    if table.truth is not None:
        return canonical(body | {"boolean": table.truth})
    bindings = [
        {name: _binding(term) for name, term in zip(table.names, row, strict=True) if term}
        for row in table.rows
    ]
    return canonical(body | {"results": {"bindings": bindings}})


def read(document: bytes) -> Document:
    """The document of such bytes."""
    body: dict[str, Any] = orjson.loads(document)
    kept, names = body["kept"], tuple(body["head"]["vars"])
    rows = tuple(
        tuple(_term(row[name]) if name in row else None for name in names)
        for row in body.get("results", {}).get("bindings", ())
    )
    table = Table(names, rows, truth=body.get("boolean"), statements=kept["statements"])
    return Document(
        kept["title"],
        Asked(kept["question"] or "", tuple((name, value) for name, value in kept["parameters"])),
        Result(kept["query"], table, b"", kept["generation"] or "", False, kept["result"]),
        tuple((iri, Label(zh, en)) for iri, zh, en in kept["labels"]),
        tuple((name, Label(zh, en)) for name, zh, en in kept["columns"]),
    )


def _binding(term: Term) -> dict[str, str]:
    text = term.text.removeprefix("_:") if term.kind == "blank" else term.text
    told = {"type": _TYPES[term.kind], "value": text}
    if term.language:
        told["xml:lang"] = term.language
    elif term.datatype:
        told["datatype"] = term.datatype
    return told


def _term(binding: Mapping[str, str]) -> Term:
    kind = _KINDS[binding["type"]]
    text = f"_:{binding['value']}" if kind == "blank" else binding["value"]
    return Term(kind, text, binding.get("xml:lang", ""), binding.get("datatype", ""))
