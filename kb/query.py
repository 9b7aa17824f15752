"""The competency questions of `queries/*.rq`: what analysts ask, as SPARQL 1.1 with a header.

Each file is a whole query that runs as it stands at any endpoint. Its header names it in both
languages and declares its parameters; a parameter is a data block of one variable,
`VALUES ?name { term }` (https://www.w3.org/TR/sparql11-query/#inline-data), holding the default.
`bind` puts other terms into these blocks and touches nothing else::

    # title-zh: 某地某日施行的规则
    # title-en: rules in force for a place on a day
    # param: place place 22 适用区域 "jurisdiction"
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

from kb.quads import XSD, literal
from kb.query_show import SHOWN, Line, Show, read_show
from ontology.ids import code_iri, instrument_iri, place_iri, rule_iri
from ontology.issue import Issue
from ontology.label import Label
from ontology.names import nearest

HERE: Final = Path(__file__).with_name("queries")

ParamType = Literal["text", "day", "number", "flag", "place", "instrument", "rule", "code"]
PARAM_TYPES: Final[tuple[ParamType, ...]] = get_args(ParamType)

_HEADER: Final = re.compile(r"# *([a-z-]+): *(.*\S)")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


class BadQuery(Exception):
    """A query file, a query's name or a value that does not hold; `issues` say what and where."""

    def __init__(self, *issues: Issue) -> None:
        self.issues = issues
        super().__init__("\n".join(str(issue) for issue in issues))


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter: its variable, what it takes and the value it has unless given.

    `codes` is the code list of a parameter of type code (written `code:task-kinds`), else "".
    """

    name: str
    type: ParamType
    codes: str
    default: str
    label: Label


@dataclass(frozen=True, slots=True)
class Query:
    """A question: the file's name without suffix, its title, parameters and SPARQL text.

    `show` is what its columns are called and how its answer may be drawn.
    """

    name: str
    title: Label
    params: tuple[Param, ...]
    text: str
    show: Show = field(default_factory=Show)


def bind(query: Query, values: Mapping[str, str] | None = None) -> str:
    """The query's SPARQL with values in place of defaults; BadQuery for a name or value unknown.

    A value is made an RDF term of its parameter's type, so it can be nothing but a value.
    """
    given = values or {}
    issues = [
        _unknown(query, name) for name in sorted(given.keys() - {p.name for p in query.params})
    ]
    text = query.text
    for param in query.params:
        try:
            written = term(param, given.get(param.name, param.default))
        except ValueError as error:
            issues.append(Issue("error", str(error), f"{query.name}: {param.name}"))
            continue
        if found := _block(param.name).search(text):
            text = text[: found.start(1)] + written + text[found.end(1) :]
    if issues:
        raise BadQuery(*issues)
    return text


def term(param: Param, value: str) -> str:
    """A value as the RDF term of its parameter's type; ValueError where it cannot be one."""
    return f"<{code_iri(param.codes, value)}>" if param.codes else _TERMS[param.type](value)


def _place(value: str) -> str:
    # A jurisdiction is the part of a GB/T 2260 code that its places share; "" is the nation.
    if not re.fullmatch(r"(\d{2}){0,3}", value, re.ASCII):
        raise ValueError(f"{value!r} is not a code of two, four or six digits")
    return f"<{place_iri(value.ljust(6, '0'))}>"


def _day(value: str) -> str:
    # Since Python 3.11 fromisoformat reads weeks and days without hyphens as well.
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise ValueError(f"{value!r} is no day such as 2019-06-01")
    return literal(date.fromisoformat(value).isoformat(), datatype=XSD + "date")


def _flag(value: str) -> str:
    if value not in ("true", "false"):
        raise ValueError(f"{value!r} is neither true nor false")
    return literal(value, datatype=XSD + "boolean")


_TERMS: Final[Mapping[str, Callable[[str], str]]] = {
    "text": literal,
    "day": _day,
    "number": lambda v: literal(str(int(v)), datatype=XSD + "integer"),
    "flag": _flag,
    "place": _place,
    "instrument": lambda v: f"<{instrument_iri(v)}>",
    "rule": lambda v: f"<{rule_iri(v)}>",
}


@cache
def queries(folder: Path = HERE) -> tuple[Query, ...]:
    """All questions of a folder, by name; BadQuery with every fault at its file and line."""
    found: list[Query] = []
    issues: list[Issue] = []
    for path in sorted(folder.glob("*.rq")):
        try:
            found.append(parse(path.stem, path.read_text("utf-8")))
        except BadQuery as error:
            issues += error.issues
    if issues:
        raise BadQuery(*issues)
    return tuple(found)


def load(name: str, folder: Path = HERE) -> Query:
    """The question of a name; BadQuery with the nearest name where there is none."""
    by_name = {query.name: query for query in queries(folder)}
    if name in by_name:
        return by_name[name]
    near = nearest(name, by_name)
    hint = f"did you mean {near}?" if near else ""
    raise BadQuery(Issue("error", f"there is no question {name}", "kb/queries", hint))


def parse(name: str, text: str) -> Query:
    """A query from its file's text; BadQuery where header and text do not fit."""
    issues: list[Issue] = []
    titles: dict[str, str] = {}
    params: list[Param] = []
    shown: list[Line] = []
    for number, line in enumerate(text.splitlines(), start=1):
        where = f"{name}.rq:{number}"
        if not line.startswith("#"):
            break
        if not (found := _HEADER.fullmatch(line)):
            continue
        if found[1] == "param":
            param = _param(found[2], where)
            if isinstance(param, Param):
                params.append(param)
                issues += _default(param, text, where)
            else:
                issues.append(param)
        elif found[1] in SHOWN:
            shown.append(Line(found[1], found[2], where))
        elif found[1] in ("title-zh", "title-en"):
            titles[found[1]] = found[2]
        else:
            known = nearest(found[1], ("param", "title-zh", "title-en", *SHOWN))
            hint = f"did you mean {known}?" if known else ""
            issues.append(Issue("error", f"a header has no {found[1]}", where, hint))
    show, faults = read_show(shown, text)
    issues += faults
    for missing in sorted({"title-zh", "title-en"} - titles.keys()):
        issues.append(Issue("error", f"the header has no {missing}", f"{name}.rq:1"))
    if issues:
        raise BadQuery(*issues)
    return Query(name, Label(titles["title-zh"], titles["title-en"]), tuple(params), text, show)


def _param(line: str, where: str) -> Param | Issue:
    try:
        name, written, default, zh, en = shlex.split(line)
    except ValueError:
        return Issue("error", "a parameter is: name type default label-zh label-en", where,
                     "put a text with blanks in quotation marks")  # fmt: skip
    kind, _, codes = written.partition(":")
    known = next((t for t in PARAM_TYPES if t == kind), None)
    if not _NAME.fullmatch(name) or known is None or bool(codes) != (known == "code"):
        near = nearest(kind, PARAM_TYPES)
        hint = f"did you mean {near}?" if near and near != kind else ""
        return Issue("error", f"{name} {written} is no name with a type", where, hint)
    return Param(name, known, codes, default, Label(zh, en))


def _default(param: Param, text: str, where: str) -> list[Issue]:
    """The text holds each parameter's default, once: it runs as it stands, and says the same."""
    blocks = _block(param.name).findall(text)
    try:
        expected = term(param, param.default)
    except ValueError as error:
        return [Issue("error", str(error), where)]
    if blocks != [expected]:
        message = f"the query holds the default of {param.name} once"
        return [Issue("error", message, where, f"VALUES ?{param.name} {{ {expected} }}")]
    return []


def _block(name: str) -> re.Pattern[str]:
    # A term ends at the block's closing brace; only a literal may have one inside, between its
    # quotation marks.
    return re.compile(rf'VALUES \?{name} \{{ ((?:"(?:[^"\\]|\\.)*"|[^}}"])*?) \}}')


def _unknown(query: Query, name: str) -> Issue:
    near = nearest(name, (param.name for param in query.params))
    hint = f"did you mean {near}?" if near else ""
    return Issue("error", f"{query.name} has no parameter {name}", query.name, hint)
