"""What is searched for: words and phrases joined by AND, OR, NOT and brackets.

    社区 清单                 both words (AND may be left out)
    社区 AND NOT (台账 OR 证明)  NOT binds closest, then AND, then OR
    "权随责走" OR “费随事转”     quotation marks keep blanks, brackets and operators as they are
    三（五）                   a bracket that opens and closes within a word is part of it
    \\"                       a character after a backslash is that character

Operators are in capitals. White space of any width parts words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from kb.search_fold import tokens_of
from kb.search_symbols import BadSearch, Symbol, symbols

MAX_LENGTH: Final = 2000
MAX_PHRASES: Final = 100
# FTS5 reads with a stack of 100 places, of which a bracket takes three.
MAX_DEPTH: Final = 20


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that follow one another."""

    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Two searches: both hold, either does, or the first and not the second."""

    how: Literal["AND", "OR", "NOT"]
    left: Search
    right: Search


Search: TypeAlias = Phrase | Joined


def read_search(text: str) -> Search:
    """The search that a text asks for. Raises BadSearch.

    It always has something that must be there: what only leaves out would find nearly all texts.
    """
    if len(text) > MAX_LENGTH:
        why = f"检索式不得超过{MAX_LENGTH}字", f"a search has at most {MAX_LENGTH} characters"
        raise BadSearch(*why, MAX_LENGTH + 1)
    reader = _Reader(tuple(symbols(text)), len(text) + 1)
    if not reader.symbols:
        raise BadSearch("没有输入检索词", "there is nothing to search for", 1)
    found = reader.either(0)
    if reader.next():
        raise BadSearch("这个括号没有对应的左括号", "this bracket was never opened", reader.column)
    if found.without:
        why = "只有排除词，没有必须出现的词", "there is only what must not be there"
        raise BadSearch(*why, reader.symbols[0].column)
    return found.search


def fts5(search: Search) -> str:
    """The search in the language of FTS5 (https://www.sqlite.org/fts5.html, section 3)."""
    if isinstance(search, Phrase):
        # No token has a quotation mark in it: those of ASCII are other characters by then.
        return f'"{" ".join(search.tokens)}"'
    # Its operators group to the left as well: without brackets a long chain nests in nothing.
    chained = isinstance(search.left, Phrase) or search.left.how == search.how
    left = fts5(search.left) if chained else f"({fts5(search.left)})"
    single = isinstance(search.right, Phrase)
    right = fts5(search.right) if single else f"({fts5(search.right)})"
    return f"{left} {search.how} {right}"


def wanted(search: Search) -> Iterator[Phrase]:
    """The phrases that make a text a hit, for marking them: not those it must be without."""
    match search:
        case Phrase():
            yield search
        case Joined("NOT", left, _):
            yield from wanted(left)
        case Joined(_, left, right):
            yield from wanted(left)
            yield from wanted(right)


@dataclass(frozen=True, slots=True)
class _Found:
    """A search, or (`without`) all but what it finds: FTS5 knows NOT between two searches only."""

    search: Search
    without: bool = False


class _Reader:
    """either := both (OR both)*, both := one (AND? one)*, one := NOT one | (either) | phrase."""

    def __init__(self, found: tuple[Symbol, ...], end: int) -> None:
        self.symbols = found
        self._end = end
        self._at = 0
        self._phrases = 0

    def next(self) -> str:
        """The kind of the symbol that comes next; empty at the end."""
        return self.symbols[self._at].kind if self._at < len(self.symbols) else ""

    @property
    def column(self) -> int:
        """Where it stands."""
        return self.symbols[self._at].column if self._at < len(self.symbols) else self._end

    def either(self, depth: int) -> _Found:
        """Searches joined by OR."""
        found = self._both(depth)
        while self.next() == "OR":
            self._at += 1
            found = _or(found, self._both(depth))
        return found

    def _both(self, depth: int) -> _Found:
        found = self._one(depth)
        while self.next() in ("AND", "NOT", "(", "phrase"):
            self._at += self.next() == "AND"
            found = _and(found, self._one(depth))
        return found

    def _one(self, depth: int) -> _Found:
        column = self.column
        if depth > MAX_DEPTH:
            raise BadSearch(f"嵌套超过{MAX_DEPTH}层", f"nested more than {MAX_DEPTH} deep", column)
        match self.next():
            case "NOT":
                self._at += 1
                found = self._one(depth + 1)
                return _Found(found.search, not found.without)
            case "(":
                self._at += 1
                found = self.either(depth + 1)
                if self.next() != ")":
                    raise BadSearch("括号没有闭合", "this bracket is not closed", column)
                self._at += 1
                return found
            case "phrase":
                return self._phrase()
            case "":
                raise BadSearch("此处缺少检索词", "a word is missing at the end", column)
            case other:
                raise BadSearch(
                    f"“{other}”前缺少检索词", f"a word is missing before {other}", column
                )

    def _phrase(self) -> _Found:
        symbol = self.symbols[self._at]
        tokens = tuple(tokens_of(symbol.text))
        if not tokens:
            raise BadSearch("检索词是空的", "this word is empty", symbol.column)
        self._phrases += 1
        if self._phrases > MAX_PHRASES:
            why = f"检索词不得超过{MAX_PHRASES}个", f"a search has at most {MAX_PHRASES} words"
            raise BadSearch(*why, symbol.column)
        self._at += 1
        return _Found(Phrase(tokens))


def _and(one: _Found, other: _Found) -> _Found:
    match one.without, other.without:
        case False, False:
            return _Found(Joined("AND", one.search, other.search))
        case False, True:
            return _Found(Joined("NOT", one.search, other.search))
        case True, False:
            return _Found(Joined("NOT", other.search, one.search))
        case _:
            return _Found(Joined("OR", one.search, other.search), without=True)


def _or(one: _Found, other: _Found) -> _Found:
    """By De Morgan: what either finds is all but what both leave out."""
    both = _and(_Found(one.search, not one.without), _Found(other.search, not other.without))
    return _Found(both.search, not both.without)
