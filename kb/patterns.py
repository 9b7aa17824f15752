"""Triple patterns of the rules in `derived/*.rq`, read from their SPARQL.

Only what such a rule may hold is read: a template, triple patterns, FILTER, BIND and subqueries.
Paths are a property followed by `+`. https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kb.quads import RDF

_TOKEN: Final = re.compile(
    r"""(?P<space>(?:\s+|\#[^\n]*)+)
      | (?P<iri><[^<>"{}|^`\\\s]*>)
      | (?P<var>\?\w+)
      | (?P<text>"(?:[^"\\]|\\.)*"(?:@[\w-]+)?)
      | (?P<name>[A-Za-z][\w-]*:(?:[\w-]|\.(?=\w))*)
      | (?P<word>[A-Za-z]+)
      | (?P<number>\d+)
      | (?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
_VARIABLE: Final = re.compile(r"\?(\w+)")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A triple pattern: variables as `?name`, other terms as N-Triples; `path` for one or more."""

    subject: str
    predicate: str
    object: str
    path: bool = False

    @property
    def terms(self) -> tuple[str, str, str]:
        """Subject, predicate and object."""
        return self.subject, self.predicate, self.object

    def bound(self, values: Mapping[str, str]) -> Pattern:
        """With terms in place of variables; `values` are by names without the question mark."""
        subject, predicate, value = (values.get(t[1:], t) if t[0] == "?" else t for t in self.terms)
        return Pattern(subject, predicate, value, self.path)

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate}{'+' if self.path else ''} {self.object} ."


@dataclass(frozen=True, slots=True)
class Construct:
    """A CONSTRUCT: the patterns of its template and of its body, and the texts of both.

    `group` are the variables of GROUP BY where the body counts, else empty; `members` is the text
    within which the patterns of the body stand: the innermost group.
    """

    template: tuple[Pattern, ...]
    body: tuple[Pattern, ...]
    group: tuple[str, ...]
    prologue: str
    head: str
    where: str
    members: str


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    word: str
    start: int
    end: int


def variables(text: str) -> set[str]:
    """The variables of a text, without their question marks."""
    return set(_VARIABLE.findall(text))


def substituted(text: str, values: Mapping[str, str]) -> str:
    """A text of patterns with terms in place of variables."""
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def read(text: str) -> Construct:
    """A rule's CONSTRUCT. ValueError where it is none, or has what no rule may have."""
    return _Reader(text).construct()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [
            _Token(found.lastgroup or "", found[0], found.start(), found.end())
            for found in _TOKEN.finditer(text)
            if found.lastgroup != "space"
        ]
        self._at = 0
        self._prefixes: dict[str, str] = {}
        self._group: tuple[str, ...] = ()
        self._members = ""

    def construct(self) -> Construct:
        while self._word() == "PREFIX":
            self._next()
            name = self._next().word
            self._prefixes[name] = self._next().word[1:-1]
        prologue = self._text[: self._take("CONSTRUCT").start]
        template, head = self._braces()
        self._take("WHERE")
        body, where = self._braces()
        if self._at != len(self._tokens):
            raise ValueError(f"{self._word()} stands after the end of the query")
        members = self._members or where
        return Construct(template, body, self._group, prologue, head, where, members)

    def _braces(self) -> tuple[tuple[Pattern, ...], str]:
        start = self._take("{").end
        found: list[Pattern] = []
        while self._word() != "}":
            found += self._element()
        return tuple(found), self._text[start : self._next().start]

    def _element(self) -> Iterator[Pattern]:
        match self._word():
            case "FILTER" | "BIND":
                self._next()
                self._brackets()
            case ".":
                self._next()
            case "{":
                yield from self._subquery()
            case _:
                yield from self._triples()

    def _subquery(self) -> tuple[Pattern, ...]:
        self._take("{")
        self._take("SELECT")
        while self._word() != "WHERE":
            self._next()
        self._next()
        body, text = self._braces()
        self._members = self._members or text
        if self._word() == "GROUP":
            self._next()
            self._take("BY")
            group = []
            while self._word().startswith("?"):
                group.append(self._next().word[1:])
            self._group = tuple(group)
        self._take("}")
        return body

    def _triples(self) -> Iterator[Pattern]:
        subject = self._term()
        while True:
            predicate = self._term()
            path = self._word() == "+"
            if path:
                self._next()
            yield Pattern(subject, predicate, self._term(), path)
            while self._word() == ",":
                self._next()
                yield Pattern(subject, predicate, self._term(), path)
            if self._word() != ";":
                return
            self._next()

    def _term(self) -> str:
        token = self._next()
        match token.kind:
            case "iri" | "var" | "text":
                return token.word
            case "name":
                prefix, _, local = token.word.partition(":")
                if f"{prefix}:" not in self._prefixes:
                    raise ValueError(f"the prefix {prefix}: is not declared")
                return f"<{self._prefixes[f'{prefix}:']}{local}>"
            case "word" if token.word == "a":
                return f"<{RDF}type>"
        raise ValueError(f"{token.word} is no term of a rule")

    def _brackets(self) -> None:
        depth = 0
        while True:
            depth += {"(": 1, ")": -1}.get(self._next().word, 0)
            if depth == 0:
                return

    def _word(self) -> str:
        return self._tokens[self._at].word if self._at < len(self._tokens) else ""

    def _take(self, word: str) -> _Token:
        token = self._next()
        if token.word != word:
            raise ValueError(f"{token.word} stands where {word} should")
        return token

    def _next(self) -> _Token:
        if self._at == len(self._tokens):
            raise ValueError("the query has no end")
        self._at += 1
        return self._tokens[self._at - 1]
