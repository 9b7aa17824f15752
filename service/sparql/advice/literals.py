"""Texts that differ from those in the data by a language tag or a datatype alone.

"社区" and "社区"@zh are two terms (RDF 1.1 Concepts §3.3), so that a pattern or `=` with one never
finds the other. What a property leads to tells which of the two there is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.sparql.advice.finding import Asked, Edit, Found
from service.sparql.advice.known import TAGGED, Objects
from service.sparql.advice.scope import expressions, statements, values
from service.sparql.advice.tree import Path
from service.sparql.nodes import Node
from service.sparql.terms import XSD
from service.sparql.text import Token

_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
# What a text must look like to be meant as a value of a datatype.
_VALUES: Final = {
    f"{XSD}date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    f"{XSD}gYear": re.compile(r"\d{4}"),
    f"{XSD}gYearMonth": re.compile(r"\d{4}-\d{2}"),
    f"{XSD}integer": re.compile(r"[+-]?\d+"),
    f"{XSD}decimal": re.compile(r"[+-]?\d+(?:\.\d+)?"),
    f"{XSD}boolean": re.compile(r"true|false"),
}
_LIST: Final = 400
_BARE: Final = (f"{XSD}integer", f"{XSD}boolean")


@dataclass(frozen=True, slots=True)
class _Literal:
    """A string of the query, what follows it (tag or datatype), and what it stands against."""

    text: str
    suffix: str
    start: int
    end: int
    property: str
    equal: bool = True


def text_of_other_kind(asked: Asked) -> Iterator[Found]:
    """A text with a tag where the data have none, without where they have one, with another one;
    and a text where they have days or numbers."""
    seen: set[int] = set()
    for literal in _literals(asked):
        objects = asked.known.properties.get(literal.property)
        if objects is None or literal.start in seen:
            continue
        if found := _judged(asked, literal, objects):
            seen.add(literal.start)
            yield found


def unknown_language(asked: Asked) -> Iterator[Found]:
    """LANG(?x) = a tag that no text has."""
    tags, tokens = asked.known.languages, asked.tokens
    if not tags:
        return
    for expression in expressions(asked.tree):
        for at in range(expression.first, expression.last - 5):
            part = tokens[at : at + 6]
            marks = [token.text for token in part]
            if part[0].word != "LANG" or marks[3:5] != [")", "="] or part[5].kind != "string":
                continue
            tag = part[5].text.strip("\"'").lower()
            if not tag or tag in tags:
                continue
            near = next((t for t in sorted(tags) if tag.split("-")[0] == t.split("-")[0]), None)
            words = {"tag": tag, "tags": "、".join(sorted(tags))}
            start, end = part[5].at, part[5].at + len(part[5].text)
            edits = (Edit(start, end, f'"{near}"'),) if near else ()
            yield Found("unknown-language", start, words, "", edits, "never", "unknown-name")


def _judged(asked: Asked, literal: _Literal, objects: Objects) -> Found | None:
    end = literal.end
    words = {
        "text": literal.text + literal.suffix,
        "property": asked.short(literal.property),
    }
    tag = _tag(literal.text, objects.tags)
    suffix = literal.suffix
    if suffix.startswith("^"):
        return None
    if not suffix and objects.tagged_only and literal.equal:
        words["meant"] = f"{literal.text}@{tag}"
        said = "plain-text"
    elif suffix and objects.plain_only and literal.equal:
        words["meant"] = literal.text
        said = "tagged-text"
    elif suffix and objects.tagged_only and suffix[1:].lower() not in objects.tags:
        words["meant"] = f"{literal.text}@{tag}"
        said = "other-tag"
    elif not suffix and (meant := _typed(asked, literal, objects)):
        words["meant"] = meant
        said = "text-for-value"
    else:
        return None
    edit = Edit(literal.start, end, words["meant"])
    return Found(said, literal.start, words, "", (edit,), "never", "unknown-name")


def _tag(text: str, tags: Mapping[str, int]) -> str:
    """The language a text was probably meant in."""
    han = _HAN.search(text) is not None
    fitting = [tag for tag in tags if tag.startswith("zh") == han] or list(tags)
    return max(sorted(fitting), key=lambda tag: tags[tag], default="")


def _typed(asked: Asked, literal: _Literal, objects: Objects) -> str | None:
    """The value of the only datatype that a property has, if a text looks like one."""
    if len(objects.datatypes) != 1 or sum(objects.datatypes.values()) != objects.statements:
        return None
    datatype = next(iter(objects.datatypes))
    pattern = _VALUES.get(datatype)
    inside = literal.text[1:-1]
    if datatype == TAGGED or pattern is None or not pattern.fullmatch(inside):
        return None
    return inside if datatype in _BARE else f"{literal.text}^^{asked.short(datatype)}"


def _literals(asked: Asked) -> Iterator[_Literal]:
    leads: dict[str, set[str]] = defaultdict(set)
    for statement in statements(asked.tree):
        for triple in statement.triples():
            name = _last(asked, triple.path)
            if name and triple.object.kind == "string":
                yield _of_node(asked, triple.object, name)
            elif name and triple.object.kind == "variable":
                leads[triple.object.text].add(name)
    yield from _given(asked, leads)
    for expression in expressions(asked.tree):
        found = asked.tokens[expression.first : expression.last]
        for at, token in enumerate(found):
            if token.kind == "string":
                yield from _compared(found, at, leads)


def _given(asked: Asked, leads: Mapping[str, set[str]]) -> Iterator[_Literal]:
    """Strings that VALUES gives to variables."""
    for block in values(asked.tree):
        for row in block.rows:
            for variable, node in zip(block.variables, row, strict=False):
                if node is not None and node.kind == "string":
                    for name in sorted(leads.get(variable, ())):
                        yield _of_node(asked, node, name)


def _last(asked: Asked, path: Path) -> str:
    """The property that leads to the object, where it is only one."""
    if not path.names or any(mark in asked.written(path.start, path.end) for mark in "|^!("):
        return ""
    return path.names[-1].iri


def _of_node(asked: Asked, node: Node, name: str) -> _Literal:
    end = node.start + len(node.text)
    return _Literal(node.text, asked.written(end, node.end).strip(), node.start, node.end, name)


def _compared(found: Sequence[Token], at: int, leads: Mapping[str, set[str]]) -> Iterator[_Literal]:
    """A string that is compared with a variable: `?x = "…"`, `"…" = ?x`, `?x IN ("…")`."""
    token = found[at]
    behind = at + 1
    suffix, end = "", token.at + len(token.text)
    if behind < len(found) and found[behind].kind == "tag":
        suffix, end = found[behind].text, found[behind].at + len(found[behind].text)
        behind += 1
    elif behind < len(found) and found[behind].text == "^":
        return
    for variable, operator in (_left(found, at), _right(found, behind)):
        for name in sorted(leads.get(variable, ())):
            equal = operator in ("=", "IN")
            yield _Literal(token.text, suffix, token.at, end, name, equal)


def _left(found: Sequence[Token], at: int) -> tuple[str, str]:
    operator = ""
    n = at - 1
    while n >= 0 and found[n].kind == "mark" and found[n].text in "=<>!":
        operator = found[n].text + operator
        n -= 1
    if operator:
        return (found[n].text[1:], operator) if _ends(found, n) else ("", "")
    # Back over what else is in the list, unless it is long.
    least = max(at - _LIST, 0)
    while n >= least and (found[n].kind in ("string", "tag") or found[n].text == ","):
        n -= 1
    if n >= 2 and found[n].text == "(" and found[n - 1].word == "IN":
        n -= 2 + (found[n - 2].word == "NOT")
        return (found[n].text[1:], "IN") if _ends(found, n) else ("", "")
    return "", ""


def _ends(found: Sequence[Token], n: int) -> bool:
    return n >= 0 and found[n].kind == "variable"


def _right(found: Sequence[Token], at: int) -> tuple[str, str]:
    operator = ""
    while at < len(found) and found[at].kind == "mark" and found[at].text in "=<>!":
        operator += found[at].text
        at += 1
    if operator and at < len(found) and found[at].kind == "variable":
        return found[at].text[1:], operator
    return "", ""
