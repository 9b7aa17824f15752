"""Names that the dataset does not have: their patterns find nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ontology.ids import BASE, NS
from service.sparql.advice.finding import Asked, Edit, Found
from service.sparql.advice.known import split
from service.sparql.advice.scope import statements
from service.sparql.advice.tree import RDF_TYPE, Name
from service.sparql.searching import MATCHES, SEARCH
from service.sparql.text import iri_of, prologue

_CODES: Final = f"{BASE}id/code/"
_SUBCLASS: Final = "http://www.w3.org/2000/01/rdf-schema#subClassOf"


def unknown_property(asked: Asked) -> Iterator[Found]:
    """A property that no statement has: misspelt, or declared and not used."""
    known = asked.known
    if not known.properties:
        return
    for name in _properties(asked):
        if name.iri in known.properties or name.iri in (MATCHES, SEARCH):
            continue
        if name.iri in known.declared:
            words = {"name": asked.written(name.start, name.end)}
            yield Found("unknown-property", name.start, words, "unknown-property.unused")
            continue
        near = known.near(name.iri, known.properties)
        yield _unknown(asked, name, near, "unknown-property")


def unknown_class(asked: Asked) -> Iterator[Found]:
    """A class that nothing is of."""
    known = asked.known
    if not known.classes:
        return
    for name, path in _classes(asked):
        if name.iri in known.classes:
            continue
        if name.iri not in known.declared:
            near = known.near(name.iri, {*known.classes, *_ours(known.declared)})
            yield _unknown(asked, name, near, "unknown-class")
            continue
        words = {"name": asked.written(name.start, name.end)}
        if things := known.below(name.iri):
            words["things"] = f"{things:,}"
            rdfs = asked.short(_SUBCLASS)
            edits = (Edit(path.start, path.end, f"{asked.written(path.start, path.end)}/{rdfs}*"),)
            yield Found(
                "unknown-class", name.start, words, "unknown-class.broad", edits,
                "never", "unknown-class.broad",
            )  # fmt: skip
        else:
            yield Found("unknown-class", name.start, words, "unknown-class.unused")


def unknown_code(asked: Asked) -> Iterator[Found]:
    """A code that no list has, wherever it stands; and a term of ours that is none."""
    known = asked.known
    if not known.codes:
        return
    judged = {name.start for name in _properties(asked)}
    judged |= {name.start for name, _ in _classes(asked)}
    start, prefixes, base = prologue(asked.tokens)
    made, end = asked.tree.template
    for token in asked.tokens[start:]:
        if token.kind not in ("iri", "name") or token.at in judged or made <= token.at < end:
            continue
        name = Name(iri_of(token, prefixes, base), token.at, token.at + len(token.text))
        if name.iri.startswith(_CODES) and name.iri not in known.codes:
            yield _unknown(asked, name, _near_code(asked, name.iri), "unknown-code")
        elif name.iri.startswith(NS) and not _is_term(name.iri, asked):
            terms = {*_ours(known.declared), *_ours(known.properties), *_ours(known.classes)}
            yield _unknown(asked, name, known.near(name.iri, terms), "unknown-term")


def _near_code(asked: Asked, iri: str) -> str | None:
    """The code of the same list that was meant; the code itself where it is of another list."""
    of_list, last = split(iri)
    codes = asked.known.codes
    if same := {code for code in codes if split(code)[0] == of_list}:
        return asked.known.near(iri, same)
    return min((code for code in codes if split(code)[1] == last), default=None)


def _properties(asked: Asked) -> Iterator[Name]:
    for statement in statements(asked.tree):
        seen: set[int] = set()
        for triple in statement.triples():
            for name in triple.path.names:
                if name.start not in seen and name.iri != RDF_TYPE:
                    seen.add(name.start)
                    yield name


def _classes(asked: Asked) -> Iterator[tuple[Name, Name]]:
    """Classes that something is said to be of, each with the property that says so."""
    for statement in statements(asked.tree):
        for triple in statement.triples():
            if triple.path.iri == RDF_TYPE and triple.object.kind == "iri":
                node, path = triple.object, triple.path
                yield Name(node.text, node.start, node.end), path.names[0]


def _is_term(iri: str, asked: Asked) -> bool:
    known = asked.known
    return iri in known.declared or iri in known.properties or iri in known.classes


def _ours(names: Iterable[str]) -> set[str]:
    return {name for name in names if name.startswith(NS)}


def _unknown(asked: Asked, name: Name, near: str | None, slug: str) -> Found:
    words = {"name": asked.written(name.start, name.end)}
    if near is None:
        return Found(slug, name.start, words)
    words |= {"near": asked.short(near), "label": _label(asked, near)}
    edit = Edit(name.start, name.end, words["near"])
    return Found(slug, name.start, words, f"{slug}.near", (edit,), "never", "unknown-name")


def _label(asked: Asked, iri: str) -> str:
    labels = asked.known.labels.get(iri, ())
    return f"（{'，'.join(labels[:2])}）" if labels else ""
