"""The terms of a query, read one after the other from its tokens (SPARQL 1.1 §19.8, GraphNode)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NoReturn

from service.sparql.text import Refused, Token, iri_of

END: Final = Token("mark", "", -1)
"""What comes after the last token."""


@dataclass(frozen=True, slots=True)
class Node:
    """A term or a list as it is written: a variable's name, an IRI, a string in its quotation
    marks.

    `other` is any term that none of those is: a number, a blank node.
    """

    kind: Literal["variable", "iri", "string", "list", "other"]
    text: str
    start: int
    end: int
    items: tuple[Node, ...] = ()


class Terms(ABC):
    """Reads terms; what stands in […] is for who reads statements."""

    def __init__(self, found: Sequence[Token], prefixes: Mapping[str, str], base: str) -> None:
        self._tokens = found
        self._prefixes, self._base = prefixes, base
        self._at = 0

    @abstractmethod
    def described(self) -> None:
        """Read the pairs up to the bracket that closes […]."""

    def peek(self, ahead: int = 0) -> Token:
        """A token that comes, END where there are no more."""
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else END

    def take(self) -> Token:
        """The next token. Raises Refused at the end."""
        token = self.peek()
        if token is END:
            self.refuse("the query ends too soon", self._tokens[-1])
        self._at += 1
        return token

    def sees(self, marks: str, ahead: int = 0) -> bool:
        """Whether one of these marks comes."""
        token = self.peek(ahead)
        return token.kind == "mark" and token.text in marks and token is not END

    def expect(self, mark: str) -> Token:
        """A mark, taken. Raises Refused where it is not there."""
        if not self.sees(mark):
            self.refuse(f"{mark} was expected here")
        return self.take()

    def refuse(self, why: str, token: Token | None = None) -> NoReturn:
        """Raise Refused at a token, or at the next one."""
        raise Refused("bad-query", why, (token or self.peek()).at)

    def iri(self, token: Token) -> str:
        """The IRI that a token names."""
        return iri_of(token, self._prefixes, self._base)

    def node(self) -> Node:
        """A term, with the tag or datatype of a string. Raises Refused for what is none."""
        token = self.take()
        end = token.at + len(token.text)
        match token.kind, token.text:
            case "mark", "(":
                return self._list(token)
            case "mark", "[":
                self.described()
                return Node("other", "", token.at, self.expect("]").at + 1)
            case "variable", written:
                return Node("variable", written[1:], token.at, end)
            case "iri" | "name", _:
                return Node("iri", self.iri(token), token.at, end)
            case "string", written:
                return Node("string", written, token.at, self._behind(token))
            case "number" | "blank", written:
                return Node("other", written, token.at, end)
            case "mark", "+" | "-" if self.peek().kind == "number":
                last = self.take()
                return Node("other", "", token.at, last.at + len(last.text))
            case "word", "true" | "false" as written:
                return Node("other", written, token.at, end)
        self.refuse("beside a search, this cannot be read here", token)

    def _list(self, opening: Token) -> Node:
        items = []
        while not self.sees(")"):
            items.append(self.node())
        return Node("list", "", opening.at, self.take().at + 1, tuple(items))

    def _behind(self, string: Token) -> int:
        """The end of what belongs to a string."""
        last = string
        if self.peek().kind == "tag":
            last = self.take()
        elif self.sees("^") and self.sees("^", 1):
            self._at += 2
            last = self.take()
        return last.at + len(last.text)
