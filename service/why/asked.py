"""What a request asks the ground of: a statement, its terms written as SPARQL or N-Triples does."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlencode

from kb.explain import Statement
from kb.quads import RDF, XSD, literal
from ontology.ids import BASE
from ontology.issue import Issue
from service.errors import BadRequest
from service.linked.naming import in_query
from service.sparql.prefixes import load_prefixes
from service.sparql.terms import Term, read_term

_PLAIN: Final = re.compile(
    r"""".*"(?:@.*|\^\^.*)?|[+-]?[0-9.]+(?:[eE][+-]?\d+)?|true|false""", re.DOTALL
)
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_OURS: Final = re.compile(r"/?(?:id|graph|ns)[/#].*")


def statement_of(subject: str, predicate: str, value: str) -> Statement:
    """The statement of three parameters. Raises BadRequest that names those that are no terms."""
    given = {"subject": subject, "predicate": predicate, "object": value}
    found: dict[str, str] = {}
    issues: list[Issue] = []
    for name, text in given.items():
        try:
            found[name] = term_of(text.strip(), literals=name == "object")
        except ValueError as error:
            issues.append(Issue("error", str(error), name))
    if issues:
        hint = "an IRI, a prefixed name such as zr:within, or for the object a literal as “…”@zh"
        raise BadRequest("no statement can be read from the parameters", issues=issues, hint=hint)
    return Statement(found["subject"], found["predicate"], found["object"])


def term_of(text: str, *, literals: bool = True) -> str:
    """A term as N-Triples write it; ValueError where it is none."""
    if not text:
        raise ValueError("is missing")
    if text == "a" and not literals:
        return f"<{RDF}type>"
    if literals and _PLAIN.fullmatch(text):
        term = read_term(text)
        if term is None or term.kind != "literal":
            raise ValueError(f"{text[:60]} is no literal as N-Triples write it")
        return written(term)
    iri = _iri(text[1:-1] if text.startswith("<") and text.endswith(">") else text)
    name = in_query(iri)
    if name is None or not _ABSOLUTE.match(iri):
        raise ValueError(f"{text[:60]} is no IRI")
    return name


def _iri(text: str) -> str:
    prefix, colon, local = text.partition(":")
    if colon and prefix in load_prefixes() and not local.startswith("//"):
        return load_prefixes()[prefix] + local
    return BASE + text.lstrip("/") if _OURS.fullmatch(text) else text


def written(term: Term) -> str:
    """A term as N-Triples write it; ValueError for a blank node, which has no name to ask by."""
    match term.kind:
        case "iri":
            return f"<{term.text}>"
        case "literal":
            if term.datatype and in_query(term.datatype) is None:
                raise ValueError(f"{term.datatype[:60]} is no IRI of a datatype")
            return literal(term.text, term.language, term.datatype)
    raise ValueError(f"{term.text[:60]} is a blank node: it has no name to ask by")


def read(text: str) -> Term:
    """A term of a statement as a value."""
    term = read_term(text)
    if term is None:
        raise ValueError(f"{text[:60]} is no term")
    return term


def href(statement: Statement, suffix: str = "") -> str:
    """The address of the ground of a statement; "" where a blank node is in it."""
    terms = (statement.subject, statement.predicate, statement.object)
    if any(term.startswith("_:") for term in terms):
        return ""
    names = ("subject", "predicate", "object")
    given = {
        name: term[1:-1] if term.startswith("<") else _short(term)
        for name, term in zip(names, terms, strict=True)
    }
    return f"/why{suffix}?{urlencode(given)}"


def _short(term: str) -> str:
    """A literal as it may also be written: numbers by themselves."""
    found = read_term(term)
    plain = found is not None and found.datatype == f"{XSD}integer" and _PLAIN.fullmatch(found.text)
    return found.text if found is not None and plain else term
